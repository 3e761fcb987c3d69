import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson } from '../support/cli.ts';
import { address, flowsAt, FLOWS, said, small, stop, useDemos, type Status } from './demo.ts';

const LARGER = 122_000;
const demos = useDemos();

describe('peephole demo', () => {
  test('is made again where another size is asked for', async () => {
    const store = demos.path('demo');
    const child = demos.start([...small, '--store', store], demos.path());
    expect(await flowsAt(await address(child))).toBe(FLOWS);
    await stop(child);
    const larger = demos.start([...small, '--flows', String(LARGER), '--store', store], demos.path());
    expect(await flowsAt(await address(larger))).toBe(LARGER);
    await stop(larger);
  });

  test('leaves nothing when it is interrupted, makes anew what was killed while it was made, and keeps what is not its own', async () => {
    const store = demos.path('stopped');
    await mkdir(store, { mode: 0o700 });
    await writeFile(join(store, 'mine.txt'), 'mine');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      // Each but the first makes anew what the one before had begun.
      const child = demos.start(['--store', store, '--port', '0'], demos.path());
      await said(child, 'Simulating a company');
      const ended = finished(child);
      // A terminal, npm and npm start each pass a Ctrl-C on.
      for (let times = 0; times < (signal === 'SIGKILL' ? 1 : 3); times++) child.kill(signal);
      const { code, stderr } = await ended;
      expect(code).not.toBe(0);
      if (signal === 'SIGKILL') continue;
      expect(stderr).toContain('the unfinished demo was removed');
      expect((await readdir(store)).toSorted()).toEqual(['mine.txt', 'peephole-demo.json']);
      expect(await demos.logsLeft()).toEqual([]);
    }
    const next = demos.start([...small, '--store', store], demos.path());
    expect(await flowsAt(await address(next))).toBe(FLOWS);
    await stop(next);
    expect(await readdir(store)).toContain('mine.txt');
    expect(await demos.logsLeft()).toEqual([]);
  });

  test("makes an earlier Peephole's demo anew, in the place of demos", async () => {
    const home = demos.path('home');
    const store = join(home, 'peephole', 'demo');
    await mkdir(home);
    // As it was made before: logs of the first days of the company, no inventory, no note.
    const logs = demos.path('earlier');
    await peephole(['simulate', '--out', logs, '--days', '1', '--flows', String(LARGER), '--seed', 'demo']);
    await peephole(['ingest', '--store', store, join(logs, 'AWSLogs')]);
    expect((await peepholeJson<Status>(['status', '--json', '--store', store])).flows).toBe(LARGER);
    const child = demos.start(small, home);
    await said(child, 'made again');
    expect(await flowsAt(await address(child))).toBe(FLOWS);
    await stop(child);
  });
});
