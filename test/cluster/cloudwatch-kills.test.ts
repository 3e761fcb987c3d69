// A log group is followed by processes that are killed again and again.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peephole } from '../support/cli.ts';
import { logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { newAccount } from './support/aws-account.ts';
import { followThroughKills } from './support/follow-through-kills.ts';
import { createLogGroup, putLogEvents } from './support/log-groups.ts';

const folder = useTempFolder();
const MINUTE = 60_000;
const EACH = 2_000;

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'events of a group that is followed are in once, late ones too, though %s ends the process',
  async (by) => {
    const account = await newAccount(await sharedMoto());
    try {
      const group = await createLogGroup(account);
      const store = join(folder.path, by);
      const source = ['--last', 'PT3H', `cloudwatch:${group}`];
      const env = { ...account.env, PEEPHOLE_POLL_SECONDS: '0.1' };
      let written = 0;
      /** More events of the last 100 minutes: late ones, all but a few. */
      const write = async (): Promise<number> => {
        const now = Math.floor(Date.now() / 1000) * 1000;
        const events = Array.from({ length: EACH }, (_, index) => ({
          timestamp: now - ((index * 7) % 100) * MINUTE,
          message: logLine({ bytes: 100 + ++written }),
        }));
        await putLogEvents(account, group, `eni-${written % 3}-all`, events);
        return written;
      };
      await followThroughKills({ source, env, store, write, seed: 11, by });
      // A run over all of it finds nothing that is missing.
      const { code, stdout } = await peephole(['ingest', '--json', '--store', store, ...source], { env });
      expect(code).toBe(0);
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ flows: 0, quarantined: 0 });
    } finally {
      account.close();
    }
  },
);
