import { open } from 'node:fs/promises';
import { PeepholeError } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded.ts';
import { binaryKind } from './container/binary-kind.ts';
import { gunzip, isGzip } from './container/gunzip.ts';
import { peek } from './container/peek.ts';
import type { Peeked } from './container/peek.ts';
import { unzstd } from './container/unzstd.ts';
import { isZstd } from './container/zstd-frames.ts';
import { decodeCsv } from './csv/decode-csv.ts';
import { tableOf } from './csv/table-of.ts';
import { plainText } from './encoding/plain-text.ts';
import { utf16Of } from './encoding/utf16.ts';
import { decodeJson, isJson } from './json/decode-json.ts';
import { notFlowLogs } from './kinds/flow-evidence.ts';
import { textKind } from './kinds/text-kind.ts';
import type { Layout } from './layout.ts';
import { PartBuilder } from './part/part-builder.ts';
import { isParquet, parquetFile, parquetInMemory, type ParquetSource } from './parquet/parquet-source.ts';
import { decodeText } from './text/decode-text.ts';

/** Records in a part, unless told otherwise: one DuckDB row group. */
const BATCH_ROWS = 122_880;
/** Read ahead to tell forms apart, and to decompress small inputs at once. */
const PEEK_BYTES = 262_144;

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
  yield* decodeWith(options, async function* (builder) {
    const outer = await peek(bytes, PEEK_BYTES);
    const inner = await uncompressed(outer);
    if (isParquet(inner.head)) yield* parquetParts(await parquetInMemory(inner), builder);
    else {
      refuseBinary(inner.head);
      yield* decodePlain(await plainText(inner, PEEK_BYTES), builder, options.format);
    }
  });
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
  const file = await open(path);
  try {
    const start = Buffer.alloc(4);
    await file.read(start, 0, 4, 0);
    if (isParquet(start)) {
      const source = await parquetFile(file);
      yield* decodeWith(options, (builder) => parquetParts(source, builder));
      return;
    }
  } finally {
    await file.close();
  }
  yield* decode(bytes, options);
}

/** Lends a builder, and hands out what is left in it at the end: one part at least. */
async function* decodeWith(
  options: DecodeOptions,
  run: (builder: PartBuilder) => AsyncIterable<DecodedPart>,
): AsyncGenerator<DecodedPart> {
  const builder = borrow(options.batchRows ?? BATCH_ROWS);
  try {
    let parts = 0;
    for await (const part of run(builder)) {
      parts += 1;
      yield part;
    }
    if (parts === 0 || !builder.empty) yield builder.finish();
  } finally {
    giveBack(builder);
  }
}

/** Loads the reader of Parquet only for Parquet: a decoding thread is up a third sooner without it. */
async function* parquetParts(source: ParquetSource, builder: PartBuilder): AsyncGenerator<DecodedPart> {
  const { decodeParquet } = await import('./parquet/decode-parquet.ts');
  yield* decodeParquet(source, builder);
}

async function uncompressed(input: Peeked): Promise<Peeked> {
  if (isGzip(input.head)) return peek(gunzip(input), PEEK_BYTES);
  if (isZstd(input.head)) return peek(unzstd(input.all), PEEK_BYTES);
  return input;
}

function refuseBinary(head: Uint8Array): void {
  if (utf16Of(head) !== null) return;
  const kind = binaryKind(head);
  if (kind === null) return;
  throw new PeepholeError(
    'unreadable_input',
    `This is ${kind}. Flow logs come as text, JSON, CSV or Parquet, perhaps compressed with gzip or zstd.`,
  );
}

function decodePlain(
  input: Peeked,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncIterable<DecodedPart> {
  if (isJson(input.head)) return decodeJson(input.head, input.all, builder, format);
  const table = tableOf(input.head);
  if (table !== null) return decodeCsv(table, input.all, builder, format);
  const kind = format === undefined ? textKind(input.head, input.ended) : null;
  if (kind !== null) throw notFlowLogs(kind);
  return decodeText(input.head, input.all, builder, format);
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
