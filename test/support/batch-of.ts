import ipaddr from 'ipaddr.js';
import { fieldNamed } from '../../src/model/catalog/fields.ts';
import type { DecodedPart } from '../../src/model/record/decoded-part.ts';
import {
  EXTRA,
  NO_ADDRESS,
  type BatchColumn,
  type RecordBatch,
} from '../../src/model/record/record-batch.ts';

/** A record as plain values by catalog name; times are Unix seconds; `extra` is JSON text. */
export type PlainRecord = Readonly<Record<string, string | number | bigint | null>>;

/** Makes a batch the slow and obvious way: the test's own route from values to columns. */
export function batchOf(records: readonly PlainRecord[]): RecordBatch {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const texts = [''];
  const code = (text: string): number => {
    const found = texts.indexOf(text, 1);
    return found === -1 ? texts.push(text) - 1 : found;
  };
  return { rows: records.length, columns: names.map((name) => columnOf(name, records, code)), texts };
}

/** A part with flows only. */
export function partOf(flows: readonly PlainRecord[]): DecodedPart {
  return { flows: batchOf(flows), coverage: batchOf([]), nodata: 0, skipdata: 0, quarantined: [] };
}

function columnOf(
  name: string,
  records: readonly PlainRecord[],
  code: (text: string) => number,
): BatchColumn {
  const field = fieldNamed(name);
  const values = records.map((record) => record[name] ?? null);
  const nulls = Uint8Array.from(values, (value) => (value === null ? 1 : 0));
  if (field === undefined && name !== EXTRA) throw new Error(`no field ${name}`);
  switch (field?.type) {
    case 'integer': {
      const max = field.max ?? 0;
      const numbers = values.map((value) => Number(value ?? 0));
      const array =
        max <= 0xff
          ? Uint8Array.from(numbers)
          : max <= 0xffff
            ? Uint16Array.from(numbers)
            : Uint32Array.from(numbers);
      return { kind: 'integer', field: name, values: array, nulls };
    }
    case 'time':
      return {
        kind: 'time',
        field: name,
        values: Uint32Array.from(values, (value) => Number(value ?? 0)),
        nulls,
      };
    case 'counter': {
      const big = BigUint64Array.from(values, (value) => BigInt(value ?? 0));
      return { kind: 'counter', field: name, halves: new Uint32Array(big.buffer), nulls };
    }
    case 'address': {
      const halves = new Uint32Array(2 * values.length);
      values.forEach((value, row) => {
        if (value === null) halves.set([0, NO_ADDRESS], 2 * row);
        else if (ipaddr.IPv4.isValidFourPartDecimal(String(value))) {
          const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(String(value)).octets;
          halves.set([((a << 24) | (b << 16) | (c << 8) | d) >>> 0, 0], 2 * row);
        } else halves.set([code(String(value)), 1], 2 * row);
      });
      return { kind: 'address', field: name, halves };
    }
    case 'text':
    case undefined:
      return {
        kind: 'text',
        field: name,
        codes: Uint32Array.from(values, (value) => (value === null ? 0 : code(String(value)))),
      };
  }
}
