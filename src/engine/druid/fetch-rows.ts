import { PeepholeError } from '../../model/errors.ts';
import { HUGE, type Select, selectAlike, selectEach } from '../../sql/dialects/druid/druid-select.ts';
import { flowTable } from '../../sql/dialects/druid/druid-table.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import type { NeededRows } from './needed-rows.ts';
import type { Row } from './read-lines.ts';
import { missingFlows, rowsBetweenCounts } from './whole-answer.ts';

/** So many rows are taken out of Druid for one question; a question that needs more is refused. */
export const MOST_ROWS = 3_000_000;

/** How many rows may be fetched, and what is said if there are more. */
export interface RowLimit {
  readonly most: number;
  readonly refusal: (datasource: string) => string;
}

const ofQuestions: RowLimit = {
  most: MOST_ROWS,
  refusal: (datasource) =>
    `This needs more than ${MOST_ROWS.toLocaleString('en-US')} rows of ${datasource} in Druid, and it is worked out here from these rows. Ask about a shorter time or fewer values, or leave out connections, who began, and addresses on both sides.`,
};
/** The largest number of flows that a row of a working store is. */
const MOST_WEIGHT = 4_294_967_295;

/** The fields that the rows of `fetchRows` are of. */
export function fieldsOf({
  each,
  grain,
  columns,
  amounts,
}: Pick<NeededRows, 'each' | 'grain' | 'columns' | 'amounts'>): readonly string[] {
  const start = each || grain !== null ? ['start'] : [];
  return each ? [...start, ...columns] : [...start, ...columns, 'flows', ...amounts];
}

/**
 * How rows are fetched: `whole` all that are needed, `apart` likewise from the flows, and amounts that are too large for JSON, or for
 * Druid to add them up, have rows of their own. `flows`: as before, but from the flows, since the rollup can't tell.
 */
export type Way = 'whole' | 'apart' | 'flows';

/** Thrown where the rows that came so far will not do: they are to be fetched again another way. */
export class FetchAgain extends Error {
  readonly way: Way;

  constructor(way: Way) {
    super(`to be fetched again: ${way}`);
    this.way = way;
  }
}

/** The way that rows are to be fetched again; null: it is another error. @param error of `fetchRows`, or of a transaction that it ended */
export function wayAgain(error: unknown): Way | null {
  const cause = error instanceof FetchAgain || !(error instanceof Error) ? error : error.cause;
  return cause instanceof FetchAgain ? cause.way : null;
}

/**
 * The rows that a question needs, out of Druid, as they come: none of them is kept here. Throws `too_large` if they are too many,
 * `engine_unreachable` where some are missing.
 *
 * @param way `whole` throws `FetchAgain` where amounts are too large, or where Druid has not all of the rollup at hand
 */
export async function* fetchRows(
  server: DruidServer,
  rows: NeededRows,
  options: RunOptions = {},
  way: 'whole' | 'apart' = 'whole',
  limit: RowLimit = ofQuestions,
): AsyncGenerator<readonly Row[]> {
  if (!rows.any) return;
  const needed = way === 'apart' ? { ...rows, table: flowTable(server.datasource) } : rows;
  yield* orFlows(server, needed, rowsOf(server, needed, options, way, limit));
}

/**
 * Rows as they come; where they were to come from the rollup and do not, `FetchAgain` says that the flows are to be asked, and the
 * server's status why.
 */
export async function* orFlows(
  server: DruidServer,
  { table }: Pick<NeededRows, 'table'>,
  rows: AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  if (table.kind === 'flows') {
    yield* rows;
    return;
  }
  try {
    yield* rows;
    server.rollupFailure = null;
  } catch (error) {
    if (!(error instanceof PeepholeError) || !['engine_unreachable', 'engine_failed'].includes(error.code))
      throw error;
    server.rollupFailure = error.message;
    throw new FetchAgain('flows');
  }
}

async function* rowsOf(
  server: DruidServer,
  needed: NeededRows,
  options: RunOptions,
  way: 'whole' | 'apart',
  limit: RowLimit,
): AsyncGenerator<readonly Row[]> {
  const { texts, whole } = needed;
  const apart = way === 'apart';
  const select = selectOf(needed, apart, limit);
  const pieces = whole.same
    ? server.pieces(select.sql, texts, options)
    : rowsBetweenCounts(server, needed.table, { ...select, sqls: [select.sql] }, texts, whole, options);
  const flows = select.columns.findIndex(({ name }) => name === 'flows');
  let found = 0;
  for await (const some of atMost(pieces, server, limit)) {
    found += flows < 0 ? some.length : some.reduce((sum, row) => sum + Number(row[flows]), 0);
    yield converted(some, needed, apart);
  }
  if (whole.same && found !== whole.flows) throw await missingFlows(server, found, whole.flows, options);
}

function selectOf(
  { table, each, grain, columns, written, ends, amounts, conditions }: NeededRows,
  apart: boolean,
  { most }: RowLimit,
): Select {
  // In the rollup ports are written so already.
  const own = table.kind === 'hours' || written === undefined ? {} : { written };
  const rows = { table, conditions, columns, ...own, limit: most + 1 };
  return each
    ? selectEach(rows)
    : selectAlike(rows, grain, amounts, apart && amounts.length > 0, ends === true);
}

/** Rows as `fieldsOf` has them. */
function converted(
  rows: readonly Row[],
  { each, amounts, ends }: NeededRows,
  apart: boolean,
): readonly Row[] {
  if (each) return rows;
  if (ends === true) return rows.flatMap(atItsEnds);
  if (amounts.length === 0) return rows.flatMap((row) => weighted(row, row.length - 1, []));
  if (apart) return rows.flatMap((row) => separated(row, amounts.length));
  // Whether a sum fits into 63 bits, and came as it is, is only known by its largest part.
  if (!rows.every((row) => isExact(row, amounts.length))) throw new FetchAgain('apart');
  return rows.flatMap((row) => summed(row, amounts.length));
}

/** Rows as they come. Throws `too_large` if they are too many. */
export async function* atMost(
  pieces: AsyncIterable<readonly Row[]>,
  server: DruidServer,
  { most, refusal }: RowLimit = ofQuestions,
): AsyncGenerator<readonly Row[]> {
  let count = 0;
  for await (const rows of pieces) {
    count += rows.length;
    if (count > most) throw new PeepholeError('too_large', refusal(server.datasource));
    yield rows;
  }
}

/** Start, columns, flows, first and last start: a row for the first of the flows and all but the last, and one for the last. */
function atItsEnds(row: Row): readonly Row[] {
  const [first, last] = row.slice(-2);
  const columns = row.slice(1, -3);
  const flows = Number(row.at(-3));
  return first === last
    ? weighted([first, ...columns, flows], 1 + columns.length, [])
    : [...weighted([first, ...columns, flows - 1], 1 + columns.length, []), [last, ...columns, 1]];
}

/** Whether each sum of a row came as the number that it is. */
export function isExact(row: Row, amounts: number): boolean {
  const first = row.length - 2 * amounts;
  return Array.from({ length: amounts }, (_, i) => first + 2 * i).every(
    (at) => isSafe(row[at]) && !isHuge(row[at + 1]),
  );
}

function isHuge(largest: unknown): boolean {
  return Number(largest ?? 0) >= Number(HUGE);
}

/** Whether a sum came as the number that it is. */
function isSafe(sum: unknown): boolean {
  return sum === null || sum === undefined || Number.isSafeInteger(sum);
}

/** Keys, flows, and a sum and a largest value for each amount. */
export function summed(row: Row, amounts: number): readonly Row[] {
  const flows = row.length - 1 - 2 * amounts;
  return weighted(
    row,
    flows,
    Array.from({ length: amounts }, (_, i) => row[flows + 1 + 2 * i] ?? null),
  );
}

/** Likewise, with what was too large to be added up before the flows: of those each flow has its own row. */
function separated(row: Row, amounts: number): readonly Row[] {
  const flows = row.length - 1 - 2 * amounts;
  const keys = row.slice(0, flows - amounts);
  const large = row.slice(flows - amounts, flows);
  const sums = Array.from({ length: amounts }, (_, i) => row[flows + 1 + 2 * i] ?? null);
  if (large.every((value) => value === null)) return weighted([...keys, row[flows]], keys.length, sums);
  return Array.from({ length: Number(row[flows]) }, (_, nth) => [
    ...keys,
    1,
    ...sums.map((sum, i) => large[i] ?? (nth === 0 ? sum : null)),
  ]);
}

/** Rows for one that stands for many flows; a single row for none that would not fit is none. */
export function weighted(row: Row, place: number, sums: readonly unknown[]): readonly Row[] {
  const count = Number(row[place]);
  if (sums.length === 0 && count > 0 && count <= MOST_WEIGHT) return [row];
  const keys = row.slice(0, place);
  const rows: Row[] = [];
  for (let flows = count; flows > 0; flows -= MOST_WEIGHT)
    rows.push([...keys, Math.min(flows, MOST_WEIGHT), ...(rows.length === 0 ? sums : sums.map(() => null))]);
  return rows;
}
