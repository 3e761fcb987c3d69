import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HAS_START, START_SECOND, quote } from '../../sql/dialects/druid/druid-layout.ts';
import { copySnapshot } from '../duckdb/copy-store.ts';
import type { Store } from '../duckdb/store.ts';
import type { FlowRange } from '../store-status.ts';
import { told } from './completeness.ts';
import type { DruidServer } from './druid-server.ts';
import { type SeenBatches, visible } from './seen-batches.ts';
import type { StoredFlows } from './stored-flows.ts';
import { missingFlows } from './whole-answer.ts';

/** What a question is asked of: a revision of the store, and the batches that are in it. */
export interface Moment {
  readonly revision: number;
  readonly seen: SeenBatches;
}

/** What is known of the store at a moment. */
export interface Known extends StoredFlows {
  /** A file with all but flows, which nobody writes. */
  readonly base: string;
  /** What was found to have many groups (`topRows`). */
  readonly many: Set<string>;
}

/** Learns what there is to know now. Throws `engine_unreachable` where Druid does not find all flows. @param name of the file that is made */
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
    const columns = new Set(store.columns.flow);
    const now = moment();
    // A batch that was committed meanwhile may be in a part of this.
    if (now.revision !== revision || now.seen.hidden.join() !== seen.hidden.join()) continue;
    const flows = Number(row?.[0] ?? 0);
    return {
      base,
      many: new Set(),
      flows,
      seen,
      hours: new Map(hours.map(([hour, count]) => [Number(hour), Number(count)])),
      columns: flows === 0 ? new Set() : columns,
      range: flows === 0 ? null : await rangeOf(server, seen, flows),
    };
  }
}

async function rangeOf(server: DruidServer, seen: SeenBatches, flows: number): Promise<FlowRange | null> {
  const texts: string[] = [];
  const conditions = visible(seen, (text) => {
    texts.push(text);
    return '?';
  });
  const sql = `SELECT MIN(${START_SECOND}) FILTER (WHERE ${HAS_START}), MAX(${START_SECOND}) FILTER (WHERE ${HAS_START}), COUNT(*) FROM ${quote(server.datasource)} WHERE ${conditions.join(' AND ')}`;
  const [row] = await told(server.rows(sql, texts), server, {});
  const found = Number(row?.[2] ?? 0);
  if (found !== flows) throw await missingFlows(server, found, flows, {});
  return row?.[0] === null || row?.[0] === undefined ? null : { first: Number(row[0]), last: Number(row[1]) };
}
