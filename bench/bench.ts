/** npm run bench -- [--flows N] [--json]: everything in docs/performance.md, measured side by side in one run. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeData } from './bench-data.ts';
import { measureAlerts } from './measure-alerts.ts';
import { measureIngest, program } from './measure-ingest.ts';
import { measureProcess } from './measured-process.ts';
import { measurePage } from './measure-page.ts';
import { measureQueries } from './measure-queries.ts';
import { pageFigures } from './page-figures.ts';
import { printTable } from './print-table.ts';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '5000000' },
    json: { type: 'boolean', default: false },
    memory: { type: 'string', default: '2GiB' },
    dir: { type: 'string', default: tmpdir() },
  },
});
/** Bytes, for what is measured in this process. */
const MEMORY = 1024 ** 3;
const flows = Number(values.flows.replaceAll('_', ''));
await mkdir(values.dir, { recursive: true });
const folder = await mkdtemp(join(values.dir, 'peephole-bench-'));
const say = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  say(`Simulating ${flows.toLocaleString('en-US')} flows …`);
  const data = await makeData(folder, flows);
  say('Ingesting, by turns with read_csv …');
  await mkdir(join(folder, 'work'));
  const ingest = await measureIngest(data, join(folder, 'work'), values.memory);
  const taken = await folderSize(ingest.store);
  say('Putting the store in order …');
  const compaction = await measureProcess(process.execPath, [
    program,
    'compact',
    '--quiet',
    '--memory',
    values.memory,
    '--store',
    ingest.store,
  ]);
  say('Asking, by turns with plain SQL …');
  const queries = await measureQueries(data, ingest.store, ingest.plain, values.memory);
  say('Looking at 500 alerts …');
  const alerts = await measureAlerts(ingest.store, MEMORY, folder);
  say('Moving over the page …');
  const page = await measurePage(ingest.store);
  const bytes = await folderSize(ingest.store);
  const figures = {
    flows,
    query_speedup_geomean_vs_plain: queries.speedupGeomean,
    ...(queries.clickHouseGeomean === null
      ? {}
      : { query_speedup_geomean_vs_clickhouse: queries.clickHouseGeomean }),
    query_p95_ms: queries.p95,
    query_worst_ratio_vs_plain: queries.worst,
    story_worst_ms: queries.storyWorst,
    dashboard_12_tiles_ms: queries.dashboardFreshMs,
    dashboard_12_tiles_warm_ms: queries.dashboardWarmMs,
    dashboard_12_tiles_one_by_one_ratio: queries.dashboardAtOnceRatio,
    alerts_500_share_of_a_core: alerts.alertsCore,
    alerts_500_statements: alerts.alertStatements,
    knocks_ms: queries.knocksMs,
    explain_ms: queries.explainMs,
    ingest_records_per_second: ingest.recordsPerSecond,
    ingest_ratio_vs_read_csv_one_file: ingest.ratioOne,
    ingest_ratio_vs_read_csv_many_files: ingest.ratioMany,
    bytes_per_flow: bytes / flows,
    bytes_per_flow_before_compaction: taken / flows,
    compaction_seconds: compaction.seconds,
    peak_rss_mb: Math.max(ingest.peakRss, compaction.peakRss, queries.peakRss) / 1e6,
    ingest_peak_rss_mb: ingest.peakRss / 1e6,
    serve_peak_rss_mb: queries.peakRss / 1e6,
    cold_open_ms: queries.coldOpen,
    ...pageFigures(page),
  };
  process.stdout.write(printTable(figures, queries.each, page.feel));
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function folderSize(path: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(path, { recursive: true })) {
    const status = await stat(join(path, name));
    if (status.isFile()) sum += status.size;
  }
  return sum;
}
