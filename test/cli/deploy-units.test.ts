import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isMissing, runClient } from '../support/client-programs.ts';
import { runHere } from '../support/run-here.ts';

const folder = join(import.meta.dirname, '../../docs/deploy');
const units = readdirSync(folder).filter((name) => name.endsWith('.service'));

test('there is a unit for the service, the listener and what ships its visits', () => {
  expect(units.sort()).toEqual(['peephole-listen.service', 'peephole-ship.service', 'peephole.service']);
});

test.each(units)('%s starts a command with options that it has', async (name) => {
  const [, command = '', rest = ''] =
    /^ExecStart=\/usr\/bin\/env peephole (\S+) (.*)$/m.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
  const { code, stdout } = await runHere([command, '--help']);
  expect(code).toBe(0);
  const options = [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option);
  expect(options.length).toBeGreaterThan(0);
  for (const option of options) expect(stdout).toMatch(new RegExp(`${option}\\b`));
});

test.skipIf(isMissing('systemd-analyze')).each(units)('systemd finds no fault in %s', async (name) => {
  const { code, stdout, stderr } = await runClient('systemd-analyze', ['verify', join(folder, name)]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
});
