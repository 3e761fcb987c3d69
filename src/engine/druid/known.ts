import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { START_SECOND, quote } from '../../sql/dialects/druid/druid-layout.ts';
import { copySnapshot } from '../duckdb/copy-store.ts';
import type { Store } from '../duckdb/store.ts';
import { newestHour } from '../newest-hour.ts';
import type { FlowRange } from '../store-status.ts';
import { droppedFlows } from './cut-table.ts';
import { withCause } from './completeness.ts';
import type { DruidServer } from './druid-server.ts';
import { type SeenBatches, visible } from './seen-batches.ts';
import type { StoredFlows } from './stored-flows.ts';
import { isIn, missingFlows } from './whole-answer.ts';

/** What a question is asked of: a revision of the store, and the batches that are in it. */
export interface Moment {
  readonly revision: number;
  readonly seen: SeenBatches;
}

/** What is known of the store at a moment. */
export interface Known extends StoredFlows {
  /** A file with all but flows, which nobody writes. */
  readonly base: string;
}

/** Learns what there is to know now. Throws `engine_unreachable` where Druid does not find all flows of the last hour. @param name of the file that is made */
export async function learn(
  server: DruidServer,
  store: Store,
  moment: () => Moment,
  name: string,
): Promise<Known> {
  const folder = join(store.options.folder, 'working');
  await mkdir(folder, { recursive: true });
  const base = join(folder, name);
  for (;;) {
    const { revision, seen } = moment();
    await copySnapshot(store, base);
    const [row] = await store.database.rows('SELECT coalesce(sum(flows), 0) FROM input');
    const hours = await store.database.rows('SELECT hour, flows FROM logged_hour WHERE flows > 0');
    const dropped = await droppedFlows(store);
    const columns = new Set(store.columns.flow);
    const now = moment();
    // A batch that was committed meanwhile may be in a part of this.
    if (now.revision !== revision || now.seen.hidden.join() !== seen.hidden.join()) continue;
    const flows = Number(row?.[0] ?? 0) - dropped;
    const counts = new Map(hours.map(([hour, count]) => [Number(hour), Number(count)]));
    const first = [...counts.keys()].reduce((least, hour) => Math.min(least, hour), Infinity);
    const cuts = seen.cuts.map((cut) => ({ ...cut, late: first * 3600 < cut.before }));
    return {
      datasource: server.datasource,
      rollup: server.rollup,
      base,
      flows,
      seen: { ...seen, cuts },
      hours: counts,
      columns: flows === 0 ? new Set() : columns,
      range: await rangeOf(server, { ...seen, cuts }, counts),
    };
  }
}

/** The newest start in an hour that is over by some second; null: there is none. Throws `engine_unreachable` where Druid has not all flows of that hour. */
export async function newestStart(
  server: DruidServer,
  { hours, seen }: Known,
  second: number,
): Promise<number | null> {
  const over = [...hours.keys()].filter((hour) => (hour + 1) * 3600 <= second);
  if (over.length === 0) return null;
  const hour = over.reduce((most, one) => Math.max(most, one));
  const texts: string[] = [];
  const conditions = visible(seen, (text) => {
    texts.push(text);
    return '?';
  });
  const within = isIn({ from: hour, to: hour + 1 });
  const sql = `SELECT MAX(${START_SECOND}), COUNT(*) FROM ${quote(server.datasource)} WHERE ${[...conditions, within].join(' AND ')}`;
  const [row] = await withCause(server.rows(sql, texts), server, {});
  const found = Number(row?.[1] ?? 0);
  if (found !== hours.get(hour)) throw await missingFlows(server, found, hours.get(hour) ?? 0, {});
  return Number(row?.[0]);
}

/**
 * When flows start, looked for in the first and in the last hour, and in the newest if the last is of a clock that is ahead. Where Druid has not all flows of the first one, that hour
 * is all that is known.
 */
async function rangeOf(
  server: DruidServer,
  seen: SeenBatches,
  hours: ReadonlyMap<number, number>,
): Promise<FlowRange | null> {
  if (hours.size === 0) return null;
  const all = [...hours.keys()];
  const first = all.reduce((least, hour) => Math.min(least, hour));
  const last = all.reduce((most, hour) => Math.max(most, hour));
  const latest = newestHour();
  const begun = all.filter((hour) => hour <= latest);
  const newest = begun.length === 0 ? last : begun.reduce((most, hour) => Math.max(most, hour));
  const texts: string[] = [];
  const conditions = visible(seen, (text) => {
    texts.push(text);
    return '?';
  });
  const [inFirst, inLast, inNewest] = [first, last, newest].map((hour) => isIn({ from: hour, to: hour + 1 }));
  const sql = `SELECT MIN(${START_SECOND}), MAX(${START_SECOND}), MAX(${START_SECOND}) FILTER (WHERE ${inNewest}), COUNT(*) FILTER (WHERE ${inFirst}), COUNT(*) FILTER (WHERE ${inNewest}) FROM ${quote(server.datasource)} WHERE ${[...conditions, `(${inFirst} OR ${inLast} OR ${inNewest})`].join(' AND ')}`;
  const [row] = await withCause(server.rows(sql, texts), server, {});
  const [least, most, mostOfNewest, ofFirst, ofNewest] = (row ?? []).map((cell) => Number(cell ?? 0));
  // What "the last hour" means must be known.
  if (ofNewest !== hours.get(newest))
    throw await missingFlows(server, ofNewest ?? 0, hours.get(newest) ?? 0, {});
  return {
    first: least === undefined || ofFirst !== hours.get(first) ? first * 3600 : least,
    last: most ?? last * 3600 + 3599,
    newest: mostOfNewest ?? newest * 3600 + 3599,
  };
}
