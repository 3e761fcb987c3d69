/**
 * npm run bench -- --engine clickhouse|druid --engine-url URL [--engine-kafka BROKERS] [--flows N] [--json]: a store in a database server. Questions of the
 * explorer against the same requests sent to the server by hand, how many that are, and ingest against the server's own loader.
 * The database that the address names must be empty.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeData } from './bench-data.ts';
import { loadByItself } from './clickhouse-loader.ts';
import { loadIntoDruid } from './druid-loader.ts';
import { median, program } from './measure-ingest.ts';
import { measureProcess } from './measured-process.ts';
import { printTable } from './print-table.ts';
import { QuestionClient } from './question-client.ts';
import { type BenchQuery, explorerQueries } from './queries.ts';
import { type Recorded, type RecordingProxy, sendAgain, startRecordingProxy } from './recording-proxy.ts';

const ROUNDS = 5;

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    'engine-url': { type: 'string' },
    'engine-kafka': { type: 'string' },
    flows: { type: 'string', default: '300000' },
    memory: { type: 'string', default: '2GiB' },
    json: { type: 'boolean', default: false },
  },
});
const { engine, 'engine-url': address } = values;
if (engine === undefined || address === undefined)
  throw new Error('Name the server: --engine and --engine-url.');
const flows = Number(values.flows.replaceAll('_', ''));
const folder = await mkdtemp(join(tmpdir(), 'peephole-bench-engine-'));
const target = new URL(address);
const proxy = await startRecordingProxy(target.origin);
const store = join(folder, 'store');
const kafka = values['engine-kafka'];
const options = [
  '--engine',
  engine,
  '--engine-url',
  proxy.url + target.pathname,
  '--store',
  store,
  ...(kafka === undefined ? [] : ['--engine-kafka', kafka]),
];
const say = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  say(`Simulating ${flows.toLocaleString('en-US')} flows …`);
  const data = await makeData(folder, flows);
  say('Ingesting, then the same records by the server’s own loader …');
  const ours = await measureProcess(process.execPath, [program, 'ingest', '--quiet', ...options, data.one]);
  const theirs =
    engine === 'clickhouse'
      ? await loadByItself(address, data.one)
      : await loadIntoDruid(address, data.one, flows);
  say('Asking, by turns with the same requests sent by hand …');
  const each = await measureViews(proxy, options, values.memory);
  const ratios = each.map(({ oursMs, byHandMs }) => oursMs / byHandMs);
  const figures = {
    flows,
    ingest_records_per_second: flows / ours.seconds,
    loader_records_per_second: flows / theirs,
    ingest_time_vs_loader: ours.seconds / theirs,
    query_time_vs_by_hand_geomean: Math.exp(
      ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length,
    ),
    query_time_vs_by_hand_worst: Math.max(...ratios),
    requests_per_question_most: Math.max(...each.map(({ requests }) => requests)),
    answer_kb_most: Math.max(...each.map(({ bytes }) => bytes)) / 1000,
  };
  for (const { name, oursMs, byHandMs, requests, bytes } of each)
    process.stdout.write(
      `${name.padEnd(40)} ${oursMs.toFixed(0).padStart(7)} ms ${byHandMs.toFixed(0).padStart(7)} ms by hand ${(oursMs / byHandMs).toFixed(2).padStart(6)} ${String(requests).padStart(3)} requests ${(bytes / 1000).toFixed(1).padStart(9)} kB\n`,
    );
  process.stdout.write(printTable(figures, [], []));
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
}

interface ViewTimes {
  readonly name: string;
  /** Medians, in milliseconds. */
  readonly oursMs: number;
  readonly byHandMs: number;
  /** Requests to the server for one question, and bytes of their answers. */
  readonly requests: number;
  readonly bytes: number;
}

async function measureViews(
  through: RecordingProxy,
  store: readonly string[],
  memory: string,
): Promise<readonly ViewTimes[]> {
  const server = spawn(
    process.execPath,
    [program, 'serve', '--quiet', ...store, '--memory', memory, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const client = new QuestionClient(line.toString('utf8').trim());
    through.keep(true);
    const all: ViewTimes[] = [];
    for (const query of explorerQueries) all.push(await measureView(through, client, query));
    client.close();
    return all;
  } finally {
    await end(server);
  }
}

async function measureView(
  through: RecordingProxy,
  client: QuestionClient,
  { name, query }: BenchQuery,
): Promise<ViewTimes> {
  const ours: number[] = [];
  const byHand: number[] = [];
  let sent: readonly Recorded[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    through.take();
    const began = performance.now();
    await client.ask(query);
    const took = performance.now() - began;
    sent = through.take().filter(isQuestion);
    const again = await sendAgain(through.url, sent);
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(took);
    byHand.push(again);
  }
  return {
    name,
    oursMs: median(ours),
    byHandMs: median(byHand),
    requests: sent.length,
    bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Not what a server does beside: looks at what others committed, and tables of facts about addresses that it gets ready. */
function isQuestion({ path, body }: Recorded): boolean {
  const text = `${decodeURIComponent(path.replaceAll('+', ' '))} ${body.toString('utf8')}`;
  return !/FROM committed_batch|enrichment_|\b(CREATE|DROP|ALTER) TABLE|INSERT INTO/.test(text);
}

async function end(server: ChildProcess): Promise<void> {
  const gone = once(server, 'close');
  server.kill('SIGTERM');
  await gone;
}
