import { PeepholeError } from '../../model/errors.ts';

/** As zstd itself does by default: a frame may ask for so much memory and no more. */
const MAX_WINDOW_BYTES = 134_217_728;

/** A piece of a frame: one block at most. `end`: the frame's last. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  readonly end: boolean;
}

type State = 'magic' | 'skippable' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum';

/** Whether these bytes start as a Zstandard frame does, or as one that is to be skipped. */
export function isZstd(head: Uint8Array): boolean {
  return head.length >= 4 && (isFrame(head) || isSkippable(head));
}

function isFrame(magic: Uint8Array): boolean {
  return magic[0] === 0x28 && magic[1] === 0xb5 && magic[2] === 0x2f && magic[3] === 0xfd;
}

function isSkippable(magic: Uint8Array): boolean {
  return magic[0]! >> 4 === 5 && magic[1] === 0x2a && magic[2] === 0x4d && magic[3] === 0x18;
}

/** Walks over the frames of a Zstandard stream (RFC 8878, 3.1) and cuts it at their ends and their blocks'. */
export class ZstdFrames {
  /** The low half of the content's XXH64 that the last frame to end carried; null if it had none. */
  checksum: number | null = null;
  #state: State = 'magic';
  /** The bytes of what is being collected, as far as they came. */
  readonly #field = Buffer.alloc(16);
  #have = 0;
  #want = 4;
  #descriptor = 0;
  /** Bytes to skip: of a block, or of a frame to be skipped. */
  #left = 0;
  #lastBlock = false;
  /** Bytes of a magic number that an earlier chunk ended with: they may be of a frame to be skipped. */
  #held = 0;

  /** Whether the stream may end here. */
  get complete(): boolean {
    return this.#state === 'magic' && this.#have === 0;
  }

  /** The pieces of frames in a chunk. Throws PeepholeError `unreadable_input` where there can be no frame. */
  *push(chunk: Uint8Array): Generator<FramePiece> {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'body' || (this.#state === 'skippable' && this.#want === 0)) {
        const passed = Math.min(this.#left, chunk.length - at);
        this.#left -= passed;
        at += passed;
      } else {
        while (this.#have < this.#want && at < chunk.length) this.#field[this.#have++] = chunk[at++]!;
        if (this.#have < this.#want) break;
        this.#collected();
        if (this.#held > 0) {
          if (this.#state === 'descriptor') yield { bytes: this.#field.subarray(0, this.#held), end: false };
          this.#held = 0;
        }
      }
      if (this.#left > 0 || this.#have < this.#want) continue;
      // Everything of no length is over at once.
      const done = this.#passed();
      if (done === 'skipped') {
        from = at;
      } else if (done !== null) {
        yield { bytes: chunk.subarray(from, at), end: done === 'frame' };
        from = at;
      }
    }
    if (this.#state === 'magic') {
      this.#held = this.#have;
    } else if (from < chunk.length && this.#state !== 'skippable') {
      yield { bytes: chunk.subarray(from), end: false };
    }
  }

  #enter(state: State, want: number): void {
    this.#state = state;
    this.#have = 0;
    this.#want = want;
  }

  /** Takes a field that is whole. */
  #collected(): void {
    const field = this.#field;
    switch (this.#state) {
      case 'magic':
        if (isFrame(field)) this.#enter('descriptor', 1);
        else if (isSkippable(field)) this.#enter('skippable', 4);
        else throw corrupt('something that is no frame follows');
        break;
      case 'skippable':
        this.#left = field.readUInt32LE(0);
        this.#want = 0;
        this.#have = 0;
        break;
      case 'descriptor':
        this.#descriptor = field[0]!;
        this.#enter('header', headerBytes(this.#descriptor));
        break;
      case 'header':
        break;
      case 'block': {
        const header = field.readUIntLE(0, 3);
        const kind = (header >> 1) & 3;
        if (kind === 3) throw corrupt('a block of no known kind');
        this.#lastBlock = (header & 1) === 1;
        this.#left = kind === 1 ? 1 : header >> 3;
        this.#enter('body', 0);
        break;
      }
      case 'body':
      case 'checksum':
        break;
    }
  }

  /** Goes on after what is over. Says what ended with it, if anything. */
  #passed(): 'block' | 'frame' | 'skipped' | null {
    switch (this.#state) {
      case 'skippable':
        this.#enter('magic', 4);
        return 'skipped';
      case 'header':
        checkWindow(this.#descriptor, this.#field);
        this.#enter('block', 3);
        return null;
      case 'body':
        if (!this.#lastBlock) {
          this.#enter('block', 3);
          return 'block';
        }
        if ((this.#descriptor & 4) !== 0) {
          this.#enter('checksum', 4);
          return null;
        }
        this.checksum = null;
        this.#enter('magic', 4);
        return 'frame';
      case 'checksum':
        this.checksum = this.#field.readUInt32LE(0);
        this.#enter('magic', 4);
        return 'frame';
      case 'magic':
      case 'descriptor':
      case 'block':
        return null;
    }
  }
}

/** How many bytes the header has after its descriptor: window, dictionary id, content size. */
function headerBytes(descriptor: number): number {
  const single = (descriptor >> 5) & 1;
  return 1 - single + dictionaryBytes(descriptor) + sizeBytes(descriptor);
}

function dictionaryBytes(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3]!;
}

function sizeBytes(descriptor: number): number {
  return [(descriptor >> 5) & 1, 2, 4, 8][descriptor >> 6]!;
}

function checkWindow(descriptor: number, header: Buffer): void {
  let window: number;
  if ((descriptor & 0x20) === 0) {
    const base = 2 ** (10 + (header[0]! >> 3));
    window = base + (base / 8) * (header[0]! & 7);
  } else {
    const at = dictionaryBytes(descriptor);
    const size = sizeBytes(descriptor);
    window = size === 8 ? Number(header.readBigUInt64LE(at)) : header.readUIntLE(at, size);
  }
  if (window <= MAX_WINDOW_BYTES) return;
  throw new PeepholeError(
    'unreadable_input',
    `The zstd data needs a window of ${window} bytes, more than the ${MAX_WINDOW_BYTES} allowed. Compress it without --long or --ultra.`,
  );
}

function corrupt(why: string): PeepholeError {
  return new PeepholeError('unreadable_input', `The zstd data is corrupt (${why}). Fetch the file again.`);
}
