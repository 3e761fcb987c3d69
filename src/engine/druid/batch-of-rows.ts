import { parseAddress } from '../../model/query/address-block.ts';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { type BatchColumn, EXTRA, NO_ADDRESS, type RecordBatch } from '../../model/record/record-batch.ts';

/** Makes a column of cells, as Druid answers them, into one of a batch. */
type MakeColumn = (field: string, cells: readonly unknown[], code: (text: string) => number) => BatchColumn;

/**
 * A batch of rows that Druid answered.
 *
 * @param columns the fields of the cells, in order
 * @param rows each a list of cells
 */
export function batchOfRows(columns: readonly string[], rows: readonly (readonly unknown[])[]): RecordBatch {
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
    columns: columns.map((field, i) =>
      makerOf(field)(
        field,
        rows.map((row) => row[i] ?? null),
        code,
      ),
    ),
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
      return (fieldName, cells) => ({
        kind: 'time',
        field: fieldName,
        values: Uint32Array.from(cells, (cell) => Number(cell ?? 0)),
        nulls: nullsOf(cells),
      });
    case 'counter':
      return (fieldName, cells) => ({
        kind: 'counter',
        field: fieldName,
        halves: new Uint32Array(BigUint64Array.from(cells, (cell) => BigInt(String(cell ?? 0))).buffer),
        nulls: nullsOf(cells),
      });
    case 'address':
      return addresses;
    case undefined:
      // Beside what the catalog does not know: how many flows a row is, and conditions on it.
      return name === EXTRA ? texts : integers(Uint32Array);
    case 'text':
      return texts;
  }
}

const texts: MakeColumn = (fieldName, cells, code) => ({
  kind: 'text',
  field: fieldName,
  codes: Uint32Array.from(cells, (cell) => (cell === null ? 0 : code(String(cell)))),
});

function integers(kind: Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor): MakeColumn {
  return (field, cells) => ({
    kind: 'integer',
    field,
    values: kind.from(cells.map((cell) => Number(cell ?? 0))),
    nulls: nullsOf(cells),
  });
}

function addresses(field: string, cells: readonly unknown[], code: (text: string) => number): BatchColumn {
  const halves = new Uint32Array(2 * cells.length);
  cells.forEach((cell, row) => {
    const text = cell === null ? null : String(cell);
    const address = text === null ? null : parseAddress(text);
    if (text === null || address === null) halves.set([0, NO_ADDRESS], 2 * row);
    else if (address.version === 4) halves.set([Number(address.value), 0], 2 * row);
    else halves.set([code(text), 1], 2 * row);
  });
  return { kind: 'address', field, halves };
}

function nullsOf(cells: readonly unknown[]): Uint8Array | null {
  return cells.includes(null) ? Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0)) : null;
}
