import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { SegmentGranularity } from '../store-driver.ts';
import { BATCH, quote } from '../../sql/dialects/druid/druid-layout.ts';
import { fromWhere } from '../../sql/dialects/druid/druid-select.ts';
import { type DruidTable, countFlows, flowTable, hourTable } from '../../sql/dialects/druid/druid-table.ts';
import { aboutWaiting } from './completeness.ts';
import { startsFrom } from './cuts.ts';
import type { DruidServer } from './druid-server.ts';
import { appendTask, layoutOf } from './task-spec.ts';

/** Milliseconds between two looks at a task. */
const LOOK_EVERY = 250;
/** For so long, in milliseconds, is waited for a server that does not answer, and for rows that were taken in to be seen. */
const PATIENCE = 300_000;

/**
 * Begins the task that takes lines into a data source of the server's. Its name is made of the data source, the batch and a number:
 * however often it is sent, it runs once.
 *
 * @returns its id
 */
export async function beginAppend(
  server: DruidServer,
  batch: string,
  nth: number,
  lines: readonly string[],
  datasource = server.datasource,
  segments: SegmentGranularity = 'day',
): Promise<string> {
  const id = `${datasource}-${batch}-${nth}`;
  const spec = JSON.stringify(appendTask(id, layoutOf(server, datasource, segments), lines.join('\n')));
  await patiently(() => server.beginTask(id, spec));
  return id;
}

/** Waits until a task has taken its rows in. Throws `engine_failed` if it did not. */
export async function awaitTask(server: DruidServer, id: string): Promise<void> {
  await awaitEnd(server, id, 'take rows in', ' Nothing of this batch is seen; take its inputs in again.');
}

/** Waits until a task has ended. Throws `engine_failed` if it failed. @param what it is to do @param advice what follows */
export async function awaitEnd(
  server: DruidServer,
  id: string,
  what: string,
  advice = ' Run the command again.',
): Promise<void> {
  for (;;) {
    const state = await patiently(() => server.taskState(id));
    if (state === 'done') return;
    if (state !== 'running')
      throw new PeepholeError(
        'engine_failed',
        `Druid at ${server.where} did not ${what} by its task ${id}: ${state === 'none' ? 'it knows nothing of it' : state.failed}.${advice}`,
      );
    await sleep(LOOK_EVERY);
  }
}

/** Rows of a batch that questions must find. */
export interface ExpectedRows {
  /** Those that start from this second on, on a whole day (UTC), or have no start; 0: all. */
  readonly from: number;
  readonly rows: number;
}

/**
 * Waits until questions find all rows of a batch, in each data source: Druid's historicals load them after the task has ended, and
 * two supervisors read a topic each in its own time.
 */
export async function awaitRows(
  server: DruidServer,
  batch: string,
  expected: () => ExpectedRows,
): Promise<void> {
  await awaitIn(server, flowTable(server.datasource), batch, expected);
  if (server.rollup !== null) await awaitIn(server, hourTable(server.rollup), batch, expected);
}

async function awaitIn(
  server: DruidServer,
  table: DruidTable,
  batch: string,
  expected: () => ExpectedRows,
): Promise<void> {
  const until = Date.now() + PATIENCE;
  let found: number | string = 0;
  let rows = 0;
  while (Date.now() < until) {
    try {
      const { from, ...asked } = expected();
      rows = asked.rows;
      found = await countRows(server, table, batch, from);
      if (found === rows) return;
      if (found > rows) break;
    } catch (error) {
      // The first rows make the table, which the broker hears of a little later.
      if (!(error instanceof PeepholeError) || !['engine_failed', 'engine_unreachable'].includes(error.code))
        throw error;
      found = error.message;
    }
    await sleep(LOOK_EVERY);
  }
  throw new PeepholeError(
    'engine_failed',
    `Druid at ${server.where} took in ${rows} flows, and of these questions find ${found} in ${table.source}. Nothing of this batch is seen; take its inputs in again once the historicals load segments.${await aboutWaiting(server)}`,
  );
}

async function countRows(
  server: DruidServer,
  table: DruidTable,
  batch: string,
  from: number,
): Promise<number> {
  const since = from === 0 ? [] : [`(${startsFrom(from)})`];
  const [row] = await server.rows(
    `SELECT ${countFlows(table)} FROM ${fromWhere(table, [`${quote(BATCH)} = ?`, ...since])}`,
    [batch],
  );
  return Number(row?.[0] ?? 0);
}

/** Again, as long as the server does not answer: its services may be started anew while a batch comes in. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const away = error instanceof PeepholeError && error.code === 'engine_unreachable';
      if (!away || Date.now() > until) throw error;
      await sleep(LOOK_EVERY);
    }
  }
}
