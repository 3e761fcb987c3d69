import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import { retain } from './retention.ts';
import { Store } from './store.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';

const MONTH = 30 * 86_400;
const at = (start: number): Record<string, unknown> => ({
  srcaddr: '203.0.113.9',
  start,
  end: start + 60,
  action: 'REJECT',
});

test('a flow with a time in the future, from a wrong clock, does not make all others old', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-retention-'));
  const store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
  try {
    const newest = 1_529_452_800;
    const flows = [at(newest - 5 * MONTH), at(newest - MONTH), at(newest), at(4_070_908_800)];
    await store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, partOf(flows as Parameters<typeof partOf>[0]));
      transaction.close(input, ledgerEntry('a'));
    });
    const report = await retain(store, { keep: 'P90D', keepRaw: null });
    expect(report).toMatchObject({ dropped_flows: 1, kept_flows: 3 });
    expect(await store.database.rows('SELECT sum(flows)::INT FROM flow_port_day')).toEqual([[3]]);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
