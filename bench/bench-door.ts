/** npm run bench -- --door [--seconds N] [--json]: the figures of docs/listen.md. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { UnkeptVisits, Visit } from '../src/model/visits/visit.ts';
import { watchRss } from './measured-process.ts';

const { values } = parseArgs({
  options: {
    door: { type: 'boolean', default: true },
    seconds: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    dir: { type: 'string', default: tmpdir() },
  },
});
const seconds = Number(values.seconds);
const folder = await mkdtemp(join(values.dir, 'peephole-door-'));
const program = join(import.meta.dirname, '..', 'bin', 'peephole.cjs');
const client = join(import.meta.dirname, 'door-client.ts');
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const HELD = 10_000;
/** So that nothing is past a bound. */
const wide = [
  '--max-rate',
  '1000000',
  '--max-rate-per-source',
  '1000000',
  '--max-connections-per-source',
  '100000',
];

interface Counted {
  readonly visits: number;
  readonly unkept: number;
  /** As the listener says at its end. */
  readonly accepted: number;
  readonly peakRss: number;
  /** Seconds of processor time, its start left out. */
  readonly cpu: number;
}

/** Runs a listener while `work` is done, then counts what it wrote. */
async function withListener<T>(
  name: string,
  args: readonly string[],
  work: (port: number) => Promise<T>,
): Promise<readonly [T, Counted]> {
  const store = join(folder, name);
  const child = spawn(
    process.execPath,
    [
      program,
      'listen',
      '--host',
      '127.0.0.1',
      '--store',
      store,
      '--allow-root',
      '--allow-credentials',
      ...args,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const port = await new Promise<number>((resolve, reject) => {
      child.stderr.on('data', () => {
        const match = /127\.0\.0\.1:(\d+)/.exec(stderr);
        if (match !== null) resolve(Number(match[1]));
      });
      child.once('close', () => reject(new Error(stderr)));
    });
    const watch = watchRss(child.pid ?? 0);
    const before = await processorSeconds(child.pid ?? 0);
    const result = await work(port);
    const cpu = (await processorSeconds(child.pid ?? 0)) - before;
    const peakRss = watch.stop();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    const accepted = Number(/([\d,]+) visits?: /.exec(stderr)?.[1]?.replaceAll(',', ''));
    if (code !== 0 || Number.isNaN(accepted)) throw new Error(`listen ended with ${String(code)}: ${stderr}`);
    return [result, { ...(await count(join(store, 'visits'))), accepted, peakRss, cpu }];
  } finally {
    child.kill('SIGKILL');
  }
}

async function processorSeconds(pid: number): Promise<number> {
  const fields =
    (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ').at(-1)?.split(' ') ?? [];
  // User and system time, in hundredths.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function count(visits: string): Promise<{ readonly visits: number; readonly unkept: number }> {
  let kept = 0;
  let unkept = 0;
  for (const name of await readdir(visits)) {
    for await (const text of createInterface(createReadStream(join(visits, name)))) {
      const line = JSON.parse(text) as Visit | UnkeptVisits;
      if ('unkept' in line) unkept += line.unkept;
      // One that was open when its line was written has another at its end.
      else if (line.ended !== 'open') kept += 1;
    }
  }
  return { visits: kept, unkept };
}

function strangers(mode: string, port: number, amount: number): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', client, mode, String(port), String(amount)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** The next line that it prints, as JSON. */
async function nextLine<T>(child: ChildProcess): Promise<T> {
  let text = '';
  for (;;) {
    const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    text += chunk.toString('utf8');
    if (text.endsWith('\n')) return JSON.parse(text) as T;
  }
}

try {
  say('New connections …');
  const [served, served1] = await withListener('new', ['--port', '0', '--answer', '404', ...wide], (port) =>
    nextLine<{ readonly done: number; readonly failed: number; readonly seconds: number }>(
      strangers('requests', port, 10),
    ),
  );
  say('Held open …');
  const [held, held1] = await withListener(
    'held',
    [
      '--port',
      '0',
      '--max-connections',
      String(HELD + 100),
      '--max-idle',
      '600',
      '--max-time',
      '600',
      ...wide,
    ],
    async (port) => {
      const child = strangers('hold', port, HELD);
      const { opened } = await nextLine<{ readonly opened: number }>(child);
      child.stdin?.end();
      const { held: still } = await nextLine<{ readonly held: number }>(child);
      return Math.min(opened, still);
    },
  );
  say(`A flood of ${seconds} s …`);
  const [flooded, flooded1] = await withListener('flood', ['--port', '0'], (port) =>
    nextLine<{ readonly offered: number; readonly connected: number; readonly seconds: number }>(
      strangers('flood', port, seconds),
    ),
  );
  say(`A flood of datagrams of ${seconds} s …`);
  const [sent, sent1] = await withListener('datagrams', ['--port', 'udp/0'], (port) =>
    nextLine<{ readonly offered: number; readonly seconds: number }>(strangers('datagrams', port, seconds)),
  );
  const exact = [served1, held1, flooded1, sent1].every(
    (each) => each.visits + each.unkept === each.accepted,
  );
  const figures = {
    new_connections_per_second: Math.round(served.done / served.seconds),
    new_connections_recorded: served1.visits,
    new_connections_failed: served.failed,
    new_connections_per_cpu_second: Math.round(served1.visits / served1.cpu),
    new_peak_rss_mib: served1.peakRss / 2 ** 20,
    held_open: held,
    held_peak_rss_mib: held1.peakRss / 2 ** 20,
    flood_offered_per_second: Math.round(flooded.offered / flooded.seconds),
    flood_accepted: flooded1.accepted,
    flood_kept: flooded1.visits,
    flood_counted: flooded1.unkept,
    flood_peak_rss_mib: flooded1.peakRss / 2 ** 20,
    datagrams_offered_per_second: Math.round(sent.offered / sent.seconds),
    datagram_visits_accepted: sent1.accepted,
    datagram_visits_kept: sent1.visits,
    datagram_visits_counted: sent1.unkept,
    datagrams_peak_rss_mib: sent1.peakRss / 2 ** 20,
    counts_exact: exact,
  };
  for (const [name, value] of Object.entries(figures))
    process.stdout.write(
      `${name.padEnd(30)} ${typeof value === 'number' ? Number(value.toFixed(2)) : String(value)}\n`,
    );
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (!exact) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
