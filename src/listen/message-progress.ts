import { handshakeOf } from './protocols/client-hello.ts';

const TLS_HANDSHAKE = 0x16;
const FEED = 0x0a;

/**
 * Tells when the first message of a visit is complete: an HTTP request with its body, or a TLS ClientHello. Of other
 * protocols it never is. What came before is not looked through again, so that many small pieces cost no more than one.
 */
export class MessageProgress {
  #kind: 'unknown' | 'http' | 'tls' | 'other' = 'unknown';
  /** Where to look on; of TLS, how many bytes there must be before it is worth looking again. */
  #searched = 0;
  /** Bytes of the message, once its head is complete; -1: it ends in the last chunk of a chunked body. */
  #length: number | null = null;

  get kind(): 'unknown' | 'http' | 'tls' | 'other' {
    return this.#kind;
  }

  /** @param bytes all that came so far */
  isComplete(bytes: Buffer): boolean {
    if (this.#kind === 'unknown') this.#kind = this.#kindOf(bytes);
    switch (this.#kind) {
      case 'tls':
        return this.#tlsComplete(bytes);
      case 'http':
        return this.#httpComplete(bytes);
      case 'unknown':
      case 'other':
        return false;
    }
  }

  #kindOf(bytes: Buffer): 'unknown' | 'http' | 'tls' | 'other' {
    if (bytes[0] === TLS_HANDSHAKE && (bytes.length < 2 || bytes[1] === 3)) return 'tls';
    const feed = bytes.indexOf(FEED, this.#searched);
    if (feed < 0) {
      this.#searched = bytes.length;
      return 'unknown';
    }
    this.#searched = feed;
    const line = bytes.toString('latin1', 0, feed);
    if (line.startsWith('PRI * HTTP/2')) return 'other';
    if (/ HTTP\/\d(\.\d)?\s*$/.test(line)) return 'http';
    if (!/^(GET|HEAD|POST) +\/\S*\s*$/.test(line)) return 'other';
    // HTTP/0.9: the line is all.
    this.#length = feed + 1;
    return 'http';
  }

  #tlsComplete(bytes: Buffer): boolean {
    if (bytes.length < this.#searched) return false;
    const { missing } = handshakeOf(bytes);
    this.#searched = bytes.length + missing;
    return missing === 0;
  }

  #httpComplete(bytes: Buffer): boolean {
    if (this.#length === null) {
      const headEnd = this.#findHeadEnd(bytes);
      if (headEnd < 0) return false;
      this.#length = messageLength(bytes.toString('latin1', 0, headEnd), headEnd);
    }
    if (this.#length >= 0) return bytes.length >= this.#length;
    return bytes.length >= 5 && bytes.toString('latin1', bytes.length - 5) === '0\r\n\r\n';
  }

  /** Where the body begins: after an empty line. */
  #findHeadEnd(bytes: Buffer): number {
    for (;;) {
      const feed = bytes.indexOf(FEED, this.#searched);
      if (feed < 0) {
        this.#searched = bytes.length;
        return -1;
      }
      const after = bytes[feed + 1];
      if (after === FEED) return feed + 2;
      if (after === 0x0d && bytes[feed + 2] === FEED) return feed + 3;
      if (after === undefined || (after === 0x0d && bytes.length <= feed + 2)) {
        // The rest of the empty line may come yet.
        this.#searched = feed;
        return -1;
      }
      this.#searched = feed + 1;
    }
  }
}

/** @returns -1 for a chunked body */
function messageLength(head: string, headEnd: number): number {
  if (/\r?\ntransfer-encoding:[^\n]*chunked/i.test(head)) return -1;
  const length = Number(/\r?\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n/i.exec(head)?.[1] ?? 0);
  return headEnd + length;
}
