import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { header, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (...names: string[]): string => join(folder.path, ...names);
/** Flows of a demo of one day: about as few as the story allows. */
const FLOWS = 110_000;
const LARGER = 112_000;
const small = ['--days', '1', '--flows', String(FLOWS), '--port', '0'];

interface Status {
  readonly flows: number;
}

let running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
  running = [];
});

/** Starts the demo with a home of its own. */
function demo(args: readonly string[], home: string): ChildProcess {
  const child = start(['demo', ...args], {
    env: { HOME: home, XDG_DATA_HOME: home, LOCALAPPDATA: home, PEEPHOLE_STORE: '', TMPDIR: folder.path },
  });
  running.push(child);
  return child;
}

/** The folders of logs that are left. */
const logsLeft = async (): Promise<string[]> =>
  (await readdir(folder.path)).filter((name) => name.startsWith('peephole-demo-'));

/** Waits until it serves. */
async function address(child: ChildProcess): Promise<string> {
  const [text] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
  return text.toString('utf8').trim();
}

/** Waits until a process has said something on stderr. */
async function said(child: ChildProcess, what: string): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes(what)) resolve();
    });
    child.once('close', () => reject(new Error(`It ended without a word of “${what}”: ${text}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'close');
}

const flowsAt = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}api/v1/status`)).json()) as Status).flows;

describe('peephole demo', () => {
  test('has the inventory of its company, so that the target of the story has a name; is made once', async () => {
    const store = path('demo');
    const child = demo([...small, '--store', store], folder.path);
    const url = await address(child);
    const { names } = (await (await fetch(`${url}api/v1/names`)).json()) as {
      readonly names: readonly (readonly [string, string])[];
    };
    expect(names.map(([, name]) => name)).toContain('metrics-collector-3');
    expect(await flowsAt(url)).toBe(FLOWS);
    await stop(child);

    // Without a wish of its own the next start shows what is there, and makes nothing.
    const again = demo(['--port', '0', '--store', store], folder.path);
    const shown = await address(again);
    expect(await flowsAt(shown)).toBe(FLOWS);
    // Another demo can't be made where one is shown.
    const other = await finished(demo([...small, '--flows', String(LARGER), '--store', store], folder.path));
    expect(other.code).not.toBe(0);
    expect(other.stderr).toMatch(/Another Peephole uses/);
    expect(await flowsAt(shown)).toBe(FLOWS);
    await stop(again);

    // One that is asked for is made anew.
    const larger = demo([...small, '--flows', String(LARGER), '--store', store], folder.path);
    expect(await flowsAt(await address(larger))).toBe(LARGER);
    await stop(larger);
  });

  test('leaves nothing when it is interrupted, makes anew what was killed while it was made, and keeps what is not its own', async () => {
    const store = path('stopped');
    await mkdir(store, { mode: 0o700 });
    await writeFile(join(store, 'mine.txt'), 'mine');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      // Each but the first makes anew what the one before had begun.
      const child = demo(['--store', store, '--port', '0'], folder.path);
      await said(child, 'Making up');
      const ended = finished(child);
      // A terminal, npm and npm start each pass a Ctrl-C on.
      for (let times = 0; times < (signal === 'SIGKILL' ? 1 : 3); times++) child.kill(signal);
      const { code, stderr } = await ended;
      expect(code).not.toBe(0);
      if (signal === 'SIGKILL') continue;
      expect(stderr).toContain('nothing of the demo is kept');
      expect((await readdir(store)).toSorted()).toEqual(['mine.txt', 'peephole-demo.json']);
      expect(await logsLeft()).toEqual([]);
    }
    const next = demo([...small, '--store', store], folder.path);
    expect(await flowsAt(await address(next))).toBe(FLOWS);
    await stop(next);
    expect(await readdir(store)).toContain('mine.txt');
    expect(await logsLeft()).toEqual([]);
  });

  test("makes an earlier Peephole's demo anew, in the place of demos", async () => {
    const home = path('home');
    const store = join(home, 'peephole', 'demo');
    await mkdir(home);
    // As it was made before: logs of the first days of the company, no inventory, no note.
    const logs = path('earlier');
    await peephole(['simulate', '--out', logs, '--days', '1', '--flows', String(LARGER), '--seed', 'demo']);
    await peephole(['ingest', '--store', store, join(logs, 'AWSLogs')]);
    expect((await peepholeJson<Status>(['status', '--json', '--store', store])).flows).toBe(LARGER);
    const child = demo(small, home);
    await said(child, 'made anew');
    expect(await flowsAt(await address(child))).toBe(FLOWS);
    await stop(child);
  });

  test('leaves logs alone that are not known to be a demo', async () => {
    await writeFile(path('own.log'), `${header}\n${logLine()}\n`);
    const home = path('other-home');
    for (const store of [path('own'), join(home, 'peephole', 'demo')]) {
      await peephole(['ingest', '--store', store, path('own.log')]);
      const named = store === path('own') ? ['--store', store] : [];
      const { code, stderr } = await finished(demo([...small, ...named], home));
      expect(code).not.toBe(0);
      expect(stderr).toContain(`peephole serve --store ${store}`);
      expect((await peepholeJson<Status>(['status', '--json', '--store', store])).flows).toBe(1);
    }
  });
});
