import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Door } from '../../src/model/visits/door.ts';
import { finished, peepholeJson, start } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { visitFile, visitLine } from '../support/visit-lines.ts';
import { visitWriter } from '../support/visit-writer.ts';

const folder = useTempFolder();
const ROUNDS = 4;

test('each visit is in once, though who writes and who reads are killed', async () => {
  const store = join(folder.path, 'store');
  const visits = join(store, 'visits');
  await mkdir(visits, { recursive: true, mode: 0o700 });
  let kills = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const listener = `00000000000000${String(round).padStart(2, '0')}`;
    const plain = visitLine({
      listener,
      number: 7,
      at: 1_769_860_800_000 + round,
      source: `192.0.2.${round}`,
    });
    const line = plain.replace(`"${listener}-7"`, `"${listener}-NUMBER"`);
    const path = join(visits, visitFile(listener));
    const writing = spawn(process.execPath, ['-e', visitWriter(path, line, 5)], { stdio: 'inherit' });
    const ended = once(writing, 'exit');
    const reading = start(['door', '--store', store, '--limit', '0', '--format', 'json']);
    const read = finished(reading);
    // In the middle of a transaction, or between two: the log of the database grows while it writes.
    await until(async () => (await bytesOf(store)) > 0 || reading.exitCode !== null);
    await sleep(round * 40);
    reading.kill('SIGKILL');
    if ((await read).signal === 'SIGKILL') kills++;
    await until(async () => (await readFile(path).catch(() => '')).length > 100_000);
    writing.kill('SIGKILL');
    await ended;
  }
  expect(kills).toBeGreaterThan(0);
  let whole = 0;
  for (const name of await readdir(visits))
    whole += (await readFile(join(visits, name), 'utf8')).split('\n').length - 1;
  expect(whole).toBeGreaterThan(1000);
  let door = await peepholeJson<Door>(['door', '--store', store, '--limit', '0', '--format', 'json']);
  // An answer comes in time, with what is in by then.
  while (door.notes.length > 0)
    door = await peepholeJson<Door>(['door', '--store', store, '--limit', '0', '--format', 'json']);
  expect(door.totals).toMatchObject({ visits: whole, sources: ROUNDS });
  const rows = await peepholeJson<unknown[]>([
    'sql', '--store', store, '--format', 'json', 'SELECT count(*) AS lines FROM quarantine',
  ]); // prettier-ignore
  expect(rows).toEqual([{ lines: 0 }]);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

/** Bytes of the database's write-ahead log. */
async function bytesOf(store: string): Promise<number> {
  const names = await readdir(store);
  const log = names.find((name) => name.endsWith('.wal'));
  return log === undefined ? 0 : (await readFile(join(store, log)).catch(() => '')).length;
}
