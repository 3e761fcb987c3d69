import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { FlowEvidence } from '../kinds/flow-evidence.ts';
import type { Layout } from '../field-layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineReader } from '../text/line-reader.ts';
import { CsvReader } from './csv-reader.ts';
import { RowFeed } from './row-feed.ts';
import type { Table } from './table-of.ts';

const OTHERWISE = 'a table of messages of another kind';

/** Decodes a table. Yields parts as they fill up; the last stays in the builder. */
export async function* decodeCsv(
  { separator }: Table,
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const evidence = new FlowEvidence();
  const lines = new LineReader(builder, format, evidence);
  const feed = new RowFeed(new CsvReader(builder, lines, separator, evidence), separator);
  for await (const chunk of bytes) {
    feed.push(chunk);
    evidence.check(false, OTHERWISE);
    yield* builder.drain();
  }
  feed.end();
  yield* builder.drain();
  evidence.check(true, OTHERWISE);
}
