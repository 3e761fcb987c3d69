import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { runHere, serveHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

describe('a store that is not there', () => {
  const reading = [
    ['status'],
    ['sql', 'SELECT 1'],
    ['query', '{}'],
    ['knocks'],
    ['explain'],
    ['retain', '--keep', 'P1D'],
    ['compact'],
  ];

  test.each(reading)('is not made by %s, which says so', async (...args) => {
    const store = path('mistyped');
    const named = await runHere([...args, '--store', store]);
    expect([named.code, named.stdout, existsSync(store)]).toEqual([1, '', false]);
    expect(named.stderr).toContain(`There is no store in ${store}. Is --store right?`);
    const fromEnvironment = await runHere(args, { env: { PEEPHOLE_STORE: store } });
    expect([fromEnvironment.code, existsSync(store)]).toEqual([1, false]);
    expect(fromEnvironment.stderr).toContain('Is $PEEPHOLE_STORE right?');
  });

  test('is not made by default either', async () => {
    const env = {
      XDG_DATA_HOME: path('home'),
      HOME: path('home'),
      LOCALAPPDATA: path('home'),
      PEEPHOLE_STORE: '',
    };
    const { code, stderr } = await runHere(['status'], { env });
    expect([code, existsSync(path('home'))]).toEqual([1, false]);
    expect(stderr).toContain('Ingest logs first: peephole ingest LOGS.');
    expect(stderr).not.toContain('demo');
  });

  test('is told together with the store of the demo, if only that is there', async () => {
    const data = path('with demo');
    const env = { XDG_DATA_HOME: data, HOME: data, LOCALAPPDATA: data, PEEPHOLE_STORE: '' };
    const demo =
      process.platform === 'darwin' ? 'Library/Application Support/peephole/demo' : 'peephole/demo';
    const store = join(data, demo);
    await writeFile(path('one.log'), logFile(1));
    expect((await runHere(['ingest', path('one.log'), '--store', store], { env })).code).toBe(0);
    const { code, stderr } = await runHere(['status'], { env });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`For the demo’s logs, add: --store '${store}'`),
    ]);
  });

  test.skipIf(process.platform !== 'linux')('and can not be made ends the command at once', async () => {
    await writeFile(path('one.log'), logFile(1));
    for (const args of [['status'], ['doctor'], ['ingest', path('one.log')], ['serve', '--port', '0']]) {
      const { code, stdout, stderr } = await runHere([...args, '--store', '/proc/x']);
      expect(code, args[0]).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(/no store in|can't be used as a store|none in/);
    }
    const { code, stderr } = await runHere([
      'simulate',
      '--out',
      '/proc/x',
      '--days',
      '1',
      '--flows',
      '1000',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("The folder /proc/x can't be made")]);
  });

  test('is made by serve, which warns, since a server may be there before its logs', async () => {
    const warned = [`There was no store in ${path('served')}`, ''];
    for (const warning of warned) {
      const { stderr, stop } = await serveHere(path('served'), ['--quiet']);
      await stop();
      if (warning === '') expect(stderr).toBe('');
      else expect(stderr).toContain(warning);
    }
  });
});
