import { PeepholeError } from '../../model/errors.ts';
import { quote } from '../../sql/dialects/druid/druid-layout.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import { visible } from './needed-rows.ts';

/** Segments that are published, not replaced by others, and meant to be loaded. */
const PUBLISHED =
  'FROM sys.segments WHERE datasource = ? AND is_published = 1 AND is_overshadowed = 0 AND replication_factor <> 0';

/** A data source's segments: how many, how many of them no server can be asked for now, rows and bytes. */
export interface SegmentCounts {
  readonly segments: number;
  readonly unavailable: number;
  readonly bytes: number;
}

export async function countSegments(server: DruidServer, options: RunOptions = {}): Promise<SegmentCounts> {
  const [row] = await server.rows(
    `SELECT COUNT(*), COUNT(*) FILTER (WHERE is_available = 0), SUM("size") ${PUBLISHED}`,
    [server.datasource],
    options,
  );
  return {
    segments: Number(row?.[0] ?? 0),
    unavailable: Number(row?.[1] ?? 0),
    bytes: Number(row?.[2] ?? 0),
  };
}

/**
 * Refuses to answer while Druid would leave out flows: its brokers answer from the segments that historicals serve, and
 * say nothing of others. Segments of a batch that is just coming in may be missing. What a task that reads from Kafka had
 * in memory is in no segment: then flows are counted each time.
 *
 * @param flows how many the batches have that may be seen
 */
export async function checkComplete(
  server: DruidServer,
  hidden: readonly string[],
  flows: number,
  options: RunOptions,
): Promise<void> {
  const { unavailable } = await countSegments(server, options);
  if (unavailable === 0 && !server.streams) return;
  const texts: string[] = [];
  const seen = visible(hidden, (text) => {
    texts.push(text);
    return '?';
  });
  const where = seen.length === 0 ? '' : ` WHERE ${seen.join(' AND ')}`;
  const found = await countRows(server, where, texts, options);
  if (found === flows) return;
  throw new PeepholeError(
    'engine_unreachable',
    `Druid at ${server.where} can reach ${found.toLocaleString('en-US')} of ${flows.toLocaleString('en-US')} flows: ${unavailable} segments are on no historical now. An answer would leave out the others. Ask again once historicals and tasks are back.`,
  );
}

async function countRows(
  server: DruidServer,
  where: string,
  texts: readonly string[],
  options: RunOptions,
): Promise<number> {
  try {
    const [row] = await server.rows(
      `SELECT COUNT(*) FROM ${quote(server.datasource)}${where}`,
      texts,
      options,
    );
    return Number(row?.[0] ?? 0);
  } catch (error) {
    // A table of which no segment is served is none to a broker.
    if (error instanceof PeepholeError && error.code === 'engine_failed') return 0;
    throw error;
  }
}
