import { peek, type Peeked } from '../container/peek.ts';
import { utf16Of, utf16ToUtf8 } from './utf16.ts';
import { withoutNulTail } from './nul-tail.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * The same text as UTF-8 with line feeds: without a byte order mark, out of UTF-16 (as Excel and Windows write it), with
 * line feeds where it has carriage returns alone, and without the NULs that a crash leaves at the end of a file.
 */
export async function plainText(input: Peeked, peekBytes: number): Promise<Peeked> {
  const encoding = utf16Of(input.head);
  const utf8 =
    encoding === null
      ? withoutMark(input)
      : withoutMark(await peek(utf16ToUtf8(input.all, encoding), peekBytes));
  const { head } = utf8;
  const text = { ...utf8, all: withoutNulTail(utf8.all) };
  const separate = head.includes(LINE_FEED) || !head.includes(CARRIAGE_RETURN);
  return separate ? text : peek(withLineFeeds(text.all), peekBytes);
}

/** The same without the byte order mark that some editors put before UTF-8 text. */
function withoutMark(input: Peeked): Peeked {
  const { head, all } = input;
  if (head[0] !== 0xef || head[1] !== 0xbb || head[2] !== 0xbf) return input;
  return { ...input, head: head.subarray(3), all: skip(all, 3) };
}

async function* skip(bytes: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of bytes) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* withLineFeeds(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield chunk.map((byte) => (byte === CARRIAGE_RETURN ? LINE_FEED : byte));
}
