import type { DecodedPart } from '../../model/record/decoded.ts';
import type { Layout } from '../layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineReader } from '../text/line-reader.ts';
import { csvHeader } from './csv-header.ts';
import { CsvReader } from './csv-reader.ts';
import { RowFeed } from './row-feed.ts';

/** Whether text that starts like this is CSV: its first row is a header that we know. */
export function isCsv(head: Uint8Array): boolean {
  const lineEnd = head.indexOf(10);
  const line = head.subarray(0, Math.min(lineEnd < 0 ? head.length : lineEnd, 16_384));
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8').replace(/\r$/, '');
  // A text header of one field has no comma either: `message` is no field, so they can't be mixed up.
  return csvHeader(text) !== null;
}

/** Decodes CSV. Yields parts as they fill up; the last stays in the builder. */
export async function* decodeCsv(
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const feed = new RowFeed(new CsvReader(builder, new LineReader(builder, format)));
  for await (const chunk of bytes) {
    feed.push(chunk);
    yield* builder.drain();
  }
  feed.end();
  yield* builder.drain();
}
