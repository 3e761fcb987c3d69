import type { DecodedPart } from '../../model/record/decoded.ts';
import type { Layout } from '../layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineFeed } from './line-feed.ts';
import { MAX_LINE_BYTES } from './line-parser.ts';
import { LineReader } from './line-reader.ts';

/** Decodes flow-log text. Yields parts as they fill up; the last stays in the builder. */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const feed = new LineFeed(new LineReader(builder, format), MAX_LINE_BYTES);
  for await (const chunk of bytes) {
    feed.push(chunk);
    yield* builder.drain();
  }
  feed.end();
  yield* builder.drain();
}
