import type { Field } from '../../model/catalog/field.ts';
import { EXTRA, NO_ADDRESS } from '../../model/record/record-batch.ts';
import type { BatchColumn } from '../../model/record/record-batch.ts';

/** How a column's values are read and laid down; plain numbers, for the inner loop's switch. */
export const INTEGER = 0;
export const TIME = 1;
export const COUNTER = 2;
export const ADDRESS = 3;
export const TEXT = 4;
/** Text with a closed vocabulary. */
export const CLOSED = 5;
/** `log-status`: also says which batch the record goes to. */
export const STATUS = 6;
/** A field that the catalog does not know: a part of `extra`. */
export const UNKNOWN = 7;

const NONE = new Uint8Array(0);

/**
 * One column while a part is being filled: the same u32 array whatever the kind (two numbers a row
 * for counters and addresses), used again for part after part; `take` copies out what a batch holds.
 */
export class ScratchColumn {
  readonly field: Field | null;
  readonly kind: number;
  readonly width: 1 | 2;
  data: Uint32Array<ArrayBuffer>;
  /** 1 where there is no value; all 0 beyond the rows. Empty for texts and addresses, which have their own null. */
  nulls: Uint8Array<ArrayBuffer>;
  hasNulls = false;
  /** Rows that have been written; those between it and the part's rows were not in the layout. */
  filled = 0;

  /** Without a field: the column `extra`. */
  constructor(field: Field | null, capacity: number) {
    this.field = field;
    this.kind = field === null ? UNKNOWN : kindOf(field);
    this.width = this.kind === COUNTER || this.kind === ADDRESS ? 2 : 1;
    this.data = new Uint32Array(capacity * this.width);
    this.nulls = this.kind <= COUNTER ? new Uint8Array(capacity) : NONE;
  }

  setNull(row: number): void {
    if (this.kind === ADDRESS) {
      this.data[row * 2] = 0;
      this.data[row * 2 + 1] = NO_ADDRESS;
      return;
    }
    if (this.kind <= COUNTER) {
      this.nulls[row] = 1;
      this.hasNulls = true;
    }
    if (this.width === 2) {
      this.data[row * 2] = 0;
      this.data[row * 2 + 1] = 0;
    } else {
      this.data[row] = 0;
    }
  }

  /** Makes the rows up to `rows` that no layout wrote null. */
  catchUp(rows: number): void {
    for (let row = this.filled; row < rows; row += 1) this.setNull(row);
    this.filled = Math.max(this.filled, rows);
  }

  /** Copies a row of another column like this one, after making room and catching up. */
  copyRow(from: ScratchColumn, source: number, row: number): void {
    while ((row + 1) * this.width > this.data.length) this.#grow();
    this.catchUp(row);
    if (this.width === 2) {
      this.data[row * 2] = from.data[source * 2]!;
      this.data[row * 2 + 1] = from.data[source * 2 + 1]!;
    } else {
      this.data[row] = from.data[source]!;
    }
    if (this.kind <= COUNTER && from.nulls[source] === 1) {
      this.nulls[row] = 1;
      this.hasNulls = true;
    }
    this.filled = row + 1;
  }

  /** Copies the first rows out as a batch's column. `remap`: what each text code becomes. */
  take(rows: number, remap: ((code: number) => number) | null): BatchColumn {
    while (rows * this.width > this.data.length) this.#grow();
    this.catchUp(rows);
    const nulls =
      this.hasNulls && this.nulls.subarray(0, rows).includes(1) ? this.nulls.slice(0, rows) : null;
    const field = this.field?.name ?? EXTRA;
    const values = this.data.slice(0, rows * this.width);
    switch (this.kind) {
      case INTEGER:
        return { kind: 'integer', field, values: narrowed(values, this.field?.max ?? 0), nulls };
      case TIME:
        return { kind: 'time', field, values, nulls };
      case COUNTER:
        return { kind: 'counter', field, halves: values, nulls };
      case ADDRESS:
        if (remap !== null) {
          for (let i = 1; i < values.length; i += 2)
            if (values[i] === 1) values[i - 1] = remap(values[i - 1]!);
        }
        return { kind: 'address', field, halves: values };
      default:
        if (remap !== null) for (let i = 0; i < rows; i += 1) values[i] = remap(values[i]!);
        return { kind: 'text', field, codes: values };
    }
  }

  /** Ready for the next part, after one that had `rows` rows. */
  clear(rows: number): void {
    if (this.hasNulls) this.nulls.fill(0, 0, rows + 1);
    this.hasNulls = false;
    this.filled = 0;
  }

  #grow(): void {
    const data = new Uint32Array(this.data.length * 2);
    data.set(this.data);
    this.data = data;
    if (this.kind > COUNTER) return;
    const nulls = new Uint8Array(this.nulls.length * 2);
    nulls.set(this.nulls);
    this.nulls = nulls;
  }
}

function kindOf(field: Field): number {
  switch (field.type) {
    case 'integer':
      return INTEGER;
    case 'time':
      return TIME;
    case 'counter':
      return COUNTER;
    case 'address':
      return ADDRESS;
    case 'text':
      if (field.aws === 'log-status') return STATUS;
      return field.values === null ? TEXT : CLOSED;
  }
}

function narrowed(values: Uint32Array<ArrayBuffer>, max: number): Uint8Array | Uint16Array | Uint32Array {
  if (max <= 0xff) return new Uint8Array(values);
  return max <= 0xffff ? new Uint16Array(values) : values;
}
