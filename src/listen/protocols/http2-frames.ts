/** What each client of HTTP/2 sends first (RFC 9113, 3.4). */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** Of RFC 9113, 6: kinds of frames that say something of a request, and their flags. */
export const DATA = 0;
export const HEADERS = 1;
export const CONTINUATION = 9;
export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;

const HEAD = 9;

export interface Http2Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Without padding and priority; what has come of it. */
  readonly payload: Buffer;
  /** Where the next frame begins. */
  readonly next: number;
  /** Whether all of it has come. */
  readonly whole: boolean;
}

/** The frame that begins at a position; null: not even its head has come. */
export function frameAt(bytes: Buffer, at: number): Http2Frame | null {
  if (bytes.length < at + HEAD) return null;
  const length = bytes.readUIntBE(at, 3);
  const type = bytes[at + 3] ?? 0;
  const flags = bytes[at + 4] ?? 0;
  const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
  const next = at + HEAD + length;
  let start = at + HEAD;
  let end = Math.min(next, bytes.length);
  if ((type === DATA || type === HEADERS) && (flags & PADDED) !== 0) {
    end = Math.max(start, Math.min(end, next - (bytes[start] ?? 0)));
    start += 1;
  }
  if (type === HEADERS && (flags & PRIORITY) !== 0) start += 5;
  const payload = bytes.subarray(Math.min(start, end), end);
  return { type, flags, stream, payload, next, whole: next <= bytes.length };
}
