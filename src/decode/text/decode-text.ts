import type { Layout } from '../layout.ts';
import type { DecodedPart } from '../../model/record/decoded.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineFeed } from './line-feed.ts';
import { LineReader } from './line-reader.ts';

/** Decodes flow-log text. Yields parts as they fill up; what is left stays in the builder. */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const reader = new LineReader(builder, format);
  const feed = new LineFeed(reader);
  for await (const chunk of bytes) {
    while (!feed.take(chunk)) yield builder.finish();
    if (builder.full) yield builder.finish();
  }
  feed.end();
}
