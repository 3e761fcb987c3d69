import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { encodePages, type ParquetColumn } from './parquet-pages.ts';
import { encodeThrift, i32, i64, list, struct, text, type Thrift } from './thrift.ts';

const compress = promisify(gzip);

/** Numbers of the format (parquet.thrift). */
const types = { int32: 1, int64: 2, text: 6 } as const;
const OPTIONAL = 1;
const UTF8 = 0;
const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const UNCOMPRESSED = 0;
const GZIP = 2;
const MAGIC = Buffer.from('PAR1');
/** Smaller columns aren't worth a compressor: it takes 0.1 ms to set one up. */
const WORTH_COMPRESSING = 4_096;

/** A compressor for small pages needs less memory, and is set up sooner. */
const SMALL = { windowBits: 12, memLevel: 6 };

interface Chunk {
  readonly bytes: Uint8Array;
  readonly uncompressed: number;
  readonly codec: number;
  readonly hasDictionary: boolean;
  /** Where the data page begins in it; a dictionary page lies before. */
  readonly dataAt: number;
}

/**
 * A Parquet file (data pages of version 1) of one row group, one page a column, gzipped pages.
 * It is written here and not by a library because the simulator knows its dictionaries before it begins:
 * finding them again would cost most of the time.
 */
export async function encodeParquet(
  columns: readonly ParquetColumn[],
  rows: number,
  level: number,
): Promise<Uint8Array> {
  const chunks = await Promise.all(columns.map((column) => encodeColumn(column, rows, level)));
  let offset = MAGIC.length;
  const metadata = columns.map((column, i) => {
    const chunk = chunks[i] as Chunk;
    const described = describe(column, rows, chunk, offset);
    offset += chunk.bytes.length;
    return described;
  });
  const schema = [
    struct({ 4: text('schema'), 5: i32(columns.length) }),
    ...columns.map((column) => {
      const base = { 1: i32(types[column.kind]), 3: i32(OPTIONAL), 4: text(column.name) };
      return struct(column.kind === 'text' ? { ...base, 6: i32(UTF8) } : base);
    }),
  ];
  const group = { 1: list('struct', metadata), 2: i64(offset - MAGIC.length), 3: i64(rows) };
  const footer = encodeThrift(
    struct({
      1: i32(1),
      2: list('struct', schema),
      3: i64(rows),
      4: list('struct', [struct(group)]),
      6: text('peephole simulate'),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([MAGIC, ...chunks.map((chunk) => chunk.bytes), footer, length, MAGIC]);
}

function describe(column: ParquetColumn, rows: number, chunk: Chunk, offset: number): Thrift {
  const encodings = chunk.hasDictionary ? [PLAIN, RLE, RLE_DICTIONARY] : [PLAIN, RLE];
  const fields: Record<number, Thrift> = {
    1: i32(types[column.kind]),
    2: list('i32', encodings.map(i32)),
    3: list('text', [text(column.name)]),
    4: i32(chunk.codec),
    5: i64(rows),
    6: i64(chunk.uncompressed),
    7: i64(chunk.bytes.length),
    9: i64(offset + chunk.dataAt),
  };
  if (chunk.hasDictionary) fields[11] = i64(offset);
  return struct({ 2: i64(offset), 3: struct(fields) });
}

async function encodeColumn(column: ParquetColumn, rows: number, level: number): Promise<Chunk> {
  const { dictionary, dictionarySize, data } = encodePages(column, rows);
  const codec = data.length + (dictionary?.length ?? 0) < WORTH_COMPRESSING ? UNCOMPRESSED : GZIP;
  const page = async (
    bytes: Uint8Array,
    head: Record<number, Thrift>,
    about: Record<number, Thrift>,
  ): Promise<{ readonly bytes: Uint8Array; readonly saved: number }> => {
    const packed =
      codec === GZIP ? await compress(bytes, bytes.length < 32_768 ? { ...SMALL, level } : { level }) : bytes;
    const header = encodeThrift(struct({ ...head, 2: i32(bytes.length), 3: i32(packed.length), ...about }));
    return { bytes: Buffer.concat([header, packed]), saved: bytes.length - packed.length };
  };
  const [first, second] = await Promise.all([
    dictionary === null
      ? null
      : page(
          dictionary,
          { 1: i32(DICTIONARY_PAGE) },
          { 7: struct({ 1: i32(dictionarySize), 2: i32(PLAIN) }) },
        ),
    page(
      data,
      { 1: i32(DATA_PAGE) },
      {
        5: struct({
          1: i32(rows),
          2: i32(dictionary === null ? PLAIN : RLE_DICTIONARY),
          3: i32(RLE),
          4: i32(RLE),
        }),
      },
    ),
  ]);
  const bytes = first === null ? second.bytes : Buffer.concat([first.bytes, second.bytes]);
  return {
    bytes,
    uncompressed: bytes.length + second.saved + (first?.saved ?? 0),
    codec,
    hasDictionary: first !== null,
    dataAt: first?.bytes.length ?? 0,
  };
}
