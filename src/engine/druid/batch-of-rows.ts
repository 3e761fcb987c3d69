import { parseAddress } from '../../model/query/address-block.ts';
import { ipv4Number } from '../../model/query/ip-address.ts';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { type BatchColumn, EXTRA, NO_ADDRESS, type RecordBatch } from '../../model/record/record-batch.ts';

/** Makes a column of a batch of the cells at one place in rows, as Druid answers them. */
type MakeColumn = (field: string, rows: Rows, place: number, code: (text: string) => number) => BatchColumn;

type Rows = readonly (readonly unknown[])[];

/**
 * A batch of rows that Druid answered.
 *
 * @param columns the fields of the cells, in order
 * @param rows each a list of cells
 */
export function batchOfRows(columns: readonly string[], rows: Rows): RecordBatch {
  const texts = [''];
  const codes = new Map<string, number>();
  const code = (text: string): number => {
    const known = codes.get(text);
    if (known !== undefined) return known;
    codes.set(text, texts.length);
    return texts.push(text) - 1;
  };
  return {
    rows: rows.length,
    columns: columns.map((field, place) => makerOf(field)(field, rows, place, code)),
    texts,
  };
}

function makerOf(name: string): MakeColumn {
  const field = fieldNamed(name);
  switch (field?.type) {
    case 'integer':
      return integers(
        (field.max ?? 0) <= 0xff ? Uint8Array : (field.max ?? 0) <= 0xffff ? Uint16Array : Uint32Array,
      );
    case 'time':
      return times;
    case 'counter':
      return counters;
    case 'address':
      return addresses;
    case undefined:
      // Beside what the catalog does not know: how many flows a row is, and conditions on it.
      return name === EXTRA ? texts : integers(Uint32Array);
    case 'text':
      return texts;
  }
}

// Loops over typed arrays: an answer may have millions of rows, and each list between costs as much as the column itself.

const texts: MakeColumn = (field, rows, place, code) => {
  const codes = new Uint32Array(rows.length);
  for (const [i, row] of rows.entries()) {
    const cell = row[place] ?? null;
    if (cell !== null) codes[i] = code(String(cell));
  }
  return { kind: 'text', field, codes };
};

const times: MakeColumn = (field, rows, place) => ({
  kind: 'time',
  field,
  ...numbersAt(rows, place, new Uint32Array(rows.length)),
});

function integers(kind: Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor): MakeColumn {
  return (field, rows, place) => ({
    kind: 'integer',
    field,
    ...numbersAt(rows, place, new kind(rows.length)),
  });
}

const counters: MakeColumn = (field, rows, place) => {
  const values = new BigUint64Array(rows.length);
  const nulls = new Nulls(rows.length);
  for (const [i, row] of rows.entries()) {
    const cell = row[place] ?? null;
    if (cell === null) nulls.add(i);
    else values[i] = BigInt(typeof cell === 'number' ? cell : String(cell));
  }
  return { kind: 'counter', field, halves: new Uint32Array(values.buffer), nulls: nulls.all };
};

const addresses: MakeColumn = (field, rows, place, code) => {
  const halves = new Uint32Array(2 * rows.length);
  for (const [i, row] of rows.entries()) {
    const cell = row[place] ?? null;
    const text = cell === null ? '' : String(cell);
    const number = ipv4Number(text);
    if (number >= 0) halves[2 * i] = number;
    else if (parseAddress(text) === null) halves[2 * i + 1] = NO_ADDRESS;
    else {
      halves[2 * i] = code(text);
      halves[2 * i + 1] = 1;
    }
  }
  return { kind: 'address', field, halves };
};

function numbersAt<T extends Uint8Array | Uint16Array | Uint32Array>(
  rows: Rows,
  place: number,
  values: T,
): { readonly values: T; readonly nulls: Uint8Array | null } {
  const nulls = new Nulls(rows.length);
  for (const [i, row] of rows.entries()) {
    const cell = row[place] ?? null;
    if (cell === null) nulls.add(i);
    else values[i] = Number(cell);
  }
  return { values, nulls: nulls.all };
}

/** Which rows have no value. */
class Nulls {
  readonly #rows: number;
  /** Null: none. */
  all: Uint8Array | null = null;

  constructor(rows: number) {
    this.#rows = rows;
  }

  add(row: number): void {
    this.all ??= new Uint8Array(this.#rows);
    this.all[row] = 1;
  }
}
