import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { FlowEvidence } from '../kinds/flow-evidence.ts';
import { TEXT_OF_ANOTHER_KIND } from '../kinds/text-kind.ts';
import type { Layout } from '../field-layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { jointOfText, withRecordsApart } from './joined-text.ts';
import { LineFeed, MAX_LINE_BYTES } from './line-feed.ts';
import { LineReader } from './line-reader.ts';

/** Decodes flow-log text. Yields parts as they fill up; the last stays in the builder. */
export async function* decodeText(
  head: Uint8Array,
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const evidence = new FlowEvidence();
  const feed = new LineFeed(new LineReader(builder, format, evidence), MAX_LINE_BYTES);
  const joint = jointOfText(head, format);
  for await (const chunk of joint === null ? bytes : withRecordsApart(bytes, joint)) {
    feed.push(chunk);
    evidence.check(false, TEXT_OF_ANOTHER_KIND);
    yield* builder.drain();
  }
  feed.end();
  yield* builder.drain();
  evidence.check(true, TEXT_OF_ANOTHER_KIND);
}
