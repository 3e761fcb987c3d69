import type { HttpRequest } from '../../model/visits/visit.ts';
import { escapeLatin1, printable } from '../printable.ts';
import { readHeaderBlock, type HeaderField } from './hpack.ts';
import { CONTINUATION, DATA, END_HEADERS, frameAt, HEADERS, PREFACE } from './http2-frames.ts';
import { MOST_BODY, MOST_HEADERS, MOST_NAME, MOST_PATH, MOST_VALUE } from './http-bounds.ts';
import type { Parser } from './recognized.ts';

/** Those that say what a request line does. */
const MOST_PSEUDO = 8;

/**
 * HTTP/2 without TLS, or within it, by the preface that each client sends (RFC 9113, 3.4), and the first request after it:
 * its headers, unpacked, and the start of its body.
 */
export const parseHttp2: Parser = (bytes) => {
  const length = Math.min(bytes.length, PREFACE.length);
  // The first line is enough: no method of HTTP/1 is called so.
  if (length < 16 || !bytes.subarray(0, length).equals(PREFACE.subarray(0, length))) return null;
  const { block, body } = firstRequest(bytes);
  const headers = readHeaderBlock(block, MOST_HEADERS + MOST_PSEUDO);
  return headers.length === 0 ? { kind: 'http2' } : { kind: 'http2', http: requestOf(headers, body) };
};

/** The header block of the first request, and the start of its body. */
function firstRequest(bytes: Buffer): { readonly block: Buffer; readonly body: Buffer } {
  const block: Buffer[] = [];
  const body: Buffer[] = [];
  let stream = 0;
  let open = true;
  for (let frame = frameAt(bytes, PREFACE.length); frame !== null; frame = frameAt(bytes, frame.next)) {
    if (frame.type === HEADERS && stream === 0) ({ stream } = frame);
    if (frame.stream !== stream || stream === 0) continue;
    if (frame.type === DATA) body.push(frame.payload);
    else if (open && (frame.type === HEADERS || frame.type === CONTINUATION)) {
      block.push(frame.payload);
      // What comes after are trailers.
      open = (frame.flags & END_HEADERS) === 0;
    }
  }
  return { block: Buffer.concat(block), body: Buffer.concat(body) };
}

function requestOf(headers: readonly HeaderField[], body: Buffer): HttpRequest {
  const of = (wanted: string, most = MOST_VALUE): string =>
    escapeLatin1((headers.find(([name]) => name === wanted)?.[1] ?? '').slice(0, most));
  return {
    method: of(':method', MOST_NAME),
    path: of(':path', MOST_PATH),
    version: 'HTTP/2',
    host: of(':authority') || of('host'),
    user_agent: of('user-agent'),
    headers: headers
      .filter(([name]) => !name.startsWith(':'))
      .slice(0, MOST_HEADERS)
      .map(([name, value]) => [
        escapeLatin1(name.slice(0, MOST_NAME)),
        escapeLatin1(value.slice(0, MOST_VALUE)),
      ]),
    body: printable(body, MOST_BODY),
  };
}
