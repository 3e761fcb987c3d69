import type { DecodedPart } from '../model/record/decoded-part.ts';
import { isTar, isZip } from './container/archive-kind.ts';
import { binaryKind } from './container/binary-kind.ts';
import { gunzipSmall, isGzip } from './container/gunzip.ts';
import { PEEK_BYTES } from './container/unwrap.ts';
import { isZstd } from './container/zstd-frames.ts';
import { tableOf } from './csv/table-of.ts';
import { BATCH_ROWS } from './decode.ts';
import { utf16Of } from './encoding/utf16.ts';
import { isHeader, type Layout } from './field-layout.ts';
import { isJson } from './json/decode-json.ts';
import { FlowEvidence } from './kinds/flow-evidence.ts';
import { TEXT_OF_ANOTHER_KIND, textKind } from './kinds/text-kind.ts';
import { isParquet } from './parquet/parquet-source.ts';
import { borrowBuilder, giveBackBuilder } from './part/idle-builders.ts';
import { jointOfText } from './text/joined-text.ts';
import { LineFeed, MAX_LINE_BYTES } from './text/line-feed.ts';
import { LineReader } from './text/line-reader.ts';

/** What is unpacked at once. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Where a listener's visits would be seen. */
const PROBE_BYTES = 65_536;
const LONGEST_HEADER = 4_096;
const LINE_FEED = 10;
const BRACE = 0x7b;

/**
 * Decodes a small input that is the most usual thing, at once: flow-log text, as it is or compressed by gzip, in a single
 * part, which is the same as that of `decode`. Null: it is anything else, or there is anything wrong with it; `decode` tells.
 */
export function decodeSmall(bytes: Uint8Array, format: Layout | undefined): DecodedPart | null {
  const content = isGzip(bytes) ? gunzipSmall(bytes, MOST_BYTES) : bytes;
  if (content === null) return null;
  const builder = borrowBuilder(BATCH_ROWS);
  try {
    if (!isPlainFlowLog(content, format)) return null;
    const evidence = new FlowEvidence();
    const feed = new LineFeed(new LineReader(builder, format, evidence), MAX_LINE_BYTES);
    feed.push(content);
    feed.end();
    evidence.check(true, TEXT_OF_ANOTHER_KIND);
    return builder.isFirst ? builder.finish() : null;
  } catch {
    return null;
  } finally {
    giveBackBuilder(builder);
  }
}

/** The first line of the last input that had a header: most have the same. */
let usualHeader: Buffer | null = null;

/** Whether text is read as lines, just as it is. Throws what looking at it throws. */
function isPlainFlowLog(text: Uint8Array, format: Layout | undefined): boolean {
  const firstEnd = text.indexOf(LINE_FEED);
  if (firstEnd < 0 || text[text.length - 1] === 0 || text[0] === 0xef) return false;
  if (isGzip(text) || isZstd(text) || isZip(text) || isTar(text) || isParquet(text)) return false;
  if (binaryKind(text) !== null || utf16Of(text) !== null) return false;
  if (text.subarray(0, PROBE_BYTES).includes(BRACE)) return false;
  const first = text.subarray(0, firstEnd);
  const endsWell = text[text.length - 1] === LINE_FEED;
  if (format === undefined && endsWell && usualHeader?.equals(first) === true) return true;
  if (isJson(text) || tableOf(text) !== null || jointOfText(text, format) !== null) return false;
  if (format === undefined && textKind(text, text.length < PEEK_BYTES) !== null) return false;
  // A header answers all that was asked here; only a last line without an end could say otherwise.
  if (first.length < LONGEST_HEADER && isHeader(Buffer.from(first).toString('utf8').trim().split(/\s+/)))
    usualHeader = Buffer.from(first);
  return true;
}
