import { PeepholeError } from '../../model/errors.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';

/** Segments that are published, not replaced by others, and meant to be loaded. */
const PUBLISHED = 'is_published = 1 AND is_overshadowed = 0 AND replication_factor <> 0';

/** Segments that tasks still write, and answer from. */
const WRITTEN = 'is_published = 0 AND is_realtime = 1';

/** The published segments of data sources: how many, how many of them no server can be asked for now, and bytes; and those that tasks write. */
export interface SegmentCounts {
  readonly segments: number;
  readonly unavailable: number;
  readonly bytes: number;
  readonly inTasks: number;
}

export async function countSegments(
  server: DruidServer,
  options: RunOptions = {},
  datasources = server.datasources,
): Promise<SegmentCounts> {
  const [row] = await server.rows(
    `SELECT COUNT(*) FILTER (WHERE ${PUBLISHED}), COUNT(*) FILTER (WHERE ${PUBLISHED} AND is_available = 0), SUM("size") FILTER (WHERE ${PUBLISHED}), COUNT(*) FILTER (WHERE ${WRITTEN}) FROM sys.segments WHERE datasource IN (${datasources.map(() => '?').join(', ')})`,
    datasources,
    options,
  );
  return {
    segments: Number(row?.[0] ?? 0),
    unavailable: Number(row?.[1] ?? 0),
    bytes: Number(row?.[2] ?? 0),
    inTasks: Number(row?.[3] ?? 0),
  };
}

/** How many tasks of the server's data sources have not begun, since no slot is free. */
export async function waitingTasks(server: DruidServer, options: RunOptions = {}): Promise<number> {
  const { datasources } = server;
  const [row] = await server.rows(
    `SELECT COUNT(*) FROM sys.tasks WHERE datasource IN (${datasources.map(() => '?').join(', ')}) AND status = 'RUNNING' AND runner_status = 'PENDING'`,
    datasources,
    options,
  );
  return Number(row?.[0] ?? 0);
}

/** What is said beside rows that are missing, if tasks wait that are to bring them; else nothing. It never fails. */
export async function aboutWaiting(server: DruidServer, options: RunOptions = {}): Promise<string> {
  const waiting = await waitingTasks(server, options).catch(() => 0);
  if (waiting === 0) return '';
  return ` ${waiting === 1 ? '1 task of it waits' : `${waiting} tasks of it wait`} for a free slot: end other tasks, or give Druid more (druid.worker.capacity).`;
}

/**
 * What a statement failed with, told apart: a table of which no broker knows a segment is none to it.
 *
 * @returns the error, or one that says that segments are missing
 */
async function causeOf(failure: unknown, server: DruidServer, options: RunOptions): Promise<unknown> {
  if (!(failure instanceof PeepholeError) || failure.code !== 'engine_failed') return failure;
  const segments = await countSegments(server, options).catch(() => null);
  if (segments === null || segments.unavailable === 0) return failure;
  return new PeepholeError(
    'engine_unreachable',
    `Druid at ${server.where} has ${segments.unavailable} of ${segments.segments} segments on no historical now, and failed: ${failure.message} Ask again once historicals are back.`,
    {},
    { cause: failure },
  );
}

/** The result of work; if it fails because segments are missing, the error says so. */
export async function withCause<T>(work: Promise<T>, server: DruidServer, options: RunOptions): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw await causeOf(error, server, options);
  }
}
