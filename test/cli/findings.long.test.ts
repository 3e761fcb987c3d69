import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const START = Date.UTC(2024, 0, 10) / 1000;
const HOURS = 8;

/** Logs of so many hours from one on: a client that is let in, and somebody who tries a port every two minutes. */
async function logs(name: string, hour: number, stranger: string | null, dport = 8080): Promise<string> {
  const line = (at: number, from: string, sport: number, port: number, action: string): string =>
    `2 123456789012 eni-1 ${from} 10.0.0.5 ${sport} ${port} 6 9 900 ${at} ${at} ${action} OK`;
  const times = (step: number): readonly number[] =>
    Array.from({ length: (HOURS * 3600) / step }, (_, i) => START + hour * 3600 + i * step);
  const text = [
    ...times(300).map((at) => line(at, '10.0.0.9', 50_000, 9092, 'ACCEPT')),
    ...(stranger === null ? [] : times(120).map((at, i) => line(at, stranger, 32_768 + i, dport, 'REJECT'))),
  ];
  const path = join(folder.path, name);
  await writeFile(path, `${text.join('\n')}\n`);
  return path;
}

let count = 0;
/** A store with a stranger in it. */
async function stored(): Promise<string> {
  const store = join(folder.path, `store-${++count}`);
  await runHere(['ingest', '--store', store, '--quiet', await logs('first.log', 0, '198.51.100.7')]);
  return store;
}

const knocks = (store: string, ...more: readonly string[]): Promise<Knocks> =>
  jsonHere<Knocks>(['knocks', '--store', store, '--format', 'json', ...more]);
const fresh = (store: string, ...more: readonly string[]): ReturnType<typeof runHere> =>
  runHere(['knocks', '--new', '--store', store, ...more]);

let shared: string;
beforeAll(async () => {
  shared = await stored();
});

test('knocks reads scanners of your own from the configuration file', async () => {
  const scan = Array.from({ length: 60 }, (_, i) => {
    const at = START + 3600 + i * 5;
    return `2 123456789012 eni-1 10.0.9.9 10.0.0.5 ${40_000 + i} ${i + 1} 6 1 60 ${at} ${at} REJECT OK`;
  });
  const [log, config, store] = ['scan.log', 'knocks.json', 'scanned'].map((name) => join(folder.path, name)) as [string, string, string]; // prettier-ignore
  await writeFile(log, `${scan.join('\n')}\n`);
  await writeFile(config, JSON.stringify({ knocks: { allow_scanners: ['10.0.9.9'] } }));
  await runHere(['ingest', '--store', store, '--quiet', log]);
  expect((await knocks(store)).findings).toMatchObject([{ kind: 'scan' }]);
  const { findings, notes } = await knocks(store, '--config', config);
  expect([findings, notes.join(' ')]).toEqual([[], expect.stringContaining('10.0.9.9')]);
});

describe('knocks --new', () => {
  test('reports new findings once, and exits with 3 if there are any, else with 0', async () => {
    const store = await stored();
    const [before] = (await knocks(store)).findings;
    expect(before).toMatchObject({ kind: 'persistent_stranger', state: 'new' });
    const untouched = await fresh(store, '--no-mark');
    expect([untouched.code, untouched.stdout.includes(before?.id ?? '?')]).toEqual([3, true]);
    const first = await fresh(store);
    expect([first.code, first.stderr]).toEqual([3, '']);
    expect(first.stdout).toContain('198.51.100.7 tries');
    const second = await fresh(store);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('No findings.');
    expect(second.stdout).toContain('Only new findings: 1 other is left out (1 known).');
    expect((await knocks(store)).findings).toMatchObject([{ id: before?.id, state: 'known' }]);
    // What comes later is reported, the rest is not.
    await runHere(['ingest', '--store', store, '--quiet', await logs('more.log', HOURS, '203.0.113.9')]);
    const third = await fresh(store, '--format', 'json');
    const told = JSON.parse(third.stdout) as Knocks;
    expect([third.code, told.findings.length]).toEqual([3, 1]);
    expect(told.findings[0]?.sources.map(({ address }) => address)).toContain('203.0.113.9');
    expect(told.findings[0]?.state_info.reason).toMatch(/^1 of 2 sources came after it was reported /);
    expect((await fresh(store)).code).toBe(0);
  });

  test('--format ocsf prints a line for each, and nothing where there is none', async () => {
    const store = await stored();
    const first = await fresh(store, '--format', 'ocsf');
    expect(first.code).toBe(3);
    const events = first.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
    expect(events).toMatchObject([{ class_uid: 2004, status_id: 1, metadata: { version: '1.3.0' } }]);
    expect(await fresh(store, '--format', 'ocsf')).toMatchObject({ code: 0, stdout: '' });
    const known = await runHere(['knocks', '--store', store, '--format', 'ocsf']);
    expect(JSON.parse(known.stdout)).toMatchObject({ status_id: 2 });
  });
});

describe('findings', () => {
  test('are acknowledged, muted, solved and reopened, and say so', async () => {
    const store = await stored();
    const id = (await knocks(store)).findings[0]?.id ?? '';
    const change = (...args: readonly string[]): ReturnType<typeof runHere> =>
      runHere(['findings', ...args, '--store', store]);
    const note = '\u001b[2J<b>ours</b>';
    const done = await change('acknowledge', id, '--note', note);
    expect([done.code, done.stderr.trim()]).toEqual([0, `✓ ${id} is acknowledged.`]);
    const listed = await change('list');
    expect(listed.stdout).toContain(`${id}  acknowledged  `);
    expect(listed.stdout).toContain(String.raw`Note: \x1b[2J<b>ours</b>`);
    const text = (await runHere(['knocks', '--store', store])).stdout;
    expect(text).toContain('No findings except those that were set aside.\n\nSet aside: 1 acknowledged');
    expect((await fresh(store)).code).toBe(0);

    await change('mute', id, '--for', 'P7D');
    const [muted] = (await knocks(store)).findings;
    expect(muted).toMatchObject({ state: 'muted', state_info: { note } });
    const days = (Date.parse(muted?.state_info.until ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
    await change('mute', id, '--until', '2999-01-01T00:00:00Z', '--quiet');
    expect(await jsonHere(['findings', 'list', '--json', '--state', 'muted', '--store', store])).toMatchObject([{ id, in_range: true, state_info: { until: '2999-01-01T00:00:00Z' } }]); // prettier-ignore
    await change('reopen', id);
    expect((await knocks(store)).findings).toMatchObject([{ state: 'known' }]);

    // Solved, and back in logs that come later.
    await change('solve', id, '--note', 'port closed');
    expect((await knocks(store)).findings).toMatchObject([{ state: 'solved' }]);
    expect((await fresh(store)).code).toBe(0);
    await runHere([
      'ingest',
      '--store',
      store,
      '--quiet',
      await logs('again.log', 2 * HOURS, '198.51.100.7'),
    ]);
    const back = await fresh(store);
    expect(back.code).toBe(3);
    expect(back.stdout.replace(/\s+/g, ' ')).toMatch(
      /! Solved .* UTC, and seen again since, the last time 10 January 2024 23:58 UTC\. Note: port closed/,
    );
    expect((await knocks(store)).findings).toMatchObject([{ id, state: 'known' }]);
  });

  test('that are not there are named, and wrong changes say what is wrong', async () => {
    const change = (...args: readonly string[]): ReturnType<typeof runHere> =>
      runHere(['findings', ...args, '--store', shared]);
    const id = (await knocks(shared)).findings[0]?.id ?? '';
    for (const [args, code, text] of [
      [['solve', 'stranger-00000000'], 1, 'There is no finding "stranger-00000000" in all data'],
      [['acknowledge', id], 2, '--note'],
      [['acknowledge', id, '--note', ' '], 2, 'note: is missing'],
      [['mute', id], 2, '--until 2026-02-01T00:00:00Z, or --for P7D'],
      [['mute', id, '--until', 'soon'], 2, 'until: must be an ISO 8601 time'],
      [['mute', id, '--until', '2001-01-01T00:00:00Z'], 2, 'until: is past'],
      [['mute', id, '--for', 'P-1D'], 2, 'is not an ISO 8601 duration'],
      [['solve', id, '--last', 'P1D', '--from', '2024-01-01T00:00:00Z'], 2, 'Give either --last'],
    ] as const) {
      const result = await change(...args);
      expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(text)]);
    }
    expect((await knocks(shared)).findings).toMatchObject([{ state: 'new' }]);
  });
});
