import { defaultLayout, transitGatewayLayout } from '../../model/catalog/layouts.ts';
import type { Layout } from '../field-layout.ts';
import { sureJoint } from './joined-records.ts';
import { MAX_LINE_BYTES } from './line-feed.ts';

const LINE_FEED = '\n';

const LONG_BYTES = 65_536;

/** What joins the records of text that starts like this, if its first line, or a long one, holds several; null if lines are lines. */
export function jointOfText(head: Uint8Array, format: Layout | undefined): RegExp | null {
  const firstEnd = head.indexOf(10);
  const lastStart = head.lastIndexOf(10) + 1;
  const lines = [head.subarray(0, firstEnd < 0 ? head.length : firstEnd)];
  if (head.length - lastStart >= LONG_BYTES) lines.push(head.subarray(lastStart));
  for (const line of lines) {
    const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1');
    for (const layout of [format?.names, defaultLayout, transitGatewayLayout]) {
      const joint = layout === undefined ? null : sureJoint(layout);
      if (joint !== null && text.split(joint).length > 2) return joint;
    }
  }
  return null;
}

/**
 * The same text with a line feed between records: joined ones may make a line as long as the file, and only a line is
 * held in memory. What is left over from a chunk is at most a line.
 */
export async function* withRecordsApart(
  bytes: AsyncIterable<Uint8Array>,
  joint: RegExp,
): AsyncGenerator<Uint8Array> {
  let left = '';
  for await (const chunk of bytes) {
    // A byte a character, and back: nothing but ASCII is looked for.
    const text = left + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    const pieces = text.split(joint);
    left = pieces.pop() ?? '';
    if (pieces.length > 0) yield Buffer.from(pieces.join(LINE_FEED) + LINE_FEED, 'latin1');
    if (left.length > MAX_LINE_BYTES) {
      yield Buffer.from(left, 'latin1');
      left = '';
    }
  }
  if (left !== '') yield Buffer.from(left, 'latin1');
}
