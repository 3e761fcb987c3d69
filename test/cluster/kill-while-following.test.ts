import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import {
  afterMoreFlows,
  atRandomMoments,
  flowsIn,
  killWhileFollowing,
} from './support/kill-while-following.ts';

const folder = useTempFolder();
const FILES = 30;
const ROWS = 60_000;
let logs: string;

beforeAll(async () => {
  logs = join(folder.path, 'logs');
  await mkdir(logs);
  for (let i = 0; i < FILES; i++)
    await writeFile(join(logs, `${i}.log`), logFile(ROWS, 1_529_452_800 + 3600 * i, i));
});

test('killed when the store has more flows, it goes on until all is in', async () => {
  const store = join(folder.path, 'by-flows');
  const { kills, last } = await killWhileFollowing({
    // With so little memory it takes several transactions.
    args: ['ingest', '--memory', '512MiB', '--store', store, logs],
    kills: 1,
    when: afterMoreFlows(store, 1),
  });
  expect(kills).toBe(1);
  expect(last.code).toBe(0);
  expect(await flowsIn(store)).toBe(FILES * ROWS);
});

test('killed at random moments, it goes on until all is in', async () => {
  const store = join(folder.path, 'by-chance');
  const { kills, last } = await killWhileFollowing({
    args: ['ingest', '--store', store, logs],
    kills: 3,
    when: atRandomMoments(7, 600),
  });
  expect(kills).toBe(3);
  expect(last.code).toBe(0);
  expect(await flowsIn(store)).toBe(FILES * ROWS);
});

test('a process that does not end by itself gets SIGTERM once everything is ingested', async () => {
  const store = join(folder.path, 'served');
  let asked = 0;
  const { kills, last } = await killWhileFollowing({
    args: ['serve', '--store', store, '--port', '0'],
    kills: 1,
    when: async () => ++asked > 2,
    until: async () => (await flowsIn(store)) === 0 && ++asked > 5,
  });
  expect(kills).toBe(1);
  expect(last.signal === 'SIGTERM' || last.code === 0).toBe(true);
});
