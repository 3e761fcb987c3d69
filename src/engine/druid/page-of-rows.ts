import type { Field } from '../../model/catalog/field.ts';
import { PeepholeError } from '../../model/errors.ts';
import { HAS_START, START_SECOND, quote } from '../../sql/dialects/druid/druid-layout.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import { fetchRows } from './fetch-rows.ts';
import type { NeededRows } from './needed-rows.ts';
import type { Row } from './read-lines.ts';

export interface PageRequest {
  readonly order: 'asc' | 'desc';
  readonly offset: number;
  readonly limit: number;
}

/**
 * A page of rows in the order of their starts, those without one last; rows of one start are in the order of all that they
 * hold, so that pages don't overlap. Druid first counts by start how far the page reaches, and then only gives those rows.
 */
export async function pageOf(
  server: DruidServer,
  rows: NeededRows,
  { order, offset, limit }: PageRequest,
  options: RunOptions,
): Promise<readonly Row[]> {
  if (!rows.any) return [];
  const reach = offset + limit;
  if (reach > MOST_SORTED) throw tooMany();
  const narrowed = await reaching(server, rows, fieldOf('start'), order, reach, options);
  const all: Row[] = [];
  for await (const some of fetchRows(server, narrowed, options)) {
    for (const row of some) all.push(row);
    if (all.length > MOST_SORTED) throw tooMany();
  }
  const sign = order === 'desc' ? -1 : 1;
  const keyed = all.map((row) => ({ row, text: JSON.stringify(row), start: row[0] }));
  keyed.sort((a, b) => {
    if (a.start !== b.start) {
      if (a.start === null) return 1;
      if (b.start === null) return -1;
      return sign * (Number(a.start) - Number(b.start));
    }
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  });
  return keyed.slice(offset, reach).map(({ row }) => row);
}

/** More rows than this are not held here to be put in order. */
const MOST_SORTED = 500_000;

function tooMany(): PeepholeError {
  return new PeepholeError(
    'too_large',
    `Of a store in Druid only the first ${MOST_SORTED.toLocaleString('en-US')} flows are listed. Narrow the question.`,
  );
}

/**
 * The rows that a page in the order of a field needs, and all that are as far as its last one, always in one order: what they are
 * sorted by next leaves some equal, and pages must not overlap.
 *
 * @param field a stored one; null: all rows are needed, whatever the page
 */
export async function sortedRows(
  server: DruidServer,
  rows: NeededRows,
  field: Field | null,
  { order, offset, limit }: PageRequest,
  options: RunOptions,
): Promise<readonly Row[]> {
  if (!rows.any) return [];
  const narrowed =
    field === null ? rows : await reaching(server, rows, field, order, offset + limit, options);
  const all: (readonly [text: string, row: Row])[] = [];
  for await (const some of fetchRows(server, narrowed, options)) {
    for (const row of some) all.push([JSON.stringify(row), row]);
    if (all.length > MOST_SORTED)
      throw new PeepholeError(
        'too_large',
        `These are more than ${MOST_SORTED.toLocaleString('en-US')} flows; of so many a store in Druid lists only the first by a logged field, if few have the same value, and not with filters that are patterns or derived. Ask about a shorter time.`,
      );
  }
  all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return all.map(([, row]) => row);
}

/** The rows that are no farther than so many, in the order of a field, which Druid counts by it. */
async function reaching(
  server: DruidServer,
  rows: NeededRows,
  field: Field,
  order: 'asc' | 'desc',
  reach: number,
  options: RunOptions,
): Promise<NeededRows> {
  const { key, has, isText } = orderOf(field);
  const where = [...rows.conditions, has].join(' AND ');
  const counts = await server.rows(
    `SELECT CAST(${key} AS VARCHAR), COUNT(*) FROM ${quote(server.datasource)} WHERE ${where} GROUP BY ${key} ORDER BY ${key} ${order.toUpperCase()} LIMIT ${reach}`,
    rows.texts,
    options,
  );
  let found = 0;
  for (const [value, count] of counts) {
    found += Number(count);
    if (found < reach) continue;
    const last = isText ? '?' : String(BigInt(String(value)));
    return {
      ...rows,
      conditions: [...rows.conditions, `(${has} AND ${key} ${order === 'desc' ? '>=' : '<='} ${last})`],
      texts: isText ? [...rows.texts, String(value)] : rows.texts,
      whole: { ...rows.whole, same: false },
    };
  }
  // The page reaches beyond all rows that have a value: those without are wanted too.
  return rows;
}

/** What rows are ordered by, as `resolveKey` of DuckDB's orders them, and which rows have it. */
function orderOf({ name, type }: Field): {
  readonly key: string;
  readonly has: string;
  readonly isText: boolean;
} {
  if (name === 'start') return { key: START_SECOND, has: HAS_START, isText: false };
  const column = quote(name);
  const has = `${column} IS NOT NULL`;
  // Those of IPv6 count as equal: Druid can't order them.
  if (type === 'address') return { key: `COALESCE(IPV4_PARSE(${column}), ${2 ** 32})`, has, isText: false };
  return { key: column, has, isText: type === 'text' };
}
