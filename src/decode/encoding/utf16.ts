export type Utf16 = 'utf-16le' | 'utf-16be';

const PROBE_BYTES = 4096;
const LEAST_BYTES = 16;

/** Which UTF-16 bytes are that start like this: by their byte order mark, or since every other one is 0. Null: none. */
export function utf16Of(head: Uint8Array): Utf16 | null {
  if (head[0] === 0xff && head[1] === 0xfe) return head[2] === 0 && head[3] === 0 ? null : 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const length = Math.min(head.length, PROBE_BYTES) & ~1;
  if (length < LEAST_BYTES) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (head[at] === 0) even += 1;
    if (head[at + 1] === 0) odd += 1;
  }
  const most = (length / 2) * 0.9;
  const few = (length / 2) * 0.1;
  if (odd >= most && even <= few) return 'utf-16le';
  return even >= most && odd <= few ? 'utf-16be' : null;
}

/** The same text in UTF-8, chunk by chunk. */
export async function* utf16ToUtf8(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Utf16,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}
