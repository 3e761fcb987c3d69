const FEED = 0x0a;

/**
 * Tells when a chunked body of HTTP is complete (RFC 9112, 7.1): after the last chunk and its trailers, whatever follows;
 * or where it is no chunked body any more, since no server would read on there. Looks at each byte of a line once.
 */
export class ChunkedBody {
  /** Where the next line begins: the size of a chunk, the empty line after one, or a trailer. */
  #lineAt: number;
  #searched = 0;
  #next: 'size' | 'empty' | 'trailer' = 'size';

  /** @param start where the body begins */
  constructor(start: number) {
    this.#lineAt = start;
  }

  /** @param bytes all that came so far, of the head too */
  isComplete(bytes: Buffer): boolean {
    while (this.#lineAt <= bytes.length) {
      const feed = bytes.indexOf(FEED, Math.max(this.#lineAt, this.#searched));
      if (feed < 0) {
        this.#searched = bytes.length;
        return false;
      }
      const line = bytes.toString('latin1', this.#lineAt, feed).replace(/\r$/, '');
      this.#lineAt = feed + 1;
      if (this.#readLine(line)) return true;
    }
    return false;
  }

  /** @returns whether the body ends with it */
  #readLine(line: string): boolean {
    switch (this.#next) {
      case 'trailer':
        return line === '';
      case 'empty':
        this.#next = 'size';
        return line !== '';
      case 'size': {
        const size = /^[0-9a-f]{1,8}(?=[ \t;]|$)/i.exec(line)?.[0];
        if (size === undefined) return true;
        const length = Number.parseInt(size, 16);
        this.#next = length === 0 ? 'trailer' : 'empty';
        this.#lineAt += length;
        return false;
      }
    }
  }
}
