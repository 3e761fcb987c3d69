import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { putVarint, encodeThrift, i32, i64, list, struct, text, type Thrift } from './thrift.ts';

const compress = promisify(gzip);

/**
 * One column of a file. Texts are codes into a dictionary of their own; numbers are whole and not negative;
 * `nulls[i]` is 1 where a number is missing.
 */
export type ParquetColumn =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly codes: ArrayLike<number>;
      readonly dictionary: readonly string[];
    }
  | {
      readonly kind: 'int32' | 'int64';
      readonly name: string;
      readonly values: ArrayLike<number>;
      readonly nulls: Uint8Array | null;
    };

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
/** Smaller columns aren't worth a compressor. */
const WORTH_COMPRESSING = 512;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly uncompressed: number;
  readonly codec: number;
  /** Where the data page begins in it; a dictionary page lies before. */
  readonly dataAt: number;
}

/**
 * A Parquet file (format 2.9, data pages of version 1) of one row group, one page a column, gzipped pages.
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
  const footer = encodeThrift(
    struct({
      1: i32(1),
      2: list('struct', schema),
      3: i64(rows),
      4: list('struct', [
        struct({ 1: list('struct', metadata), 2: i64(offset - MAGIC.length), 3: i64(rows) }),
      ]),
      6: text('peephole simulate'),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([MAGIC, ...chunks.map((chunk) => chunk.bytes), footer, length, MAGIC]);
}

function describe(column: ParquetColumn, rows: number, chunk: Chunk, offset: number): Thrift {
  const dictionary = column.kind === 'text';
  const fields: Record<number, Thrift> = {
    1: i32(types[column.kind]),
    2: list('i32', (dictionary ? [PLAIN, RLE, RLE_DICTIONARY] : [PLAIN, RLE]).map(i32)),
    3: list('text', [text(column.name)]),
    4: i32(chunk.codec),
    5: i64(rows),
    6: i64(chunk.uncompressed),
    7: i64(chunk.bytes.length),
    9: i64(offset + chunk.dataAt),
  };
  if (dictionary) fields[11] = i64(offset);
  return struct({ 2: i64(offset), 3: struct(fields) });
}

async function encodeColumn(column: ParquetColumn, rows: number, level: number): Promise<Chunk> {
  const dictionary = column.kind === 'text' ? encodeDictionary(column.dictionary) : null;
  const data =
    column.kind === 'text'
      ? encodeCodes(column.codes, rows, column.dictionary.length)
      : encodeNumbers(column.values, column.nulls, rows, column.kind === 'int64');
  const codec = data.length + (dictionary?.length ?? 0) < WORTH_COMPRESSING ? UNCOMPRESSED : GZIP;
  const pack = (bytes: Uint8Array): Promise<Uint8Array> | Uint8Array =>
    codec === GZIP ? compress(bytes, { level }) : bytes;
  const [packedDictionary, packedData] = await Promise.all([dictionary && pack(dictionary), pack(data)]);

  const parts: Uint8Array[] = [];
  if (dictionary !== null && packedDictionary !== null && column.kind === 'text') {
    const about = struct({ 1: i32(column.dictionary.length), 2: i32(PLAIN) });
    parts.push(
      encodeThrift(
        struct({
          1: i32(DICTIONARY_PAGE),
          2: i32(dictionary.length),
          3: i32(packedDictionary.length),
          7: about,
        }),
      ),
      packedDictionary,
    );
  }
  const dataAt = parts.reduce((sum, part) => sum + part.length, 0);
  const encoding = column.kind === 'text' ? RLE_DICTIONARY : PLAIN;
  const about = struct({ 1: i32(rows), 2: i32(encoding), 3: i32(RLE), 4: i32(RLE) });
  parts.push(
    encodeThrift(struct({ 1: i32(DATA_PAGE), 2: i32(data.length), 3: i32(packedData.length), 5: about })),
    packedData,
  );
  const bytes = Buffer.concat(parts);
  const saved = packedData.length - data.length + (packedDictionary?.length ?? 0) - (dictionary?.length ?? 0);
  return { bytes, uncompressed: bytes.length - saved, codec, dataAt };
}

function encodeDictionary(dictionary: readonly string[]): Uint8Array {
  return Buffer.concat(
    dictionary.flatMap((value) => {
      const bytes = Buffer.from(value);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Definition levels of a column without nulls, or with: a run-length hybrid behind its length. */
function encodeLevels(nulls: Uint8Array | null, rows: number): Uint8Array {
  const body: number[] = [];
  if (nulls === null || nulls.indexOf(1) === -1) {
    putVarint(body, rows * 2);
    body.push(1);
  } else {
    const groups = Math.ceil(rows / 8);
    putVarint(body, groups * 2 + 1);
    for (let group = 0; group < groups; group++) {
      let byte = 0;
      for (let i = 0; i < 8; i++) if (group * 8 + i < rows && nulls[group * 8 + i] === 0) byte |= 1 << i;
      body.push(byte);
    }
  }
  const out = Buffer.alloc(4 + body.length);
  out.writeUInt32LE(body.length);
  out.set(body, 4);
  return out;
}

function encodeNumbers(
  values: ArrayLike<number>,
  nulls: Uint8Array | null,
  rows: number,
  wide: boolean,
): Uint8Array {
  const levels = encodeLevels(nulls, rows);
  const words = new Uint32Array(rows * (wide ? 2 : 1));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (nulls !== null && nulls[row] === 1) continue;
    words[at] = values[row] as number;
    // Amounts here stay below 2^32, so the upper half is 0.
    at += wide ? 2 : 1;
  }
  return Buffer.concat([levels, new Uint8Array(words.buffer, 0, at * 4)]);
}

/** Codes, bit-packed in one run; one code for all is one run-length run. */
function encodeCodes(codes: ArrayLike<number>, rows: number, size: number): Uint8Array {
  const levels = encodeLevels(null, rows);
  const width = Math.max(1, 32 - Math.clz32(size - 1));
  const head: number[] = [width];
  if (size === 1) {
    putVarint(head, rows * 2);
    head.push(0);
    return Buffer.concat([levels, Uint8Array.from(head)]);
  }
  const groups = Math.ceil(rows / 8);
  putVarint(head, groups * 2 + 1);
  const packed = new Uint8Array(groups * width);
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let row = 0; row < rows; row++) {
    // Up to 7 bits are held and a code has at most 24, so 32 bits suffice.
    held |= (codes[row] as number) << bits;
    bits += width;
    while (bits >= 8) {
      packed[at++] = held & 255;
      held >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) packed[at] = held & 255;
  return Buffer.concat([levels, Uint8Array.from(head), packed]);
}
