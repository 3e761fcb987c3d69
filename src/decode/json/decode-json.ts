import { PeepholeError } from '../../model/errors.ts';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { FlowEvidence } from '../kinds/flow-evidence.ts';
import type { Layout } from '../field-layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineFeed } from '../text/line-feed.ts';
import { LineReader } from '../text/line-reader.ts';
import { EventReader } from './event-reader.ts';
import { JsonLines } from './json-lines.ts';
import { MAX_VALUE_BYTES, ValueSplitter } from './value-splitter.ts';

const LINE_FEED = 10;
/** What JSON is of which nobody can tell what it is. */
const OTHERWISE = 'JSON of another kind';
const JSON_START = /^\s*(?:\{\s*["}]|\[\s*(?:[{["\]]|$)|[{[]\s*$)/;

/** Whether text that starts like this is JSON. */
export function isJson(head: Uint8Array): boolean {
  return JSON_START.test(beginning(head, 1024));
}

/**
 * Decodes JSON: a value a line, values one after another, or one array of them.
 * Yields parts as they fill up; the last stays in the builder.
 *
 * @throws PeepholeError `unreadable_input` if it ends inside a value (a value a line: that line is quarantined),
 * or if there is no flow-log record in any of it (then `details.notFlowLogs` is true).
 */
export async function* decodeJson(
  head: Uint8Array,
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  const evidence = new FlowEvidence();
  const events = new EventReader(builder, new LineReader(builder, format, evidence), evidence);
  const splitter = new ValueSplitter(events);
  const feed = hasValueALine(head) ? new LineFeed(new JsonLines(events), MAX_VALUE_BYTES) : splitter;
  for await (const chunk of bytes) {
    feed.push(chunk);
    evidence.check(false, OTHERWISE);
    yield* builder.drain();
  }
  feed.end();
  yield* builder.drain();
  if (!splitter.complete) {
    throw new PeepholeError(
      'unreadable_input',
      'The JSON ends inside a value: the file is incomplete. Fetch it again.',
    );
  }
  evidence.check(true, OTHERWISE);
}

/** Whether the first line is an object of its own: then one broken line spoils no other. */
function hasValueALine(head: Uint8Array): boolean {
  const lineEnd = head.indexOf(LINE_FEED);
  if (lineEnd < 0) return false;
  const line = beginning(head, lineEnd).trim();
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function beginning(head: Uint8Array, length: number): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, length)).toString('utf8');
}
