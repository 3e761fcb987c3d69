import type { Dialect } from '../dialect.ts';
import { cell, reveal } from './clickhouse-cells.ts';
import { quote, storageType, textLiteral } from './clickhouse-layout.ts';
import { between, contains, inBlocks, isOneOf, matches } from './clickhouse-predicates.ts';

/** ClickHouse, with records laid out as `clickhouse-layout.ts` says, and settings as `clickhouse-settings.ts` does. */
export const clickhouse: Dialect = {
  name: 'clickhouse',
  tables: {
    flows: 'flow',
    loggedHours: 'logged_hour',
    known: {
      address: 'known_address',
      held: 'known_held',
      port: 'known_port',
      conversation: 'known_conversation',
    },
  },
  noText: "''",
  semiJoin: 'LEFT SEMI JOIN',
  antiJoin: 'LEFT ANTI JOIN',
  // ClickHouse 26.7 can make common tables once (enable_materialized_cte), but reads some before they are there.
  materialized: 'AS',
  // Where a row lies: in which part, and where there. Merging parts moves rows.
  rowId: '(_part, _part_offset)',
  types: {
    seconds: 'Nullable(UInt32)',
    int: 'Nullable(Int32)',
    whole: 'Nullable(Int64)',
    real: 'Nullable(Float64)',
  },
  storageType,
  quote,
  placeholder: (position, type) => `{p${position}:${type}}`,
  sum: (expression) => `sum(CAST(${expression} AS Nullable(Int128)))`,
  anyTrue: (condition) => `max(${condition})`,
  bitAnd: (left, right) => `bitAnd(${left}, ${right})`,
  divide: (dividend, divisor) => `intDiv(${dividend}, ${divisor})`,
  timeKey: (expression) => `CAST(${expression} AS Nullable(Int64))`,
  same: (left, right) => `${left} IS NOT DISTINCT FROM ${right}`,
  series: (count) => `(SELECT number AS i FROM numbers(${count}))`,
  nthBest: (expression, order, n) =>
    `arrayElementOrNull(${order === 'desc' ? 'arrayReverseSort' : 'arraySort'}(groupArray(${expression})), ${n})`,
  isOneOf,
  between,
  inBlocks,
  contains,
  matches,
  derivedWord: textLiteral,
  endNumber: (address, port) => `(toUInt256(toUInt128(${address})) * 65536 + ${port})`,
  keyOf: (column) => `CAST(${column} AS Nullable(String))`,
  heldKey: (alias) =>
    `concat('held ', toString(${alias}.key), ' ', ${alias}.interface, ' ', toString(${alias}.first_hour))`,
  reveal,
  cell,
};
