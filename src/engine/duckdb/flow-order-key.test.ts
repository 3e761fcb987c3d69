import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LATEST_SECOND } from '../../model/catalog/fields.ts';
import { flowOrder, flowOrderKey } from './rollups.ts';
import { columnType } from './staged-column.ts';

/** Values of each column up to the largest whose order the key keeps. */
const largest: Readonly<Record<string, number>> = {
  hour: Math.floor(LATEST_SECOND / 3600),
  action: 127,
  srcport: 65_535,
  dstport: 65_535,
  packets: 100,
  interface_id: 262_143,
  dstaddr: 2 ** 33 - 1,
  srcaddr: 2 ** 31 - 1,
};

test('the key orders rows as their columns do, whichever there are', async () => {
  const instance = await DuckDBInstance.create();
  const api = await instance.connect();
  const row = fc.record(
    Object.fromEntries(
      Object.entries(largest).map(([name, most]) => [
        name,
        fc.oneof(fc.nat(3), fc.constantFrom(most, most - 1), fc.constantFrom(31, 32)),
      ]),
    ),
  );
  const columns = fc
    .subarray(Object.keys(largest), { minLength: 1 })
    .filter((names) => flowOrder(new Set(names)).length > 0);
  try {
    await fc.assert(
      fc.asyncProperty(columns, fc.array(row, { minLength: 2, maxLength: 30 }), async (names, rows) => {
        const items = names.map((name, i) => `CAST(col${i} AS ${columnType(name)}) AS "${name}"`);
        const values = rows.map((each) => `(${names.map((name) => each[name]).join(', ')})`);
        const from = `(SELECT ${items.join(', ')} FROM (VALUES ${values.join(', ')}) v)`;
        const order = flowOrder(new Set(names)).join(', ');
        const key = flowOrderKey(new Set(names), new Set());
        const reader = await api.runAndReadAll(
          `SELECT key, rank() OVER (ORDER BY ${order}) AS place FROM (SELECT *, ${key} AS key FROM ${from}) ORDER BY key, place`,
        );
        const ranked = reader
          .getRows()
          .map(([number, place]) => ({ key: number as bigint, place: Number(place) }));
        for (const [i, { key: number, place }] of ranked.entries()) {
          const before = ranked[i - 1];
          if (before === undefined) continue;
          expect(place).toBeGreaterThanOrEqual(before.place);
          expect(number === before.key).toBe(place === before.place);
        }
      }),
      { numRuns: 60 },
    );
  } finally {
    api.disconnectSync();
    instance.closeSync();
  }
});

test('rows without a value have a place too, and longer ids are no error', async () => {
  const instance = await DuckDBInstance.create();
  const api = await instance.connect();
  const names = Object.keys(largest);
  const key = flowOrderKey(new Set(names), new Set(names));
  const row = (value: (name: string) => string): string =>
    `SELECT ${names.map((name) => `CAST(${value(name)} AS ${columnType(name)}) AS "${name}"`).join(', ')}`;
  const longest = (name: string): string =>
    columnType(name) === 'UINTEGER' && name !== 'hour' ? '4294967295' : String(largest[name]);
  try {
    const reader = await api.runAndReadAll(
      `SELECT ${key} AS key FROM (${row(() => 'NULL')} UNION ALL ${row((name) => (name === 'srcaddr' ? '8589934591' : longest(name)))}) ORDER BY key`,
    );
    const [nothing, most] = reader.getRows().map(([number]) => number as bigint);
    expect(nothing).toBe(0n);
    // Ports that are the same have no way: one bit is clear.
    expect(most).toBe((BigInt(largest.hour!) << 107n) | (2n ** 107n - 1n - (1n << 99n)));
    expect(flowOrderKey(new Set(['bytes']), new Set())).toBe('');
  } finally {
    api.disconnectSync();
    instance.closeSync();
  }
});
