import type { DuckDBConnection } from '@duckdb/node-api';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { rolledColumn } from '../../sql/dialects/duckdb/duckdb-rollups.ts';
import type { Rollup } from '../../sql/plan/rollup.ts';

/**
 * The expressions by which rows of flows lie in order within what is written at once, for a table with these columns:
 * what queries ask for lies together, and compresses well. By the hour, and then by service: each way of it has one port
 * that hardly changes, packed to nothing, and one that is different in each row; mixed, both ports would need two bytes.
 * Large flows lie apart: DuckDB packs 2,048 amounts with the bits of the largest of them.
 */
export function flowOrder(columns: ReadonlySet<string>): readonly string[] {
  const service =
    columns.has('srcport') && columns.has('dstport')
      ? ['srcport < dstport', 'least(srcport, dstport)']
      : ['dstport'].filter((name) => columns.has(name));
  const named = (names: readonly string[]): readonly string[] =>
    names.filter((name) => columns.has(name)).map((name) => `"${name}"`);
  const large = columns.has('packets') ? [`packets >= ${LARGE_FLOW}`] : [];
  return [
    ...named(['hour', 'action']),
    ...service,
    ...large,
    ...named(['interface_id', 'dstaddr', 'srcaddr']),
  ];
}

/** Packets from which on a flow, or what a rollup adds up, is a large one. */
const LARGE_FLOW = 32;
const LARGE_SUM = 256;

/**
 * The same order as one number of 128 bits, which DuckDB sorts in two thirds of the time; '' for a table with none of its
 * columns. What is too long for its bits (ids of texts, sources beyond 31 bits) loses the first of them: such rows may lie
 * among each other.
 *
 * @param nullable which columns may have no value
 */
export function flowOrderKey(columns: ReadonlySet<string>, nullable: ReadonlySet<string>): string {
  const value = (name: string): string => (nullable.has(name) ? `coalesce("${name}", 0)` : `"${name}"`);
  const field = (name: string, bits: number): OrderPart => ({
    value: columns.has(name) ? value(name) : '',
    bits,
  });
  const hasWay = columns.has('srcport') && columns.has('dstport');
  const [source, destination] = [value('srcport'), value('dstport')];
  const service: OrderPart = hasWay
    ? { value: `least(${source}, ${destination})`, bits: 16 }
    : field('dstport', 16);
  const way = { value: hasWay ? `(${source} < ${destination})` : '', bits: 1 };
  const large = { value: columns.has('packets') ? `(${value('packets')} >= ${LARGE_FLOW})` : '', bits: 1 };
  const high = packed([
    field('hour', 21),
    field('action', 7),
    way,
    service,
    large,
    field('interface_id', 18),
  ]);
  const low = packed([field('dstaddr', 33), field('srcaddr', 31)]);
  if (high === '') return low;
  return low === '' ? high : `((${high})::UHUGEINT << 64) | (${low})::UHUGEINT`;
}

/** A piece of a number: what it says ('': nothing), in so many bits. */
interface OrderPart {
  readonly value: string;
  readonly bits: number;
}

/** The pieces of a number of 64 bits, the first one foremost; '' where none says anything. */
function packed(parts: readonly OrderPart[]): string {
  return parts
    .map(({ value, bits }, index) => {
      const shift = parts.slice(index + 1).reduce((sum, part) => sum + part.bits, 0);
      return value === '' ? '' : `((${value}::UBIGINT & ${2n ** BigInt(bits) - 1n}) << ${shift})`;
    })
    .filter((part) => part !== '')
    .join(' | ');
}

/**
 * Rows of rollups lie by the day, and within it by what they are about: what is asked of them is mostly days or weeks
 * long, and a third of the room is saved against an order by the hour. Large sums lie apart, as large flows do.
 */
function rollupOrder(columns: readonly string[]): readonly string[] {
  const named = (names: readonly string[]): readonly string[] =>
    names.filter((name) => columns.includes(name)).map((name) => `"${name}"`);
  return [
    'hour // 24',
    ...named(['action', 'protocol', 'interface_id']),
    ...(columns.includes('packets') ? [`packets >= ${LARGE_SUM}`] : []),
    ...named(['dstaddr', 'srcaddr', 'dstport', 'hour']),
  ];
}

/** Amounts from here on are not added up: a million of them might not fit into 63 bits. No real flow has them. */
const HUGE = 2 ** 40;

/** Whether a rollup has a column for a field. */
export function keeps(rollup: Rollup, name: string): boolean {
  const field = fieldNamed(name);
  return field !== undefined && rollup.keeps(field);
}

/**
 * Adds the flows of a table up into a rollup. `kept` are the rollup's fields, `stored` all columns of the table.
 *
 * @param hasHuge whether there may be amounts from 2^40 on
 * @param into the table that gets the rows; default: the rollup's own
 */
export async function insertRolledUp(
  api: DuckDBConnection,
  rollup: Rollup,
  kept: readonly string[],
  stored: readonly string[],
  from: string,
  hasHuge = true,
  into = rollup.table,
): Promise<void> {
  const hour = stored.includes('hour') ? hourOf(rollup) : 'NULL AS hour';
  const keys = [hour, ...kept.map((name) => `${rolledColumn(rollup, name, stored)} AS "${name}"`)];
  const amounts = ['bytes', 'packets'].filter((name) => stored.includes(name));
  await insertSums(api, into, kept, { keys, count: 'count(*)', one: '1', amounts, from, hasHuge });
}

/**
 * Adds rows of a rollup up once more: its own, of what came at several times into one hour, or those of a finer one.
 * `kept` are the fields that it has.
 */
export async function insertMerged(
  api: DuckDBConnection,
  rollup: Rollup,
  kept: readonly string[],
  from: string,
  hasHuge = true,
): Promise<void> {
  const keys = [hourOf(rollup), ...kept.map((name) => `"${name}"`)];
  await insertSums(api, rollup.table, kept, {
    keys,
    count: 'sum(flows)',
    one: 'flows',
    amounts: ['bytes', 'packets'],
    from,
    hasHuge,
  });
}

/** The first of the hours that a row of a rollup is about. */
function hourOf({ hours }: Rollup): string {
  return hours === 1 ? 'hour' : `CAST(hour // ${hours} * ${hours} AS UINTEGER) AS hour`;
}

interface Sums {
  readonly keys: readonly string[];
  /** How many flows a group has, and a single row. */
  readonly count: string;
  readonly one: string;
  readonly amounts: readonly string[];
  readonly from: string;
  readonly hasHuge: boolean;
}

/**
 * Only if there is something to add up: where an ordered INSERT brings no rows, DuckDB (1.5, several threads) loses what
 * other statements of the same transaction then insert into that table, if it is a row group or more. It reports no error.
 */
async function insertSums(
  api: DuckDBConnection,
  into: string,
  kept: readonly string[],
  { keys, count, one, amounts, from, hasHuge }: Sums,
): Promise<void> {
  const some = await api.runAndReadAll(`SELECT 1 FROM ${from} LIMIT 1`);
  if (some.currentRowCount === 0) return;
  const sums = amounts.map((name) => `CAST(sum(${name}) AS BIGINT) AS ${name}`);
  const huge = (hasHuge ? amounts : []).map((name) => `coalesce(${name}, 0) >= ${HUGE}`).join(' OR ');
  const columns = ['hour', ...kept, 'flows', ...amounts];
  const names = columns.map((name) => `"${name}"`).join(', ');
  const rolled = `SELECT ${[...keys, `CAST(${count} AS UINTEGER) AS flows`, ...sums].join(', ')} FROM ${from}`;
  const rows =
    huge === ''
      ? `${rolled} GROUP BY ALL`
      : `${rolled} WHERE NOT (${huge}) GROUP BY ALL
         UNION ALL SELECT ${[...keys, `${one} AS flows`, ...amounts].join(', ')} FROM ${from} WHERE ${huge}`;
  await api.run(
    `INSERT INTO ${into} (${names}) SELECT ${names} FROM (${rows}) ORDER BY ${rollupOrder(columns).join(', ')}`,
  );
}
