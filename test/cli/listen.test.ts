import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { UnkeptVisits, Visit } from '../../src/model/visits/visit.ts';
import { finished, peephole, start, type Finished } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

interface Listening {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
  readonly port: number;
  readonly folder: string;
  readonly stop: () => Promise<Finished>;
}

/** Starts `peephole listen` with a port of its own, as root too if these tests are. */
async function listen(store: string, more: readonly string[] = []): Promise<Listening> {
  const child = start(
    [
      'listen',
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--store',
      store,
      ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
      ...more,
    ],
    { env: { HOME: temp.path, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' } },
  );
  running.push(child);
  const ended = finished(child);
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const match = /127\.0\.0\.1:(\d+)/.exec(text);
      if (match !== null) resolve(Number(match[1]));
    });
    void ended.then(({ stderr }) => reject(new Error(`listen ended: ${stderr}`)));
  });
  return {
    child,
    ended,
    port,
    folder: join(store, 'visits'),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** The lines but those of visits that were open. */
function linesIn(folder: string): readonly (Visit | UnkeptVisits)[] {
  return allLinesIn(folder).filter((line) => !('ended' in line) || line.ended !== 'open');
}

function allLinesIn(folder: string): readonly (Visit | UnkeptVisits)[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((text) => JSON.parse(text) as Visit | UnkeptVisits);
}

async function request(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined);
  socket.write(text);
  await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  return Buffer.concat(parts).toString('latin1');
}

test('it says where it listens and what its bounds are, keeps visits, and ends with a summary', async () => {
  const { port, folder, stop } = await listen(join(temp.path, 'first'), ['--answer', '503']);
  expect(await request(port, 'GET /\u001b[31m HTTP/1.1\r\nHost: a.example\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 503 /,
  );
  const silent = connect({ host: '127.0.0.1', port });
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  // The next is accepted after it.
  await request(port, 'GET /two HTTP/1.1\r\n\r\n');
  const { code, stdout, stderr } = await stop();
  silent.destroy();
  expect(code).toBe(0);
  expect(stderr).toMatch(/Listening on tcp 127\.0\.0\.1:\d+ \(this machine only/);
  expect(stderr).toContain(folder);
  expect(stderr).toMatch(/At most 1,000 connections/);
  expect(stderr).toMatch(/3 visits: 3 kept, 0 only counted/);
  expect(stdout).toMatch(/http GET \/\\x1b\[31m, host a\.example\n/);
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(linesIn(folder)).toMatchObject([
    { kind: 'http', ended: 'answered' },
    { kind: 'http', ended: 'answered' },
    { kind: 'silent', ended: 'listener_stopped' },
  ]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, readdirSync(folder)[0] ?? '')).mode & 0o777).toBe(0o600);
});

test('after kill -9 all is there that ended a second before, and the next start begins a new file', async () => {
  const store = join(temp.path, 'killed');
  const first = await listen(store, ['--max-rate-per-source', '10000']);
  for (let number = 0; number < 50; number += 1) await request(first.port, `GET /${number} HTTP/1.1\r\n\r\n`);
  const ended = Date.now();
  await expect.poll(() => Date.now() - ended).toBeGreaterThan(1_000);
  first.child.kill('SIGKILL');
  await first.ended;
  const paths = linesIn(first.folder).map((line) => ('http' in line ? line.http?.path : undefined));
  expect(paths).toEqual(Array.from({ length: 50 }, (_, number) => `/${number}`));
  const second = await listen(store, ['--json']);
  await request(second.port, 'GET /after HTTP/1.1\r\n\r\n');
  const { stdout } = await second.stop();
  expect(JSON.parse(stdout)).toMatchObject({ http: { path: '/after' } });
  expect(readdirSync(second.folder)).toHaveLength(2);
  expect(linesIn(second.folder)).toHaveLength(51);
});

test('after kill -9 who was still there is known, and what they had said first', async () => {
  const { port, folder, child, ended } = await listen(join(temp.path, 'killed while open'));
  const silent = connect({ host: '127.0.0.1', port });
  const slow = connect({ host: '127.0.0.1', port });
  for (const socket of [silent, slow]) socket.on('error', () => undefined);
  slow.write('GET /slow HTTP/1.1\r\n');
  await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
  // Written while they are open; on a busy machine the listener hears of them late.
  const kinds = (): readonly string[] =>
    allLinesIn(folder).flatMap((line) => ('kind' in line ? line.kind : []));
  await expect.poll(kinds, { timeout: 20_000 }).toEqual(expect.arrayContaining(['silent', 'http']));
  child.kill('SIGKILL');
  await ended;
  // The second had spoken, or not yet, when it was written first.
  expect(allLinesIn(folder)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'silent', ended: 'open' }),
      expect.objectContaining({ kind: 'http', ended: 'open' }),
    ]),
  );
});

test('a reader of its output that stops reading delays no visit, and the process still ends', async () => {
  const wide = ['--max-rate', '100000', '--max-rate-per-source', '100000', '--json'];
  const { child, ended, port, folder } = await listen(join(temp.path, 'stalled'), wide);
  child.stdout?.pause();
  const filler = 'a'.repeat(1_000);
  const [batches, size] = [100, 20];
  for (let batch = 0; batch < batches; batch += 1)
    await Promise.all(
      Array.from({ length: size }, () => request(port, `GET /${filler} HTTP/1.1\r\nX: ${filler}\r\n\r\n`)),
    );
  await expect.poll(() => linesIn(folder).length, { timeout: 30_000 }).toBe(batches * size);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
  child.stdout?.resume();
  expect((await ended).stderr).toMatch(/2,000 visits: 2,000 kept/);
});

test.skipIf(!existsSync('/proc/self/maps'))(
  'its process has no native module, no code of the database or AWS, and stays small',
  async () => {
    const wide = ['--max-rate', '100000', '--max-rate-per-source', '100000'];
    const { child, port, stop } = await listen(join(temp.path, 'small'), ['--tls', ...wide]);
    for (let batch = 0; batch < 100; batch += 1)
      await Promise.all(
        Array.from({ length: 30 }, (_, at) => request(port, `GET /${batch}/${at} HTTP/1.1\r\n\r\n`)),
      );
    const of = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
    const libraries = [...of('maps').matchAll(/\s(\/\S+)$/gm)].map(([, path]) => path);
    expect(libraries.filter((path) => /\.node$|duckdb/.test(path ?? ''))).toEqual([]);
    expect(Number(/^VmHWM:\s+(\d+) kB/m.exec(of('status'))?.[1])).toBeLessThan(100e6 / 1024);
    await stop();
  },
);

test('it loads no library but those of the command line', async () => {
  // The files that a process reads as modules are named by the inspector's list of scripts.
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { Session } from 'node:inspector';
       const session = new Session();
       session.connect();
       session.on('Debugger.scriptParsed', ({ params }) => { if (params.url.startsWith('file:')) console.log(params.url); });
       session.post('Debugger.enable');
       const { runCommand } = await import(${JSON.stringify(new URL('../../dist/cli/main.js', import.meta.url).href)});`,
      'peephole',
      'listen',
      '--help',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { stdout } = await finished(child);
  // Libraries that are bundled are named in the files that they are in.
  const bundled = stdout
    .split('\n')
    .flatMap((url) =>
      url.includes('/dist/')
        ? (readFileSync(new URL(url), 'utf8').match(/^\/\/ node_modules.*/gm) ?? [])
        : [],
    );
  const modules = [...[stdout, ...bundled].join('\n').matchAll(/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//g)];
  expect([...new Set(modules.map(([, name]) => name))].sort()).toEqual(['commander', 'picocolors']);
});

test('it refuses what it should not have', async () => {
  const args = ['listen', '--host', '127.0.0.1', '--port', '0', '--store', join(temp.path, 'refused')];
  const refused = await peephole([...args, '--allow-root'], {
    env: { HOME: temp.path, AWS_SESSION_TOKEN: 'secret' },
  });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/AWS_SESSION_TOKEN/);
  const port = await peephole([...args, '--port', 'http']);
  expect(port.code).toBe(2);
  if (process.getuid?.() === 0) expect((await peephole(args)).stderr).toMatch(/--allow-root/);
});
