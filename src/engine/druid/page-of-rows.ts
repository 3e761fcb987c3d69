import { PeepholeError } from '../../model/errors.ts';
import { HAS_START, START_SECOND, quote } from '../../sql/dialects/druid/druid-layout.ts';
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
  const where = [...rows.conditions, HAS_START].join(' AND ');
  const counts = await server.rows(
    `SELECT ${START_SECOND} AS "s", COUNT(*) FROM ${quote(server.datasource)} WHERE ${where} GROUP BY 1 ORDER BY 1 ${order.toUpperCase()} LIMIT ${reach}`,
    rows.texts,
    options,
  );
  let found = 0;
  let last: number | null = null;
  for (const [second, count] of counts) {
    found += Number(count);
    last = Number(second);
    if (found >= reach) break;
  }
  // Where the page reaches beyond all rows with a start, those without are wanted too.
  const bound =
    last === null || found < reach
      ? []
      : [`(${HAS_START} AND ${START_SECOND} ${order === 'desc' ? '>=' : '<='} ${last})`];
  const all: Row[] = [];
  const narrowed = {
    ...rows,
    conditions: [...rows.conditions, ...bound],
    whole: { ...rows.whole, same: rows.whole.same && bound.length === 0 },
  };
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

/** All rows that are needed, always in one order: what they are sorted by next leaves some equal, and pages must not overlap. */
export async function sortedRows(
  server: DruidServer,
  rows: NeededRows,
  options: RunOptions,
): Promise<readonly Row[]> {
  const all: (readonly [text: string, row: Row])[] = [];
  for await (const some of fetchRows(server, rows, options)) {
    for (const row of some) all.push([JSON.stringify(row), row]);
    if (all.length > MOST_SORTED)
      throw new PeepholeError(
        'too_large',
        `These are more than ${MOST_SORTED.toLocaleString('en-US')} flows; of so many a store in Druid lists only the first by time, and not with filters that are patterns or derived. Ask about a shorter time.`,
      );
  }
  all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return all.map(([, row]) => row);
}
