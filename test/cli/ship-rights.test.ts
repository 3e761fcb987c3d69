import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isMissing, runClient } from '../support/client-programs.ts';
import { peephole } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
const program = join(import.meta.dirname, '../../bin/peephole.cjs');
const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

test('a store without visits is reported', async () => {
  const { code, stderr } = await peephole(['ship', 's3://bucket/door/', '--store', join(temp.path, 'none')], {
    env,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/There are no visits in .*none\/visits/);
});

test.skipIf(process.getuid?.() !== 0 || isMissing('setpriv'))(
  'another user reads the folder of the listener by the capability that docs/deploy/peephole-ship.service gives it',
  async () => {
    const [listener, shipper] = [23_456, 23_457];
    const store = join(temp.path, 'theirs');
    const state = join(temp.path, 'state');
    for (const [folder, user] of [
      [store, listener],
      [join(store, 'visits'), listener],
      [state, shipper],
    ] as const) {
      mkdirSync(folder);
      chmodSync(folder, 0o700);
      chownSync(folder, user, user);
    }
    const ship = (...rights: readonly string[]): ReturnType<typeof runClient> =>
      runClient(
        'setpriv',
        [
          `--reuid=${shipper}`, `--regid=${shipper}`, '--clear-groups', ...rights, process.execPath, program, 'ship',
          's3://bucket/door/', '--store', store, '--state', state, '--json', '--quiet',
        ],
        { ...env, HOME: state },
      ); // prettier-ignore
    const allowed = await ship('--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search');
    expect(allowed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(allowed.stdout)).toEqual({ objects: 0, lines: 0, bytes: 0 });
    expect(await ship()).not.toMatchObject({ code: 0 });
  },
);
