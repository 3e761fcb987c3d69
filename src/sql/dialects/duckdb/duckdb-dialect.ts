import { integerLiteral } from '../../binder.ts';
import type { Key } from '../../key.ts';
import type { Dialect } from '../dialect.ts';
import { inBlocks } from './duckdb-blocks.ts';
import { ENRICHMENT, wordId } from './duckdb-enrichment.ts';
import { IPV6_BASE, reservedId, storageType } from './duckdb-layout.ts';
import { between, contains, isOneOf, matches } from './duckdb-predicates.ts';
import { cell, resolveKey, textsOf, textsOfRows } from './duckdb-key-lookup.ts';
import { duckdbRollups } from './duckdb-rollups.ts';

/** DuckDB, with records laid out as `duckdb-layout.ts` says. */
export const duckdb: Dialect = {
  name: 'duckdb',
  tables: {
    flows: 'flow',
    flowHours: 'flow_hour',
    interfaceHours: 'flow_interface_hour',
    coverage: 'coverage_record',
    loggedHours: 'logged_hour',
    enrichment: {
      address: `${ENRICHMENT}.address`,
      addressPeriod: `${ENRICHMENT}.address_period`,
      port: `${ENRICHMENT}.port`,
      conversation: `${ENRICHMENT}.conversation`,
    },
  },
  rollups: duckdbRollups,
  // A plain 0 would mean a place where rows are grouped or ordered by it.
  noText: 'CAST(0 AS UINTEGER)',
  materialized: 'AS MATERIALIZED',
  semiJoin: 'SEMI JOIN',
  antiJoin: 'ANTI JOIN',
  rowId: 'rowid',
  types: { seconds: 'UINTEGER', int: 'INTEGER', whole: 'BIGINT', real: 'DOUBLE', text: 'VARCHAR' },
  storageType,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  placeholder: (position, type) => `CAST($${position} AS ${type})`,
  // A statement with parameters is planned when it is prepared, and again when it runs.
  wholeNumber: (value, type) => (isInteger64(value) ? `CAST(${value} AS ${type})` : null),
  flag: (value) => (value ? 'TRUE' : 'FALSE'),
  sum: (expression) => `sum(${expression})`,
  median: (expression) => `median(${expression})`,
  // A decimal, not a double: then it is reckoned in whole numbers.
  percentile: (expression, rank) => `quantile_disc(${expression}, ${(rank / 100).toFixed(2)})`,
  valueAtLeast: (value, order) => `arg_min(${value}, ${order})`,
  anyTrue: (condition) => `bool_or(${condition})`,
  bitAnd: (left, right) => `(${left} & ${right})`,
  bit: (place) => `(CAST(1 AS BIGINT) << (${place}))`,
  bitOr: (expression) => `bit_or(${expression})`,
  bitCount: (expression) => `bit_count(${expression})`,
  narrowNumber,
  divide: (dividend, divisor) => `${dividend} // ${divisor}`,
  timeKey: (expression) => expression,
  same: (left, right) => `${left} IS NOT DISTINCT FROM ${right}`,
  // Not unnest(range(n)): DuckDB would make that list while planning, over and over.
  series: (count) => `(SELECT range AS i FROM range(${count}))`,
  // Beyond the end of a list lies null.
  nthBest: (expression, order, n) => `${order === 'desc' ? 'max' : 'min'}(${expression}, ${n})[${n}]`,
  sharedValue: null,
  isOneOf,
  between,
  inBlocks,
  contains,
  matches,
  closedText: (text) => integerLiteral(closedId(text)),
  createTemporary: (name, select) => `CREATE TEMP TABLE ${name} AS ${select}`,
  dropTemporary: (name) => `DROP TABLE IF EXISTS temp.${name}`,
  roughDistinct: (expression) => `approx_count_distinct(${expression})`,
  mostFrequent: (expression) => `mode(${expression})`,
  listDifferent: (expression) => `string_agg(DISTINCT ${expression}, ',')`,
  derivedWord: wordId,
  // Keys of addresses have 33 bits at most.
  endNumber: (address, port) => `(${address} * 65536 + ${port})`,
  keyOf: (column) => `CAST(${column} AS BIGINT)`,
  keyLiteral: numberOf,
  addressLiteral: numberOf,
  keyOfIpv4: (address) => address,
  ipv4OfKey: (key) => (Number(key) < IPV6_BASE ? Number(key) : null),
  isIpv6: (column) => `${column} >= ${IPV6_BASE}`,
  ipv6Addresses: () => `(SELECT ${IPV6_BASE} + id AS address FROM dictionary WHERE high IS NOT NULL) seen`,
  textsOf,
  periodKey: (alias) => `-1 - ${alias}.rowid`,
  resolveKey,
  textsOfRows,
  cell,
};

function numberOf(key: Key): string {
  return integerLiteral(Number(key));
}

function closedId(text: string): number {
  const id = reservedId(text);
  if (id === undefined) throw new TypeError(`${text} has no fixed id`);
  return id;
}

/** Its statistics know a range of constants, but none of `row_number()` or `least()`. */
function narrowNumber(number: string, most: number): string {
  const each = Array.from({ length: most }, (_, i) => `WHEN ${i + 1} THEN CAST(${i + 1} AS UTINYINT)`);
  return `CASE ${number} ${each.join(' ')} ELSE CAST(0 AS UTINYINT) END`;
}

function isInteger64(value: number | bigint): boolean {
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
}
