import { PeepholeError } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded.ts';
import { gunzip, isGzip } from './container/gunzip.ts';
import { peek } from './container/peek.ts';
import type { Peeked } from './container/peek.ts';
import type { Layout } from './layout.ts';
import { PartBuilder } from './part/part-builder.ts';
import { decodeText } from './text/decode-text.ts';

export { parseFormat } from './layout.ts';
export type { Layout } from './layout.ts';

/** Records in a part, unless told otherwise: one DuckDB row group. */
const BATCH_ROWS = 122_880;
const PEEK_BYTES = 262_144;
const BINARY_PROBE_BYTES = 65_536;

export interface DecodeOptions {
  /** The layout of text without a header. A header in the text wins over it. */
  readonly format?: Layout;
  /** Records in a part at most; parts may have fewer. */
  readonly batchRows?: number;
}

/**
 * Decodes one input: bytes in any of the forms that `docs/formats.md` lists, told apart by content.
 *
 * Yields at least one part; a small input, even an empty one, gives exactly one. All arrays in a
 * part are its own, so that it can be transferred. Lines that are no records are in `quarantined`;
 * records (lines that are neither blank nor headers) = flows + nodata + skipdata + quarantined.
 *
 * @throws PeepholeError `unreadable_input` if the input as a whole can't be read, perhaps after
 * some parts: truncated or corrupt compression, or bytes in no known form. Errors of `bytes` pass through.
 */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): AsyncGenerator<DecodedPart> {
  const builder = borrow(options.batchRows ?? BATCH_ROWS);
  try {
    const outer = await peek(bytes, PEEK_BYTES);
    const input = isGzip(outer.head) ? await peek(gunzip(outer), BINARY_PROBE_BYTES) : outer;
    let parts = 0;
    for await (const part of decodeContent(input, builder, options)) {
      parts += 1;
      yield part;
    }
    if (parts === 0 || !builder.empty) yield builder.finish();
  } finally {
    giveBack(builder);
  }
}

/**
 * Decodes one file as `decode` does. `bytes` is its content; it is left unread if the file is one
 * that has to be read at random (Parquet), which is then read through `path`.
 */
export async function* decodeFile(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): AsyncGenerator<DecodedPart> {
  void path;
  yield* decode(bytes, options);
}

async function* decodeContent(
  input: Peeked,
  builder: PartBuilder,
  options: DecodeOptions,
): AsyncGenerator<DecodedPart> {
  if (input.head.subarray(0, BINARY_PROBE_BYTES).includes(0)) {
    throw new PeepholeError(
      'unreadable_input',
      'This is binary data of no known kind. Flow logs come as text, JSON, CSV or Parquet, perhaps compressed with gzip or zstd.',
    );
  }
  yield* decodeText(input.all, builder, options.format);
}

/** Builders wait here for the next input: their columns and tables are what makes small inputs cheap. */
const idle: PartBuilder[] = [];
const MAX_IDLE = 2;

function borrow(capacity: number): PartBuilder {
  const index = idle.findIndex((builder) => builder.capacity === capacity);
  const builder = index < 0 ? new PartBuilder(capacity) : idle.splice(index, 1)[0]!;
  builder.reset();
  return builder;
}

function giveBack(builder: PartBuilder): void {
  if (idle.length >= MAX_IDLE) idle.shift();
  idle.push(builder);
}
