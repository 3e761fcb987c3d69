/** npm run bench -- --store STORE: what reads a store that is there, from its start to the pictures on the page. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAlerts } from './measure-alerts.ts';
import { measureDashboard } from './measure-dashboard.ts';
import { measureInvestigation } from './measure-investigation.ts';
import { measurePage } from './measure-page.ts';
import { median } from './measure-ingest.ts';
import { pageFigures } from './page-figures.ts';
import { printTable } from './print-table.ts';
import { serveStore } from './serve-store.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    json: { type: 'boolean', default: false },
    memory: { type: 'string', default: '2GiB' },
  },
});
const { store, memory } = values;
if (store === undefined) throw new Error('Name a store: npm run bench -- --store DIR');
/** Bytes, for what is measured in this process. */
const MEMORY = 1024 ** 3;
const STARTS = 5;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

say('Starting …');
const starts: number[] = [];
for (let round = 0; round < STARTS; round++) {
  const served = await serveStore(store, memory);
  await served.stop();
  starts.push(served.coldOpen);
}
say('Asking …');
const served = await serveStore(store, memory);
let figures: Record<string, number>;
try {
  const { flows, address } = await mostRejected(served.url);
  const dashboard = await measureDashboard(served.url);
  const { knocksMs, explainMs } = await measureInvestigation(served.url, { address });
  figures = {
    flows,
    cold_open_ms: median(starts),
    dashboard_12_tiles_ms: dashboard.dashboardFreshMs,
    dashboard_12_tiles_warm_ms: dashboard.dashboardWarmMs,
    knocks_ms: knocksMs,
    explain_ms: explainMs,
    serve_peak_rss_mb: (await served.stop()) / 1e6,
  };
} finally {
  await served.stop();
}
say('Looking at 500 alerts …');
const alerts = await measureAlerts(store, MEMORY, tmpdir());
const asked = {
  ...figures,
  alerts_500_share_of_a_core: alerts.alertsCore,
  alerts_500_statements: alerts.alertStatements,
};
process.stdout.write(printTable(asked, [], []));
say('Moving over the page: a hundred clicks …');
const page = await measurePage(store);
process.stdout.write(printTable(pageFigures(page), [], page.feel));
if (values.json) process.stdout.write(`${JSON.stringify({ ...asked, ...pageFigures(page) })}\n`);

/** The number of flows, and the address to which most were rejected. */
async function mostRejected(url: string): Promise<{ readonly flows: number; readonly address: string }> {
  const ask = async (query: unknown): Promise<readonly (readonly unknown[])[]> => {
    const reply = await fetch(new URL('/api/v1/query', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    });
    if (!reply.ok) throw new Error(await reply.text());
    return ((await reply.json()) as { rows: (readonly unknown[])[] }).rows;
  };
  const [[flows] = []] = await ask({ measures: ['flows'] });
  const [[address] = []] = await ask({
    filter: [{ field: 'action', in: ['REJECT'] }],
    splits: [{ field: 'dstaddr', limit: 1 }],
  });
  if (address === undefined) throw new Error('The store has no rejected flows: there is nothing to explain.');
  return { flows: Number(flows), address: String(address) };
}
