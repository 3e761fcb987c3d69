import { fieldNamed } from '../../model/catalog/fields.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import { EXTRA, NO_ADDRESS, type BatchColumn, type RecordBatch } from '../../model/record/record-batch.ts';
import { addressNumber, storageType } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';

/** Rows as ClickHouse's format Native has them: a block, column by column. */
export interface NativeBlock {
  readonly columns: readonly string[];
  readonly bytes: Buffer;
}

const TEXT_TYPE = 'LowCardinality(Nullable(String))';
/** Of a LowCardinality column (SerializationLowCardinality.cpp): its version, and that the block brings its own dictionary. */
const DICTIONARIES_WITH_KEYS = 1n;
const OWN_DICTIONARY = 0x600n;

/**
 * A batch as a block for the tables of `table-definitions.ts`: the batch's columns, before them `batch` (the same in all
 * rows), `input` where one is given, and `hour` where there is a start.
 */
export function nativeBlock(batch: RecordBatch, id: bigint, input: number | null): NativeBlock {
  const { rows } = batch;
  const start = batch.columns.find(({ field }) => field === 'start');
  const columns: (readonly [name: string, type: string, parts: readonly Buffer[]])[] = [
    ['batch', 'UInt64', [bytesOf(new BigUint64Array(rows).fill(id))]],
    ...(input === null
      ? []
      : ([['input', 'UInt64', [bytesOf(new BigUint64Array(rows).fill(BigInt(input)))]]] as const)),
    ...(start?.kind === 'time'
      ? ([['hour', 'Nullable(UInt32)', nullable(hoursOf(start.values, rows), start.nulls, rows)]] as const)
      : []),
    ...batch.columns.map(
      (column) => [column.field, typeOf(column.field), dataOf(column, batch.texts, rows)] as const,
    ),
  ];
  return {
    columns: columns.map(([name]) => name),
    bytes: Buffer.concat([
      varint(columns.length),
      varint(rows),
      ...columns.flatMap(([name, type, parts]) => [text(name), text(type), ...parts]),
    ]),
  };
}

function typeOf(name: string): string {
  const field = fieldNamed(name);
  return name === EXTRA || field === undefined ? TEXT_TYPE : storageType(field);
}

function dataOf(column: BatchColumn, texts: readonly string[], rows: number): readonly Buffer[] {
  switch (column.kind) {
    case 'integer':
    case 'time':
      return nullable(column.values.subarray(0, rows), column.nulls, rows);
    case 'counter':
      return nullable(column.halves.subarray(0, 2 * rows), column.nulls, rows);
    case 'address':
      return addresses(column.halves, texts, rows);
    case 'text':
      return dictionary(column.codes, texts, rows);
  }
}

function nullable(
  values: Uint8Array | Uint16Array | Uint32Array,
  nulls: Uint8Array | null,
  rows: number,
): readonly Buffer[] {
  return [bytesOf(nulls === null ? new Uint8Array(rows) : nulls.subarray(0, rows)), bytesOf(values)];
}

function hoursOf(seconds: Uint32Array, rows: number): Uint32Array {
  return seconds.subarray(0, rows).map((second) => Math.floor(second / 3600));
}

function addresses(halves: Uint32Array, texts: readonly string[], rows: number): readonly Buffer[] {
  const nulls = Buffer.alloc(rows);
  const values = Buffer.alloc(16 * rows);
  const known = new Map<number, Buffer>();
  for (let row = 0; row < rows; row++) {
    const low = halves[2 * row]!;
    const high = halves[2 * row + 1]!;
    if (high === NO_ADDRESS) nulls[row] = 1;
    else if (high === 0) {
      values.writeUInt16BE(0xffff, 16 * row + 10);
      values.writeUInt32BE(low, 16 * row + 12);
    } else {
      let bytes = known.get(low);
      if (bytes === undefined) known.set(low, (bytes = ipv6Bytes(texts[low] ?? '')));
      bytes.copy(values, 16 * row);
    }
  }
  return [nulls, values];
}

function ipv6Bytes(address: string): Buffer {
  const parsed = parseAddress(address);
  if (parsed === null) throw new Error(`${address} is not an address.`);
  return Buffer.from(addressNumber(parsed).toString(16).padStart(32, '0'), 'hex');
}

/** Texts by a dictionary of those that the column has; its first entry stands for null, as code 0 does in a batch. */
function dictionary(codes: Uint32Array, texts: readonly string[], rows: number): readonly Buffer[] {
  const places = new Uint32Array(texts.length);
  const keys: Buffer[] = [text('')];
  const indexes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const code = codes[row]!;
    if (code === 0) continue;
    if (places[code] === 0) {
      places[code] = keys.length;
      keys.push(text(texts[code] ?? ''));
    }
    indexes[row] = places[code]!;
  }
  const narrow = keys.length <= 0x100 ? Uint8Array : keys.length <= 0x1_0000 ? Uint16Array : Uint32Array;
  const width = keys.length <= 0x100 ? 0n : keys.length <= 0x1_0000 ? 1n : 2n;
  return [
    bytesOf(new BigUint64Array([DICTIONARIES_WITH_KEYS, OWN_DICTIONARY | width, BigInt(keys.length)])),
    ...keys,
    bytesOf(new BigUint64Array([BigInt(rows)])),
    bytesOf(narrow.from(indexes)),
  ];
}

/** Little endian, as ClickHouse has them and every machine that Node runs on. */
function bytesOf(values: ArrayBufferView): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** A whole number seven bits at a time, the lowest first (LEB128). */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}
