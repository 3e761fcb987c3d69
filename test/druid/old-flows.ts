// Flows of some days, and what stores say of them, for the tests of `retain`.
import type { DruidServer } from '../../src/engine/druid/druid-server.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import type { PlainRecord } from '../support/batch-of.ts';
import { sqlRows } from '../support/sql-rows.ts';

export const DAY = 86_400;
/** Midnight, UTC. The newest flow of each test is a second before one, so that whole days are what DuckDB drops. */
export const START = 1_529_452_800;

/** Flows of so many days, one of them without a start, and two coverage records a day. */
export function records(days: number, marked = 0): readonly PlainRecord[] {
  const all: PlainRecord[] = [];
  for (let hour = 0; hour < days * 24; hour++)
    for (let i = 0; i < 3; i++)
      all.push({
        srcaddr: `10.0.0.${(hour * 3 + i) % 40}`,
        dstaddr: '192.0.2.1',
        dstport: i === 0 ? 22 : 443,
        protocol: 6,
        bytes: marked + hour * 3 + i,
        action: i === 0 ? 'REJECT' : 'ACCEPT',
        start: START + hour * 3600 + (i === 2 ? 3599 : i),
        end: START + hour * 3600 + 3630,
      });
  all.push({ srcaddr: '10.0.0.1', bytes: 7 + marked, action: 'ACCEPT' });
  for (let day = 0; day < days; day++)
    for (const log_status of ['NODATA', 'SKIPDATA'])
      all.push({
        interface_id: 'eni-1',
        log_status,
        start: START + day * DAY + 7200,
        end: START + day * DAY + 7260,
      });
  return all;
}

const questions = [
  { measures: ['flows', 'bytes', 'unique_sources'] },
  { splits: [{ field: 'time', bucket: 'PT1H', limit: null }], measures: ['flows', 'bytes'] },
  { splits: [{ field: 'srcaddr', limit: 5 }], other: true, subtotals: true, measures: ['flows', 'bytes'] },
  { filter: [{ field: 'dstport', in: [22] }], measures: ['flows', 'connections'] },
  { filter: [{ field: 'dstport', in: [22] }], time: { last: 'P2D' }, measures: ['flows'] },
].map((json) => parseQuery(json));

/** What a store says of its flows, whichever database they are in. */
export async function saidBy(store: FlowStore): Promise<unknown> {
  await store.settled();
  const answers: unknown[] = [];
  for (const query of questions) {
    const { rows, subtotals } = await store.query(query);
    answers.push(
      rows,
      subtotals?.map(({ values }) => values),
    );
  }
  const { flows, untimed_flows, nodata, skipdata, inputs, range, gap_hours, lossy } = await store.status();
  const sql = await sqlRows(await store.sql('SELECT count(*), min("start"), sum(bytes) FROM flows'));
  const coverage = await sqlRows(await store.sql('SELECT count(*) FROM coverage'));
  const status = { flows, untimed_flows, nodata, skipdata, inputs, range, gap_hours, lossy };
  return { answers, status, sql, coverage, range: await store.flowRange() };
}

/** Segments that are wholly before a moment and have flows with a start: how many are in use, and how many out of use and not deleted. */
export async function oldSegments(
  server: DruidServer,
  before: number,
): Promise<{ readonly used: number; readonly unused: number }> {
  const until = new Date(before * 1000).toISOString();
  const [row] = await server.rows(
    `SELECT COUNT(*) FROM sys.segments WHERE datasource IN (?, ?) AND is_published = 1 AND num_rows > 0 AND "start" >= '1970' AND "end" <= ?`,
    [server.datasource, server.rollupName, until],
  );
  let unused = 0;
  for (const name of [server.datasource, server.rollupName]) {
    const some = (await server.get(
      `/druid/coordinator/v1/metadata/datasources/${name}/unusedSegments?interval=1970-01-01_${until}`,
    )) as readonly unknown[];
    unused += some.length;
  }
  return { used: Number(row?.[0] ?? 0), unused };
}

export const NONE = { used: 0, unused: 0 };
