/** Reads numbers and parts of bytes one after another. Past the end it gives zeros and empty parts, and is `cut`. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;
  #cut = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Whether more was asked for than there is. */
  get cut(): boolean {
    return this.#cut;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A number of 1 to 6 bytes, most significant first. */
  number(bytes: number): number {
    const part = this.part(bytes);
    return part.length === bytes ? part.readUIntBE(0, bytes) : 0;
  }

  /** The next bytes, or those that are left. */
  part(bytes: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + bytes);
    this.#at += part.length;
    if (part.length < bytes) this.#cut = true;
    return part;
  }

  /** A part whose length stands before it, in so many bytes. */
  counted(lengthBytes: number): ByteReader {
    const reader = new ByteReader(this.part(this.number(lengthBytes)));
    if (this.#cut) reader.#cut = true;
    return reader;
  }

  rest(): Buffer {
    return this.part(this.left);
  }

  /** Numbers of two bytes each, to the end. */
  pairs(): number[] {
    const numbers: number[] = [];
    while (this.left >= 2) numbers.push(this.number(2));
    return numbers;
  }
}
