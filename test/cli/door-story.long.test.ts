// The story to its end: simulated strangers knock, their port is planned to be opened, a real listener hears what they
// want, and their finding is solved, until somebody reopens it.
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import type { KeptFinding } from '../../src/model/knocks/kept-finding.ts';
import type { Knocks, FindingWithState } from '../../src/model/knocks/knocks.ts';
import type { Door, DoorConclusion } from '../../src/model/visits/door.ts';
import type { Visit } from '../../src/model/visits/visit.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { finished, start } from '../support/cli.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();

/** Says a request from an address of this machine's own. */
async function visit(port: number, localAddress: string, request: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(request);
  await once(socket, 'close');
}

/** Runs a listener while `work` does, and returns what its files hold. */
async function listened(folder: string, work: (port: number) => Promise<void>): Promise<readonly Visit[]> {
  const root = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const listener = start(['listen', '--host', '127.0.0.1', '--port', '0', '--store', folder, ...root], {
    env: { HOME: temp.path, AWS_ACCESS_KEY_ID: '', AWS_SESSION_TOKEN: '' },
  });
  const ended = finished(listener);
  let said = '';
  listener.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await expect.poll(() => said, { timeout: 30_000 }).toMatch(/127\.0\.0\.1:\d+/);
  await work(Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]));
  listener.kill('SIGTERM');
  await ended;
  const names = (await readdir(join(folder, 'visits'))).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, 'visits', name), 'utf8')));
  return texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Visit)
    .filter(({ ended: how }) => how !== 'open');
}

test(
  'knocks, a plan, a listener, visits, and a finding that is solved with its evidence',
  { timeout: 240_000 },
  async () => {
    const [logs, store] = [join(temp.path, 'logs'), join(temp.path, 'store')];
    const { truth } = await simulate({ ...smallWorld, out: logs });
    const { target, sources } = truth.story;
    await jsonHere(['ingest', join(logs, 'AWSLogs'), '--store', store, '--json', '--quiet']);
    const inventory = ['network-interfaces', 'instances'].map((name) =>
      join(logs, 'inventory', `${name}.json`),
    );
    expect((await runHere(['inventory', 'import', ...inventory, '--store', store])).code).toBe(0);
    const finding = async (): Promise<FindingWithState> => {
      const { findings } = await jsonHere<Knocks>(['knocks', '--store', store, '--format', 'json']);
      const found = findings.find(
        (one) => one.target?.address === target.address && one.target.port === target.port,
      );
      if (found === undefined) throw new Error('The story is not found.');
      return found;
    };
    const { id, state } = await finding();
    expect(state).toBe('new');

    const plan = await runHere(['door', 'plan', id, '--store', store]);
    expect(plan.stdout).toContain(target.interface_id);
    expect(plan.stdout).toContain(`peephole listen --port ${target.port}`);

    // All but the last mean the former tenant, each from an address of its own.
    const from = (at: number): string => `127.0.0.${at + 2}`;
    const heard = await listened(join(temp.path, 'machine'), async (port) => {
      for (const at of sources.keys())
        await visit(
          port,
          from(at),
          at === sources.length - 1
            ? 'GET /health HTTP/1.1\r\nHost: status.example\r\n\r\n'
            : 'POST /v1/ingest HTTP/1.1\r\nHost: metrics.old-tenant.example\r\nUser-Agent: legacy-agent/0.9\r\nContent-Length: 2\r\n\r\n[]',
        );
    });
    expect(heard).toHaveLength(sources.length);
    // On this machine, strangers and the port are others than in the simulated network.
    const shipped = join(temp.path, 'visits.jsonl');
    const strangers = new Map(sources.map(({ address }, at) => [from(at), address]));
    const moved = heard.map((one) => ({
      ...one,
      source: { ...one.source, address: strangers.get(one.source.address) },
      target: { address: target.address, port: target.port },
    }));
    await writeFile(shipped, moved.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const report = await jsonHere<IngestReport>(['ingest', shipped, '--store', store, '--json', '--quiet']);
    expect(report).toMatchObject({ visits: sources.length, quarantined: 0 });

    const conclusion = async (): Promise<DoorConclusion> => {
      const { conclusions } = await jsonHere<Door>(['door', '--store', store, '--format', 'json']);
      const found = conclusions.find((one) => one.finding?.id === id);
      if (found === undefined) throw new Error('Nothing is said of the finding.');
      return found;
    };
    const most = sources.length - 1;
    const summary = `${most} of ${sources.length} strangers ask \`POST /v1/ingest\` of metrics.old-tenant.example with agent \`legacy-agent/0.9\``;
    expect(await conclusion()).toMatchObject({
      state: 'solved',
      finding: { state: 'solved' },
      host: 'metrics.old-tenant.example',
    });
    const solved = await finding();
    expect(solved).toMatchObject({ state: 'solved', state_info: { solved_by: 'visits' } });
    expect(solved.state_info.note).toContain(`Solved by visits to port ${target.port}. ${summary}`);
    const [example] = (await conclusion()).evidence[0]?.visits ?? [];
    expect(heard.map((one) => one.id)).toContain(example);
    expect(solved.state_info.note).toContain(example);
    // It is printed in full, with its evidence, not among those that were set aside.
    const told = await runHere(['knocks', '--store', store]);
    expect(told.stdout).not.toContain('Set aside');
    expect(told.stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    const since = solved.state_info.since;
    await conclusion();
    expect((await finding()).state_info.since).toBe(since);

    // Who knows better reopens it, and visits do not solve it again.
    await runHere(['findings', 'reopen', id, '--store', store]);
    const reopened = await conclusion();
    expect(reopened).toMatchObject({ state: 'open', finding: { state: 'known' } });
    expect(reopened.missing.join(' ')).toContain('somebody reopened it');
    expect((await finding()).state).toBe('known');
    await runHere(['findings', 'solve', id, '--note', 'told the former tenant', '--store', store]);
    const kept = await jsonHere<readonly KeptFinding[]>(['findings', 'list', '--json', '--store', store]);
    expect(kept.find((one) => one.id === id)).toMatchObject({
      state: 'solved',
      state_info: { note: 'told the former tenant' },
    });
    expect(kept.find((one) => one.id === id)?.state_info).not.toHaveProperty('solved_by');
    expect(await conclusion()).toMatchObject({ state: 'solved', finding: { state: 'solved' } });
  },
);
