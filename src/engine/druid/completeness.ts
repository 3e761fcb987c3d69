import { PeepholeError } from '../../model/errors.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';

/** Segments that are published, not replaced by others, and meant to be loaded. */
const PUBLISHED = 'is_published = 1 AND is_overshadowed = 0 AND replication_factor <> 0';

/** The segments of data sources: how many, how many of them no server can be asked for now, rows and bytes. */
export interface SegmentCounts {
  readonly segments: number;
  readonly unavailable: number;
  readonly bytes: number;
}

export async function countSegments(
  server: DruidServer,
  options: RunOptions = {},
  datasources = server.datasources,
): Promise<SegmentCounts> {
  const [row] = await server.rows(
    `SELECT COUNT(*), COUNT(*) FILTER (WHERE is_available = 0), SUM("size") FROM sys.segments WHERE datasource IN (${datasources.map(() => '?').join(', ')}) AND ${PUBLISHED}`,
    datasources,
    options,
  );
  return {
    segments: Number(row?.[0] ?? 0),
    unavailable: Number(row?.[1] ?? 0),
    bytes: Number(row?.[2] ?? 0),
  };
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
