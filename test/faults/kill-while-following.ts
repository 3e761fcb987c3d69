import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { afterMoreFlows, flowsIn, killWhileFollowing } from '../cluster/support/kill-while-following.ts';
import { logFile } from '../support/log-lines.ts';

/** Expects that files that grow while they are followed are in once, though a signal ends the process so many times. */
export async function expectFollowedOnce(
  folder: string,
  by: 'SIGKILL' | 'SIGTERM',
  times: number,
): Promise<void> {
  const logs = join(folder, `logs-${by}`);
  const store = join(folder, `store-${by}`);
  await mkdir(logs);
  let written = 0;
  const write = async (round: number): Promise<void> => {
    await writeFile(join(logs, `${round}.log`), logFile(500, 1_529_452_800 + 3600 * round, 2 * round));
    const [header, ...more] = logFile(300, 1_529_452_800 + 3600 * round, 2 * round + 1).split('\n');
    expect(header).toMatch(/^version/);
    await appendFile(
      join(logs, 'grows.log'),
      written === 0 ? `${header}\n${more.join('\n')}` : more.join('\n'),
    );
    written += 800;
  };
  await write(0);
  const killed = afterMoreFlows(store, 1);
  const { kills, last } = await killWhileFollowing({
    args: ['ingest', '--follow', '--store', store, '--json', logs],
    kills: times,
    by,
    when: async (running) => {
      if (!(await killed(running))) return false;
      await write(running + 1);
      return true;
    },
    until: async () => (await flowsIn(store)) >= written,
  });
  expect(kills).toBe(times);
  expect(last).toMatchObject({ code: 0, signal: null });
  expect(await flowsIn(store)).toBe(written);
}
