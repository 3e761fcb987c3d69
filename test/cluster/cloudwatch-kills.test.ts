// A log group is followed by processes that are killed again and again.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peephole } from '../support/cli.ts';
import { logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { newAccount } from './support/aws-account.ts';
import {
  afterMoreFlows,
  atRandomMoments,
  flowsIn,
  killWhileFollowing,
} from './support/kill-while-following.ts';
import { createLogGroup, putLogEvents } from './support/log-groups.ts';

const folder = useTempFolder();
const MINUTE = 60_000;
const EACH = 2_000;

test('events of a group that is followed are in once, late ones too, though the process is killed', async () => {
  const account = await newAccount(await sharedMoto());
  try {
    const group = await createLogGroup(account);
    const store = join(folder.path, 'store');
    let ports = 0;
    /** More events of the last 100 minutes: late ones, all but a few. */
    const write = async (): Promise<void> => {
      const now = Math.floor(Date.now() / 1000) * 1000;
      const events = Array.from({ length: EACH }, (_, index) => ({
        timestamp: now - ((index * 7) % 100) * MINUTE,
        message: logLine({ dstport: ++ports }),
      }));
      await putLogEvents(account, group, `eni-${ports % 3}-all`, events);
    };
    await write();
    const args = ['ingest', '--follow', '--json', '--last', 'PT3H', '--store', store, `cloudwatch:${group}`];
    const env = { ...account.env, PEEPHOLE_POLL_SECONDS: '0.1' };
    const grown = afterMoreFlows(store, 1);
    const byGrowth = await killWhileFollowing({
      args,
      env,
      kills: 3,
      when: async (running) => {
        if (!(await grown(running))) return false;
        await write();
        return true;
      },
      until: async () => (await flowsIn(store)) >= ports,
    });
    expect(byGrowth.kills).toBe(3);
    expect(byGrowth.last).toMatchObject({ code: 0, signal: null });
    const byChance = await killWhileFollowing({
      args,
      env,
      kills: 4,
      when: (() => {
        const moment = atRandomMoments(11, 2_500);
        return async (running: number) => {
          if (!(await moment(running))) return false;
          await write();
          return true;
        };
      })(),
      until: async () => (await flowsIn(store)) >= ports,
    });
    expect(byChance.kills).toBe(4);
    expect(byChance.last).toMatchObject({ code: 0, signal: null });
    // A run over all of it finds nothing that is missing, and nothing is there twice.
    const { code, stdout } = await peephole(
      ['ingest', '--json', '--last', 'PT3H', '--store', store, `cloudwatch:${group}`],
      { env },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ flows: 0, quarantined: 0 });
    const counted = await peephole([
      'sql',
      '--store',
      store,
      '--format',
      'json',
      'SELECT count(*) AS flows, count(DISTINCT dstport) AS ports FROM flows',
    ]);
    expect(JSON.parse(counted.stdout)).toEqual([{ flows: ports, ports }]);
  } finally {
    account.close();
  }
});
