import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fields } from '../model/catalog/fields.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { compile } from './compile.ts';
import { duckdb } from './dialects/duckdb/duckdb-dialect.ts';
import { stepFunction } from './plan/step-function.ts';

const everything = { range: null, columns: new Set(fields.map(({ name }) => name)) };

describe('a compiled query', () => {
  test("binds the user's values: none is in the text of the statement", () => {
    const marker = 'zz"\'\\;--zz';
    const filter = [
      { field: 'vpc_id', in: [`${marker}1`, `${marker}2`] },
      { field: 'vpc_id', contains: marker },
      { field: 'vpc_id', matches: marker },
      { field: 'srcaddr', contains: marker },
      { field: 'srcaddr', matches: marker },
      { field: 'dstport', contains: marker },
      { field: 'encryption_status', matches: marker },
    ];
    const { sql, params } = compile(parseQuery({ filter }), everything, duckdb);
    expect(sql).not.toContain('zz');
    expect(params.filter((value) => String(value).startsWith('zz'))).toHaveLength(8);
  });

  test('has a placeholder for each parameter and a parameter for each placeholder', () => {
    const clause = fc.oneof(
      fc.record({ field: fc.constant('dstport'), in: fc.array(fc.nat(70_000), { maxLength: 5 }) }),
      fc.record({ field: fc.constant('srcaddr'), cidr: fc.constant(['10.0.0.0/8', '::/64', '10.0.0.0/9']) }),
      fc.record({
        field: fc.constantFrom('region', 'action'),
        in: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
      }),
    );
    const question = fc.record({
      filter: fc.array(clause, { maxLength: 3 }),
      splits: fc.array(fc.record({ field: fc.constantFrom('dstport', 'region') }), { maxLength: 3 }),
      measures: fc.constantFrom(['flows'], ['connections', 'rejected_share']),
      time: fc.constant({ last: 'P1D' }),
      compare: fc.constantFrom(undefined, { shift: 'P1D' }),
    });
    const property = fc.property(question, fc.boolean(), (json, hasRegion) => {
      const columns = new Set([...everything.columns].filter((name) => hasRegion || name !== 'region'));
      const range = { from: 1_529_452_800_000, to: 1_529_539_200_000 };
      const { sql, params } = compile(parseQuery(json), { range, columns }, duckdb);
      const places = new Set([...sql.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
      expect([...places].toSorted((a, b) => a - b)).toEqual(params.map((_, i) => i + 1));
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
  });

  test('looks for the beginnings of connections only if a measure needs them', () => {
    const sqlOf = (measures: string[]): string => compile(parseQuery({ measures }), everything, duckdb).sql;
    expect(sqlOf(['flows'])).not.toContain('OVER w');
    expect(sqlOf(['connections'])).toContain('OVER w');
  });
});

test('writes a step function as a balanced tree', () => {
  const steps = Array.from({ length: 1000 }, (_, i) => ({ from: i * 10, then: String(i) }));
  const sql = stepFunction('x', steps);
  const depth = [...sql.matchAll(/CASE|END/g)].reduce(
    ({ now, most }, [word]) => {
      const next = now + (word === 'CASE' ? 1 : -1);
      return { now: next, most: Math.max(most, next) };
    },
    { now: 0, most: 0 },
  );
  expect(depth).toEqual({ now: 0, most: 10 });
  expect(
    stepFunction('x', [
      { from: 0, then: '1' },
      { from: 5, then: '1' },
    ]),
  ).toBe('1');
});
