import { dirname, basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const texts = ['account_id', 'interface_id', 'srcaddr', 'dstaddr', 'action', 'log_status'];
const numbers = ['version', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'end'];
const columns =
  'version account_id interface_id srcaddr dstaddr srcport dstport protocol packets bytes start end action log_status'.split(
    ' ',
  );
const LOOK_EVERY = 250;
/** Seconds after which it is given up. */
const PATIENCE = 900;

/**
 * Has Druid load the lines of a gzip file by itself, as an expert would have it: one native batch task that reads the file, with
 * neither ledger nor checks. Its servers must see the file. Resolves to seconds from the task to when questions find all flows.
 *
 * @param address the router's, with a data source as its path: the rows go to another one beside it
 */
export async function loadIntoDruid(address: string, file: string, flows: number): Promise<number> {
  const url = new URL(address);
  const datasource = `${decodeURIComponent(url.pathname.slice(1)) || 'peephole'}_by_itself`;
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const reply = await fetch(new URL(path, url.origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(text);
    return JSON.parse(text) as unknown;
  };
  const began = performance.now();
  await post('/druid/indexer/v1/task', {
    type: 'index_parallel',
    spec: {
      dataSchema: {
        dataSource: datasource,
        timestampSpec: { column: 'start', format: 'posix' },
        dimensionsSpec: {
          dimensions: [
            ...texts.map((name) => ({ type: 'string', name })),
            ...numbers.map((name) => ({ type: 'long', name })),
          ],
        },
        transformSpec: { filter: { type: 'selector', dimension: 'log_status', value: 'OK' } },
        metricsSpec: [],
        granularitySpec: { segmentGranularity: 'DAY', queryGranularity: 'NONE', rollup: false },
      },
      ioConfig: {
        type: 'index_parallel',
        inputSource: { type: 'local', baseDir: dirname(file), filter: basename(file) },
        inputFormat: { type: 'tsv', delimiter: ' ', findColumnsFromHeader: false, columns },
      },
      tuningConfig: { type: 'index_parallel', partitionsSpec: { type: 'dynamic' } },
    },
  });
  const query = `SELECT COUNT(*) FROM "${datasource}"`;
  for (const end = began + PATIENCE * 1000; performance.now() < end; await sleep(LOOK_EVERY)) {
    // The table is there once the first segments are.
    const rows = await post('/druid/v2/sql', { query, resultFormat: 'array' }).catch(() => []);
    if (Number((rows as readonly (readonly unknown[])[])[0]?.[0] ?? 0) >= flows)
      return (performance.now() - began) / 1000;
  }
  throw new Error(`Druid did not load ${file} within ${PATIENCE} s.`);
}
