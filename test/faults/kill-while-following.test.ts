import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { afterMoreFlows, flowsIn, killWhileFollowing } from '../cluster/support/kill-while-following.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'files that grow while they are followed are in once, though %s ends the process',
  async (by) => {
    const logs = join(folder.path, `logs-${by}`);
    const store = join(folder.path, `store-${by}`);
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
      kills: 4,
      by,
      when: async (running) => {
        if (!(await killed(running))) return false;
        await write(running + 1);
        return true;
      },
      until: async () => (await flowsIn(store)) >= written,
    });
    expect(kills).toBe(4);
    expect(last).toMatchObject({ code: 0, signal: null });
    expect(await flowsIn(store)).toBe(written);
  },
);
