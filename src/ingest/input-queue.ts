import type { Input } from '../sources/input.ts';
import { SMALL_FILE_BYTES } from './decode-protocol.ts';

/** A small file of this machine. */
export interface SmallInputFile extends Input {
  readonly path: string;
  readonly size: number;
}

/** What one decoding thread is to do next: decode small files together, as long as there are some, or an input alone. */
type Work =
  | { readonly kind: 'small'; readonly files: readonly SmallInputFile[] }
  | { readonly kind: 'alone'; readonly input: Input };

/** Of files that are decoded together: how many, and their bytes. */
const MOST_FILES = 64;
const MOST_BYTES = 1_048_576;

/**
 * Inputs that wait to be decoded, in order. Small files are decoded together, by few of the threads, since that takes a quarter of
 * what is done with their records then; those that turn out to be anything else are put aside, for whichever thread is free.
 */
export class InputQueue {
  readonly #inputs: readonly Input[];
  readonly #isAlone: (input: Input) => boolean;
  readonly #mostSmall: number;
  #at = 0;
  #aside: Input[] = [];
  /** How many threads decode small files. */
  #small = 0;
  #waiting: (() => void)[] = [];

  /**
   * @param isAlone says which inputs are not decoded together with others, however small they are
   * @param mostSmall threads that decode small files, at most
   */
  constructor(inputs: readonly Input[], isAlone: (input: Input) => boolean, mostSmall: number) {
    this.#inputs = inputs;
    this.#isAlone = isAlone;
    this.#mostSmall = mostSmall;
  }

  /** What is to be done next; waits while that depends on threads that decode small files. Null: nothing. Who is given small files says `endSmall` in the end. */
  async take(): Promise<Work | null> {
    for (;;) {
      const aside = this.#aside.shift();
      if (aside !== undefined) return { kind: 'alone', input: aside };
      const input = this.#inputs[this.#at];
      if (input !== undefined && !this.#isSmall(input)) {
        this.#at++;
        return { kind: 'alone', input };
      }
      if (input !== undefined && this.#small < this.#mostSmall) {
        this.#small++;
        return { kind: 'small', files: this.nextSmall() };
      }
      if (this.#small === 0) return null;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** More small files, for a thread that decodes them; none if others are before them in the queue, or there are none. */
  nextSmall(): readonly SmallInputFile[] {
    const files: SmallInputFile[] = [];
    let bytes = 0;
    for (let input = this.#inputs[this.#at]; input !== undefined; input = this.#inputs[this.#at]) {
      if (!this.#isSmall(input)) break;
      bytes += input.size;
      if (files.length > 0 && (files.length >= MOST_FILES || bytes > MOST_BYTES)) break;
      files.push(input);
      this.#at++;
    }
    // Those who wait may have the one that is first now.
    this.#wake();
    return files;
  }

  /** These are to be decoded alone. */
  putAside(inputs: readonly Input[]): void {
    this.#aside.push(...inputs);
    if (inputs.length > 0) this.#wake();
  }

  /** A thread decodes no more small files. */
  endSmall(): void {
    this.#small--;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #isSmall(input: Input): input is SmallInputFile {
    return isSmallFile(input) && !this.#isAlone(input);
  }
}

/** Whether an input is a file of this machine that can be decoded together with others. */
export function isSmallFile(input: Input): input is SmallInputFile {
  return typeof input.path === 'string' && input.size !== null && input.size <= SMALL_FILE_BYTES;
}
