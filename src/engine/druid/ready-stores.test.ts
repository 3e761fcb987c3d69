import { expect, test } from 'vitest';
import { shareMemory } from './memory-shares.ts';
import { ReadyStores } from './ready-stores.ts';
import type { WorkingStore } from './working-store.ts';

const MIB = 1024 ** 2;

test.each([256, 512, 700, 1024, 4096, 32_768])('shares of %i MiB add up to it, or each is small', (mib) => {
  const { ledger, whole, question, questions } = shareMemory(mib * MIB);
  const sum = ledger + whole + question * questions;
  if (mib >= 512) expect(sum).toBeLessThanOrEqual(mib * MIB);
  else expect([question, whole]).toEqual([128 * MIB, 128 * MIB]);
  expect(question).toBeGreaterThanOrEqual(128 * MIB);
});

test('there are never more stores than there may be, whatever is asked, given back, and given up', async () => {
  let open = 0;
  let most = 0;
  const made = (): WorkingStore => {
    most = Math.max(most, ++open);
    let rows = 0;
    return {
      clear: async () => ++rows % 5 !== 0,
      close: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
      },
    } as unknown as WorkingStore;
  };
  let fails = 0;
  const stores = new ReadyStores(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (++fails % 7 === 0) throw new Error('no store');
    return made();
  }, 3);
  let answered = 0;
  await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const base = `base ${Math.floor(i / 40)}`;
      const control = new AbortController();
      if (i % 6 === 0) setTimeout(() => control.abort(), 5);
      try {
        if (i % 9 === 0) {
          await stores.within(() => made().close(), control.signal);
          answered++;
          return;
        }
        const store = await stores.take(base, control.signal);
        await new Promise((resolve) => setTimeout(resolve, i % 3));
        stores.giveBack(store, base);
        answered++;
      } catch {
        // It failed, or was given up.
      }
    }),
  );
  expect(answered).toBeGreaterThan(100);
  expect(most).toBe(3);
  // Nobody's place was lost.
  const last = await Promise.all([1, 2, 3].map(() => stores.take('last').catch(() => stores.take('last'))));
  for (const store of last) stores.giveBack(store, 'last');
  await stores.close();
  expect(open).toBe(0);
});

test('who waits can give up', async () => {
  const store = { clear: async () => true, close: async () => undefined } as unknown as WorkingStore;
  const stores = new ReadyStores(async () => store, 1);
  await stores.take('a');
  const control = new AbortController();
  const waiting = stores.take('a', control.signal);
  control.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  stores.giveBack(store, 'a');
  await stores.take('a');
});
