/** Each part of any builder has a number of its own. */
let epochs = 0;

/** The distinct texts of one part and their codes. Code 0 is null, and stands for ''. */
export class TextCodes {
  list: string[] = [''];
  /** Characters in `list`, so that a part can be cut before it grows out of hand. */
  size = 0;
  /** Another with every part: codes of another epoch mean nothing. */
  epoch = ++epochs;
  readonly #codes = new Map<string, number>();

  constructor() {
    // V8 compiles what never changed as a constant, and would have to compile the inner loop again
    // when the first part ends.
    this.reset();
  }

  /** The code of a text in this part; -1 if it has a NUL in it, which is not a text. */
  code(text: string): number {
    if (text === '') return 0;
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    if (text.includes('\0')) return -1;
    const code = this.list.length;
    this.#codes.set(text, code);
    this.list.push(text);
    this.size += text.length;
    return code;
  }

  /** Forgets everything; the list that was handed out is left as it is. */
  reset(): void {
    this.list = [''];
    this.size = 0;
    this.epoch = ++epochs;
    this.#codes.clear();
  }
}
