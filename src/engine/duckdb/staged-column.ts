import { fieldNamed } from '../../model/catalog/fields.ts';
import { NO_ADDRESS, type BatchColumn } from '../../model/record/record-batch.ts';
import { storageType } from '../../sql/dialects/duckdb/duckdb-layout.ts';

/** How many rows it has room for, one after another; beyond the last, twice as many each time. */
const ROOMS = [2_048, 32_768, 262_144, 1_179_648] as const;
/** The high half of 2^40: amounts from there on are not added up (`rollups.ts`). */
const HUGE_HALF = 2 ** 8;

/** The DuckDB type of a stored column by name (`hour`, `duration` and `extra` included). */
export function columnType(name: string): string {
  const field = fieldNamed(name);
  return field === undefined ? 'UINTEGER' : storageType(field);
}

type Values = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** One stored column of rows that wait to be written, as DuckDB's vectors hold it: little-endian values, and a bit a row (1: there is a value). */
export class StagedColumn {
  readonly name: string;
  /** Bytes of a value. */
  readonly width: number;
  /** Two numbers a row where a value has eight bytes. */
  values: Values;
  /** Null: every row has a value. */
  valid: Uint8Array<ArrayBuffer> | null = null;
  /** Whether a value is too large to be added up. */
  hasHuge = false;
  #rows = 0;

  constructor(name: string) {
    this.name = name;
    this.width = widths[columnType(name)] ?? 4;
    this.values = this.#make(ROOMS[0]);
  }

  /** Adds `rows` values; `ids[code]` is the dictionary id of the batch's text `code`. Undefined: none of the rows has one. */
  append(column: BatchColumn | undefined, rows: number, ids: Uint32Array): void {
    const from = this.#rows;
    this.#rows += rows;
    this.#makeRoom();
    switch (column?.kind) {
      case undefined:
        for (let row = from; row < this.#rows; row++) this.#clear(row);
        break;
      case 'integer':
      case 'time':
        this.values.set(column.values.subarray(0, rows), from);
        this.#clearNulls(column.nulls, from, rows);
        break;
      case 'counter':
        this.values.set(column.halves.subarray(0, 2 * rows), 2 * from);
        for (let at = 1; at < 2 * rows; at += 2) if (column.halves[at]! >= HUGE_HALF) this.hasHuge = true;
        this.#clearNulls(column.nulls, from, rows);
        break;
      case 'text':
        this.#appendTexts(column.codes, from, rows, ids);
        break;
      case 'address':
        this.#appendAddresses(column.halves, from, rows, ids);
        break;
    }
  }

  /** Forgets its values, and keeps their room. */
  empty(): void {
    this.#rows = 0;
    this.valid = null;
    this.hasHuge = false;
  }

  #appendTexts(codes: Uint32Array, from: number, rows: number, ids: Uint32Array): void {
    const { values } = this;
    for (let row = 0; row < rows; row++) {
      const code = codes[row]!;
      if (code === 0) this.#clear(from + row);
      else values[from + row] = ids[code]!;
    }
  }

  /** IPv4 as it is; IPv6 as 2^32 + its id: the high half is 1 already. */
  #appendAddresses(halves: Uint32Array, from: number, rows: number, ids: Uint32Array): void {
    const { values } = this;
    values.set(halves.subarray(0, 2 * rows), 2 * from);
    for (let row = 0; row < rows; row++) {
      const high = halves[2 * row + 1]!;
      if (high === 0) continue;
      if (high === NO_ADDRESS) this.#clear(from + row);
      else values[2 * (from + row)] = ids[halves[2 * row]!]!;
    }
  }

  #clearNulls(nulls: Uint8Array | null, from: number, rows: number): void {
    if (nulls === null) return;
    for (let row = 0; row < rows; row++) if (nulls[row] === 1) this.#clear(from + row);
  }

  #clear(row: number): void {
    this.valid ??= new Uint8Array(this.#capacity / 8).fill(0xff);
    this.valid[row >> 3]! &= ~(1 << (row & 7));
  }

  get #capacity(): number {
    return (this.values.length * this.values.BYTES_PER_ELEMENT) / this.width;
  }

  #makeRoom(): void {
    let capacity = this.#capacity;
    if (this.#rows <= capacity) return;
    while (capacity < this.#rows) capacity = nextRoom(capacity);
    const { values, valid } = this;
    this.values = this.#make(capacity);
    this.values.set(values);
    if (valid === null) return;
    this.valid = new Uint8Array(capacity / 8).fill(0xff);
    this.valid.set(valid);
  }

  #make(capacity: number): Values {
    if (this.width === 1) return new Uint8Array(capacity);
    if (this.width === 2) return new Uint16Array(capacity);
    return new Uint32Array((capacity * this.width) / 4);
  }
}

function nextRoom(rows: number): number {
  return ROOMS.find((room) => room > rows) ?? 2 * rows;
}

const widths: Readonly<Record<string, number>> = { UTINYINT: 1, USMALLINT: 2, UINTEGER: 4, BIGINT: 8 };
