import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { EnrichmentUpdater } from './enrichment-updater.ts';
import { Store } from './store.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';

/** Knows only that every address is one of yours. */
const enrichment: Enrichment = {
  revision: '1',
  staticFacts: () => ({}),
  timeBoundFacts: () => [],
  dependsOnInterface: () => false,
  isInside: () => true,
  has: () => false,
  portName: () => null,
};

test('every address in an answer has been looked up, even while flows keep arriving', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-enrichment-updater-'));
  const store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
  try {
    let next = 1;
    const put = (): Promise<void> =>
      store.write(async (transaction) => {
        const input = transaction.open();
        await transaction.append(
          input,
          partOf([{ srcaddr: `10.0.0.${next}`, start: 1_529_452_800, end: 1_529_452_860, action: 'REJECT' }]),
        );
        transaction.close(input, ledgerEntry(String(next), { size: next }));
        next++;
      });
    await put();
    const late: Promise<void>[] = [];
    let tries = 0;
    const missing = await new EnrichmentUpdater(store, async () => enrichment).whileCurrent([], async () => {
      // A commit during each attempt; during the last one, it has to wait for the answer.
      late.push(put());
      tries++;
      if (tries < 3) await late.at(-1);
      // If the commit did not wait, it would be done by now.
      else await Promise.race([late.at(-1), sleep(300)]);
      const [row] = await store.database.rows(
        'SELECT count(*) FROM flow f ANTI JOIN enrichment.address k ON k.key = f.srcaddr',
      );
      return Number(row?.[0]);
    });
    await Promise.all(late);
    expect([missing, tries, next]).toEqual([0, 3, 5]);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('is prepared before the first query; if that is cancelled half-way, the query does all of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-enrichment-updater-'));
  const store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
  try {
    const COUNT = 5000;
    await store.write(async (transaction) => {
      const input = transaction.open();
      const flows = Array.from({ length: COUNT }, (_, i) => ({
        srcaddr: `10.1.${i >> 8}.${i & 255}`,
        start: 1_529_452_800,
      }));
      await transaction.append(input, partOf(flows));
      transaction.close(input, ledgerEntry('a'));
    });
    let asked = 0;
    let gaveUp = new AbortController();
    const counting: Enrichment = {
      ...enrichment,
      staticFacts: () => {
        if (++asked === 3000) gaveUp.abort();
        return {};
      },
    };
    const addresses = new EnrichmentUpdater(store, async () => counting);
    const addressCount = (): Promise<number> =>
      addresses.whileCurrent([], async () =>
        Number((await store.database.rows('SELECT count(*) FROM enrichment.address'))[0]?.[0]),
      );

    await expect(addresses.prepare(gaveUp.signal)).rejects.toThrow();
    expect(asked).toBeLessThan(COUNT);
    asked = 3000;
    expect(await addressCount()).toBe(COUNT);

    const again = new EnrichmentUpdater(store, async () => counting);
    gaveUp = new AbortController();
    asked = 3000;
    await again.prepare(gaveUp.signal);
    await again.prepare(gaveUp.signal);
    expect(asked).toBe(3000 + COUNT);
    expect(await again.whileCurrent([], async () => asked)).toBe(3000 + COUNT);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
