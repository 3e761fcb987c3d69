import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addInput, startLedger, writeBatch } from '../../../../test/support/ledger-process.ts';
import { MemoryLog } from '../../../../test/support/memory-log.ts';
import { useTempFolder } from '../../../../test/support/temp-folder.ts';
import { isMarkedRolledUp } from '../rollup-mark.ts';
import { beginLedger } from './begin-ledger.ts';
import { encodeRecord } from './ledger-record.ts';

const temp = useTempFolder();

/** What processes with new folders know of a rollup, before and after a batch. */
async function known(log: MemoryLog): Promise<readonly boolean[]> {
  const one = await startLedger(log.client(), join(temp.path, `${Math.random()}`));
  await writeBatch(one, (batch) => addInput(batch, `${Math.random()}`));
  const other = await startLedger(log.client(), join(temp.path, `${Math.random()}`));
  try {
    return await Promise.all([one, other].map(({ store }) => isMarkedRolledUp(store)));
  } finally {
    await one.end();
    await other.end();
  }
}

test('a ledger has a rollup if that is its first record, whoever writes it, and however often', async () => {
  const log = new MemoryLog();
  await Promise.all([beginLedger(log.client()), beginLedger(log.client())]);
  expect(await known(log)).toEqual([true, true]);
  await beginLedger(log.client());
  await log.client().append([encodeRecord({ kind: 'rollup' })]);
  expect(await known(log)).toEqual([true, true]);
});

test('a ledger that began without one never has one', async () => {
  const log = new MemoryLog();
  expect(await known(log)).toEqual([false, false]);
  await beginLedger(log.client());
  await log.client().append([encodeRecord({ kind: 'rollup' })]);
  expect(await known(log)).toEqual([false, false]);
});
