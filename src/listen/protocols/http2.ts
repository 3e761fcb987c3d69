import type { Parser } from './recognized.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** HTTP/2 without TLS, by the preface that each client sends (RFC 9113, 3.4). Its headers are compressed, and not read. */
export const parseHttp2: Parser = (bytes) => {
  const length = Math.min(bytes.length, PREFACE.length);
  // The first line is enough: no method of HTTP/1 is called so.
  if (length < 16 || !bytes.subarray(0, length).equals(PREFACE.subarray(0, length))) return null;
  return { kind: 'http2' };
};
