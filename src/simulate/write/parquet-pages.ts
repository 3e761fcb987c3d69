import { putVarint } from './thrift.ts';

/**
 * One column of a file. Texts are codes into a dictionary of their own; numbers are whole, not negative and
 * below 2^32; `nulls[i]` is 1 where a number is missing.
 */
export type ParquetColumn =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly codes: Int32Array;
      readonly dictionary: readonly string[];
    }
  | {
      readonly kind: 'int32' | 'int64';
      readonly name: string;
      readonly values: Uint8Array | Uint16Array | Uint32Array;
      readonly nulls: Uint8Array | null;
    };

/** The pages of a column, not yet compressed: data are codes where there is a dictionary. */
export interface ColumnPages {
  readonly dictionary: Uint8Array | null;
  readonly dictionarySize: number;
  readonly data: Uint8Array;
}

/** Numbers that lie closer together than this may get a dictionary. */
const WIDEST = 65_536;

export function encodePages(column: ParquetColumn, rows: number): ColumnPages {
  if (column.kind === 'text') {
    return {
      dictionary: encodeTexts(column.dictionary),
      dictionarySize: column.dictionary.length,
      data: joinBytes(encodeLevels(null, rows), encodeCodes(column.codes, rows, column.dictionary.length)),
    };
  }
  const { values, nulls } = column;
  const levels = encodeLevels(nulls, rows);
  const words = column.kind === 'int64' ? 2 : 1;
  const present = nulls === null ? values.subarray(0, rows) : withoutNulls(values, nulls, rows);
  const small = findDictionary(present);
  if (small === null)
    return { dictionary: null, dictionarySize: 0, data: joinBytes(levels, plain(present, words)) };
  return {
    dictionary: plain(small.dictionary, words),
    dictionarySize: small.dictionary.length,
    data: joinBytes(levels, encodeCodes(small.codes, present.length, small.dictionary.length)),
  };
}

function withoutNulls(
  values: Uint8Array | Uint16Array | Uint32Array,
  nulls: Uint8Array,
  rows: number,
): Uint8Array | Uint16Array | Uint32Array {
  const present = values.slice(0, rows);
  let at = 0;
  for (let row = 0; row < rows; row++) if (nulls[row] === 0) present[at++] = values[row] as number;
  return present.subarray(0, at);
}

/** A dictionary of numbers, where few of them occur often. */
function findDictionary(
  values: Uint8Array | Uint16Array | Uint32Array,
): { readonly codes: Int32Array; readonly dictionary: Uint32Array } | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (values.length === 0 || high - low >= WIDEST) return null;
  const local = new Int32Array(high - low + 1);
  const codes = new Int32Array(values.length);
  const dictionary: number[] = [];
  const most = values.length / 8 + 1;
  for (let i = 0; i < values.length; i++) {
    const place = (values[i] as number) - low;
    let code = local[place] as number;
    if (code === 0) {
      if (dictionary.length > most) return null;
      dictionary.push(place + low);
      code = dictionary.length;
      local[place] = code;
    }
    codes[i] = code - 1;
  }
  return { codes, dictionary: Uint32Array.from(dictionary) };
}

/** Numbers of one or two little-endian words each; the upper word is 0. */
function plain(values: Uint8Array | Uint16Array | Uint32Array, words: 1 | 2): Uint8Array {
  const out = new Uint32Array(values.length * words);
  for (let i = 0; i < values.length; i++) out[i * words] = values[i] as number;
  return new Uint8Array(out.buffer);
}

/** Texts (ASCII), each behind its length. */
function encodeTexts(dictionary: readonly string[]): Uint8Array {
  let size = 0;
  for (const value of dictionary) size += 4 + value.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const value of dictionary) {
    out[at] = value.length;
    at += 4;
    for (let i = 0; i < value.length; i++) out[at++] = value.charCodeAt(i);
  }
  return out;
}

/** Definition levels (1 is present), in the run-length hybrid, behind their length. */
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
  const length = body.length;
  return Uint8Array.from([length & 255, (length >> 8) & 255, (length >> 16) & 255, length >>> 24, ...body]);
}

/** Codes, bit-packed in one run; one code for all is one run-length run. */
function encodeCodes(codes: Int32Array, count: number, size: number): Uint8Array {
  const width = Math.max(1, 32 - Math.clz32(size - 1));
  const head: number[] = [width];
  if (size === 1) {
    putVarint(head, count * 2);
    head.push(0);
    return Uint8Array.from(head);
  }
  const groups = Math.ceil(count / 8);
  putVarint(head, groups * 2 + 1);
  const out = new Uint8Array(head.length + groups * width);
  out.set(head);
  let at = head.length;
  let bits = 0;
  let held = 0;
  for (let row = 0; row < count; row++) {
    // Up to 7 bits are held and a code has at most 24, so 32 bits suffice.
    held |= (codes[row] as number) << bits;
    bits += width;
    while (bits >= 8) {
      out[at++] = held & 255;
      held >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) out[at] = held & 255;
  return out;
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
