import type { Dialect } from '../dialect.ts';
import { cell, ipv4Of, isIpv6, resolveKey } from './clickhouse-cells.ts';
import { addressNumber, ipv6Text, quote, storageType, textLiteral } from './clickhouse-layout.ts';
import { between, contains, inBlocks, isOneOf, matches } from './clickhouse-predicates.ts';
import { clickhouseRollups } from './clickhouse-rollups.ts';

/** ClickHouse, with records laid out as `clickhouse-layout.ts` says, and settings as `clickhouse-settings.ts` does. */
export const clickhouse: Dialect = {
  name: 'clickhouse',
  tables: {
    flows: 'flow',
    flowHours: 'flow_hour',
    interfaceHours: 'flow_hour',
    coverage: 'coverage_record',
    loggedHours: 'logged_hour',
    enrichment: {
      address: 'enrichment_address',
      addressPeriod: 'enrichment_address_period',
      port: 'enrichment_port',
      conversation: 'enrichment_conversation',
    },
  },
  rollups: clickhouseRollups,
  noText: "''",
  semiJoin: 'LEFT SEMI JOIN',
  antiJoin: 'LEFT ANTI JOIN',
  // ClickHouse 26.7 can make common tables once (enable_materialized_cte), but reads some before they are there. So they are
  // made wherever they are read, with those that they read: a level of splits reads the one above it once (`sharedValue`).
  materialized: 'AS',
  // Where a row lies: in which part, and where there. Merging parts moves rows.
  rowId: '(_part, _part_offset)',
  types: {
    seconds: 'Nullable(UInt32)',
    int: 'Nullable(Int32)',
    whole: 'Nullable(Int64)',
    real: 'Nullable(Float64)',
    text: 'String',
  },
  storageType,
  quote,
  placeholder: (position, type) => `{p${position}:${type}}`,
  wholeNumber: () => null,
  narrowNumber: null,
  // ClickHouse folds a constant that it then misses where rows of several SELECTs come together.
  flag: (value) => `materialize(${value})`,
  sum: (expression) => `sum(CAST(${expression} AS Nullable(Int128)))`,
  median: (expression) => `quantileExactInclusiveOrNull(0.5)(${expression})`,
  // It takes the value at floor(level * n) of n, counted from 0: a little less than the level is ceil(level * n) - 1.
  percentile: (expression, rank) => `quantileExactOrNull(${rank / 100 - 1e-12})(${expression})`,
  valueAtLeast: (value, order) => `argMin(${value}, ${order})`,
  anyTrue: (condition) => `CAST(max(${condition}) AS Nullable(Bool))`,
  bitAnd: (left, right) => `bitAnd(${left}, ${right})`,
  bit: (place) => `bitShiftLeft(toInt64(1), ${place})`,
  bitOr: (expression) => `groupBitOr(${expression})`,
  bitCount: (expression) => `bitCount(${expression})`,
  divide: (dividend, divisor) => `intDiv(${dividend}, ${divisor})`,
  timeKey: (expression) => `CAST(${expression} AS Nullable(Int64))`,
  same: (left, right) => `${left} IS NOT DISTINCT FROM ${right}`,
  series: (count) => `(SELECT number AS i FROM numbers(${count}))`,
  nthBest: null,
  sharedValue: (expression) => `any(${expression})`,
  isOneOf,
  between,
  inBlocks,
  contains,
  matches,
  closedText: textLiteral,
  createTemporary: (name, select) => `CREATE TEMPORARY TABLE ${name} AS ${select}`,
  dropTemporary: (name) => `DROP TEMPORARY TABLE IF EXISTS ${name}`,
  roughDistinct: (expression) => `uniq(${expression})`,
  mostFrequent: (expression) =>
    `arraySort(one -> (-one.2, one.1), arrayZip(sumMap([${expression}], [1]).1, sumMap([${expression}], [1]).2))[1].1`,
  listDifferent: (expression) => `arrayStringConcat(groupUniqArray(toString(${expression})), ',')`,
  derivedWord: textLiteral,
  endNumber: (address, port) => `(toUInt256(toUInt128(${address})) * 65536 + ${port})`,
  keyOf: (column) => `CAST(${column} AS Nullable(String))`,
  keyLiteral: (key) => textLiteral(String(key)),
  addressLiteral: (key) => `toIPv6(${textLiteral(String(key))})`,
  keyOfIpv4: (address) => ipv6Text(addressNumber({ version: 4, value: BigInt(address) })),
  ipv4OfKey: (key) => ipv4Of(String(key)),
  isIpv6,
  ipv6Addresses: () =>
    `(SELECT DISTINCT arrayJoin([srcaddr, dstaddr]) AS address FROM flow_hour WHERE ${isIpv6('srcaddr')} OR ${isIpv6('dstaddr')}) seen`,
  textsOf: () => null,
  periodKey: (alias) =>
    `concat('period ', toString(${alias}.key), ' ', ${alias}.interface, ' ', toString(${alias}.first_hour))`,
  resolveKey,
  textsOfRows: (fields) => ({
    join: '',
    texts: fields.map((field) => resolveKey(field, `p.${quote(field.name)}`).text),
  }),
  cell,
};
