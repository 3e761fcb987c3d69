import type { Dialect } from '../dialect.ts';
import { inBlocks } from './duckdb-blocks.ts';
import { KNOWN, wordId } from './duckdb-known.ts';
import { storageType } from './duckdb-layout.ts';
import { between, contains, isOneOf, matches } from './duckdb-predicates.ts';
import { cell, reveal } from './duckdb-reveal.ts';

/** DuckDB, with records laid out as `duckdb-layout.ts` says. */
export const duckdb: Dialect = {
  name: 'duckdb',
  tables: {
    flows: 'flow',
    loggedHours: 'logged_hour',
    known: {
      address: `${KNOWN}.address`,
      held: `${KNOWN}.held`,
      port: `${KNOWN}.port`,
      conversation: `${KNOWN}.conversation`,
    },
  },
  noText: '0',
  materialized: 'AS MATERIALIZED',
  semiJoin: 'SEMI JOIN',
  antiJoin: 'ANTI JOIN',
  rowId: 'rowid',
  types: { seconds: 'UINTEGER', int: 'INTEGER', whole: 'BIGINT', real: 'DOUBLE' },
  storageType,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  placeholder: (position, type) => `CAST($${position} AS ${type})`,
  sum: (expression) => `sum(${expression})`,
  anyTrue: (condition) => `bool_or(${condition})`,
  bitAnd: (left, right) => `(${left} & ${right})`,
  divide: (dividend, divisor) => `${dividend} // ${divisor}`,
  timeKey: (expression) => expression,
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
  derivedWord: wordId,
  // Keys of addresses have 33 bits at most.
  endNumber: (address, port) => `(${address} * 65536 + ${port})`,
  keyOf: (column) => `CAST(${column} AS BIGINT)`,
  heldKey: (alias) => `-1 - ${alias}.rowid`,
  reveal,
  cell,
};
