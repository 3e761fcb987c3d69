import { expect, test } from 'vitest';
import { duckdb } from '../sql/dialects/duckdb/duckdb-dialect.ts';
import type { SqlScope } from '../sql/investigate/scope.ts';
import { readFieldsSeen } from './fields-seen.ts';

const scope: SqlScope = {
  dialect: duckdb,
  columns: new Set(['bytes', 'action', 'region']),
  coverageColumns: new Set(),
  from: 0,
  to: 3600,
  sumsFrom: null,
};

test('fields are those that have a column and that any flow has', async () => {
  const asked: string[] = [];
  const seen = await readFieldsSeen(scope, ['az_id', 'bytes', 'region', 'action'], (sql) => {
    asked.push(sql);
    return Promise.resolve([[1, 0, 1]]);
  });
  expect(seen).toEqual(new Set(['bytes', 'action']));
  expect(asked).toHaveLength(1);
  expect(asked[0]).not.toContain('az_id');
});

test('of fields without a column nothing is asked', async () => {
  const seen = await readFieldsSeen(scope, ['az_id', 'tgw_id'], () =>
    Promise.reject(new Error('asked for nothing')),
  );
  expect(seen).toEqual(new Set());
});
