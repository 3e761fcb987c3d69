import type { Dialect } from '../dialect.ts';
import { inBlocks } from './duckdb-blocks.ts';
import { lookup, withDerived } from './duckdb-derived.ts';
import { between, contains, isOneOf, matches } from './duckdb-predicates.ts';
import { cell, reveal } from './duckdb-reveal.ts';

/** DuckDB, with records laid out as `duckdb-layout.ts` says. */
export const duckdb: Dialect = {
  name: 'duckdb',
  tables: { flows: 'flow', loggedHours: 'logged_hour' },
  materialized: 'AS MATERIALIZED',
  rowId: 'rowid',
  types: { seconds: 'UINTEGER', whole: 'BIGINT', real: 'DOUBLE' },
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  placeholder: (position, type) => `CAST($${position} AS ${type})`,
  sum: (expression) => `sum(${expression})`,
  divide: (dividend, divisor) => `${dividend} // ${divisor}`,
  same: (left, right) => `${left} IS NOT DISTINCT FROM ${right}`,
  // Not unnest(range(n)): DuckDB would make that list while planning, over and over.
  series: (count) => `(SELECT range AS i FROM range(${count}))`,
  // Beyond the end of a list lies null.
  nthBest: (expression, order, n) => `${order === 'desc' ? 'max' : 'min'}(${expression}, ${n})[${n}]`,
  isOneOf,
  between,
  inBlocks,
  contains,
  matches,
  withDerived,
  lookup,
  reveal,
  cell,
};
