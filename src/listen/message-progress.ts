import { ChunkedBody } from './chunked-body.ts';
import { handshakeOf } from './protocols/client-hello.ts';
import {
  END_HEADERS,
  END_STREAM,
  frameAt,
  CONTINUATION,
  HEADERS,
  PREFACE,
} from './protocols/http2-frames.ts';
import { blankLines } from './protocols/http.ts';

const TLS_HANDSHAKE = 0x16;
const FEED = 0x0a;

type Kind = 'unknown' | 'http' | 'http2' | 'tls' | 'other';

/**
 * Tells when the first message of a visit is complete: an HTTP request with its body, or a TLS ClientHello. Of other
 * protocols it never is. What came before is not looked through again, so that many small pieces cost no more than one.
 */
export class MessageProgress {
  #kind: Kind = 'unknown';
  /** Where to look on; of TLS, how many bytes there must be before it is worth looking again. */
  #searched = 0;
  /** Bytes of the message, once its head is complete. */
  #length: number | null = null;
  /** A body whose length its chunks tell. */
  #chunks: ChunkedBody | null = null;
  /** Of HTTP/2: the first request's number, and whether its headers and all of it have come. */
  #stream = 0;
  #headersEnded = false;
  #streamEnded = false;

  get kind(): Kind {
    return this.#kind;
  }

  /** The number of the request in an HTTP/2 connection; 0: there was none. */
  get stream(): number {
    return this.#stream;
  }

  /** @param bytes all that came so far */
  isComplete(bytes: Buffer): boolean {
    if (this.#kind === 'unknown') this.#kind = this.#kindOf(bytes);
    switch (this.#kind) {
      case 'tls':
        return this.#tlsComplete(bytes);
      case 'http':
        return this.#httpComplete(bytes);
      case 'http2':
        return this.#http2Complete(bytes);
      case 'unknown':
      case 'other':
        return false;
    }
  }

  #kindOf(bytes: Buffer): Kind {
    if (bytes[0] === TLS_HANDSHAKE && (bytes.length < 2 || bytes[1] === 3)) return 'tls';
    const start = blankLines(bytes);
    const feed = bytes.indexOf(FEED, Math.max(start, this.#searched));
    if (feed < 0) {
      this.#searched = bytes.length;
      return 'unknown';
    }
    this.#searched = feed;
    const line = bytes.toString('latin1', start, feed);
    if (start === 0 && line.startsWith('PRI * HTTP/2')) {
      this.#searched = PREFACE.length;
      return 'http2';
    }
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

  /** Looks at each frame once, when all of it has come. */
  #http2Complete(bytes: Buffer): boolean {
    while (!(this.#headersEnded && this.#streamEnded)) {
      const frame = frameAt(bytes, this.#searched);
      if (frame === null || !frame.whole) return false;
      this.#searched = frame.next;
      const { type, flags, stream } = frame;
      if (type === HEADERS && this.#stream === 0) this.#stream = stream;
      if (stream !== this.#stream || stream === 0) continue;
      if (type === HEADERS || type === CONTINUATION) this.#headersEnded ||= (flags & END_HEADERS) !== 0;
      // It stands in the frame that begins the headers, or in the last of the body.
      if (type !== CONTINUATION && type <= HEADERS) this.#streamEnded ||= (flags & END_STREAM) !== 0;
    }
    return true;
  }

  #httpComplete(bytes: Buffer): boolean {
    if (this.#chunks !== null) return this.#chunks.isComplete(bytes);
    if (this.#length === null) {
      const headEnd = this.#findHeadEnd(bytes);
      if (headEnd < 0) return false;
      const head = bytes.toString('latin1', 0, headEnd);
      if (isChunked(head)) {
        this.#chunks = new ChunkedBody(headEnd);
        return this.#chunks.isComplete(bytes);
      }
      this.#length = headEnd + contentLength(head);
    }
    return bytes.length >= this.#length;
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

/** Chunks count more than a length that is said, too (RFC 9112, 6.3). */
function isChunked(head: string): boolean {
  return /\r?\ntransfer-encoding:[^\n]*chunked/i.test(head);
}

function contentLength(head: string): number {
  return Number(/\r?\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n/i.exec(head)?.[1] ?? 0);
}
