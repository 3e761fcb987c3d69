import type { DecodedPart } from '../../model/record/decoded.ts';
import type { Layout } from '../layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineReader } from '../text/line-reader.ts';
import { CsvReader } from './csv-reader.ts';
import { RowFeed } from './row-feed.ts';
import type { Table } from './table-of.ts';

/** Decodes a table. Yields parts as they fill up; the last stays in the builder. */
export async function* decodeCsv(
  { separator }: Table,
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const feed = new RowFeed(new CsvReader(builder, new LineReader(builder, format), separator), separator);
  for await (const chunk of bytes) {
    feed.push(chunk);
    yield* builder.drain();
  }
  feed.end();
  yield* builder.drain();
}
