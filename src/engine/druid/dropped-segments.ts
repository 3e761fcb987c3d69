import { randomUUID } from 'node:crypto';
import { awaitEnd } from './append-batch.ts';
import { dayOf } from './cuts.ts';
import type { DruidServer } from './druid-server.ts';
import { emptyTask } from './task-spec.ts';

const DAY = 86_400;
/** Segments that are named in one request. */
const MOST_AT_ONCE = 500;

interface Segment {
  readonly id: string;
  readonly rows: number;
  readonly bytes: number;
  /** Whether others have taken its place, so that no question reads it. */
  readonly isReplaced: boolean;
}

/** Days (UTC), as Unix seconds, with all segments that are in them. */
interface Days {
  readonly from: number;
  readonly to: number;
  readonly segments: readonly Segment[];
}

/** Whether a data source has segments of days before a moment, with flows that have a start. @param before Unix seconds */
export async function hasSegmentsBefore(
  server: DruidServer,
  datasource: string,
  before: number,
): Promise<boolean> {
  return (await daysBefore(server, datasource, before)).length > 0;
}

/**
 * Takes the segments of a data source out of use that are of days before a moment. They are not only marked: Druid would then give new
 * segments of these days the same names, and lose what came late. Instead a task replaces the days by empty segments of a new version,
 * which Druid does in one step, beside whatever is being written to them.
 *
 * @returns how many bytes were in use
 * @throws `engine_failed` if the task does not end well
 */
export async function dropSegments(server: DruidServer, datasource: string, before: number): Promise<number> {
  const past = await daysBefore(server, datasource, before);
  if (past.length === 0) return 0;
  const id = `${datasource}-drop-${randomUUID()}`;
  const inUse = past.filter(hasRows);
  const intervals = inUse.map(({ from, to }) => `${isoOf(from)}/${isoOf(to)}`);
  if (inUse.length > 0) {
    await server.beginTask(id, JSON.stringify(emptyTask(id, datasource, intervals)));
    await awaitEnd(server, id, 'drop old flows');
  }
  // Empty segments stay where nothing took their place: new ones are named after them.
  const segments = past.flatMap((days) =>
    hasRows(days) ? days.segments : days.segments.filter((one) => one.isReplaced),
  );
  for (let from = 0; from < segments.length; from += MOST_AT_ONCE)
    await server.post(
      `/druid/coordinator/v1/datasources/${encodeURIComponent(datasource)}/markUnused`,
      JSON.stringify({ segmentIds: segments.slice(from, from + MOST_AT_ONCE).map((one) => one.id) }),
    );
  return segments.reduce((sum, { bytes, isReplaced }) => sum + (isReplaced ? 0 : bytes), 0);
}

/** Deletes segments for good that are out of use and of before a moment, and waits for it. Throws `engine_failed` if it does not end well. */
export async function deleteUnused(server: DruidServer, datasource: string, before: number): Promise<void> {
  if (before === 0) return;
  const unused = await server.get(
    `/druid/coordinator/v1/metadata/datasources/${encodeURIComponent(datasource)}/unusedSegments?interval=${isoOf(0)}_${isoOf(before)}&limit=1`,
  );
  if (!Array.isArray(unused) || unused.length === 0) return;
  const id = `${datasource}-delete-${randomUUID()}`;
  const interval = `${isoOf(0)}/${isoOf(before)}`;
  const spec = { type: 'kill', id, dataSource: datasource, interval, context: { useConcurrentLocks: true } };
  await server.beginTask(id, JSON.stringify(spec));
  await awaitEnd(server, id, 'delete old segments');
}

async function daysBefore(server: DruidServer, datasource: string, before: number): Promise<readonly Days[]> {
  if (before === 0) return [];
  const rows = await server.rows(
    'SELECT segment_id, "start", "end", num_rows, "size", is_overshadowed FROM sys.segments WHERE datasource = ? AND is_published = 1',
    [datasource],
  );
  const stretches: { from: number; to: number; segments: Segment[] }[] = [];
  const all = rows
    .map(([id, start, end, count, bytes, overshadowed]) => ({
      from: dayOf(Date.parse(String(start)) / 1000),
      to: dayOf(Date.parse(String(end)) / 1000 - 1) + DAY,
      segment: {
        id: String(id),
        rows: Number(count ?? 0),
        bytes: Number(bytes ?? 0),
        isReplaced: Number(overshadowed) === 1,
      },
    }))
    .toSorted((a, b) => a.from - b.from);
  for (const { from, to, segment } of all) {
    const last = stretches.at(-1);
    if (last === undefined || from >= last.to) stretches.push({ from, to, segments: [segment] });
    else {
      last.to = Math.max(last.to, to);
      last.segments.push(segment);
    }
  }
  // Flows without a start are before 1970.
  const past = stretches.filter((days) => days.from >= 0 && days.to <= before && isLeft(days));
  if (past.length === 0) return [];
  // The coordinator's own list is up to a minute old: what was taken out of use just now is in it.
  const used = JSON.parse(
    await server.post(
      `/druid/coordinator/v1/metadata/datasources/${encodeURIComponent(datasource)}/segments`,
      JSON.stringify([`${isoOf(0)}/${isoOf(before)}`]),
    ),
  ) as readonly string[];
  const ids = new Set(used);
  return past
    .map((days) => ({ ...days, segments: days.segments.filter(({ id }) => ids.has(id)) }))
    .filter(isLeft);
}

/** Whether questions read rows of it: empty segments are what is left of days that were dropped. */
function hasRows({ segments }: Days): boolean {
  return segments.some(({ rows, isReplaced }) => rows > 0 && !isReplaced);
}

/** Whether anything is to be dropped: rows, or segments that a killed run had replaced and not yet marked as unused. */
function isLeft(days: Days): boolean {
  return hasRows(days) || days.segments.some(({ isReplaced }) => isReplaced);
}

function isoOf(second: number): string {
  return new Date(second * 1000).toISOString();
}
