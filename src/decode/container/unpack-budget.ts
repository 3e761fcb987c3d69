import { PeepholeError } from '../../model/errors.ts';

/** Logs become ten to a hundred times as large when they are unpacked. What becomes more than this is a bomb. */
const MOST_RATIO = 500;
/** Below this nobody minds. */
const FREE_BYTES = 1_073_741_824;

/** What one file may become when all its layers are unpacked. Bytes. */
export class UnpackBudget {
  #packed: number;
  #made = 0;
  readonly #free: number;

  /** `packed`: how large the file is; 0 if `packed()` tells as it is read. `free`: what it may become in any case. */
  constructor(packed = 0, free = FREE_BYTES) {
    this.#packed = packed;
    this.#free = free;
  }

  /** The same bytes, which count as packed ones. */
  async *packed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#packed += chunk.length;
      yield chunk;
    }
  }

  /**
   * The same bytes, which came out of a layer.
   *
   * @throws PeepholeError `unreadable_input` once they are too many.
   */
  async *unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#made += chunk.length;
      if (this.#made > this.#free && this.#made > MOST_RATIO * this.#packed) {
        throw new PeepholeError(
          'unreadable_input',
          `The file becomes more than ${MOST_RATIO} times as large when it is unpacked. No log does: it was made to fill a disk.`,
        );
      }
      yield chunk;
    }
  }
}
