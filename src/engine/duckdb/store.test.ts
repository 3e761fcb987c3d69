import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { partOf, type PlainRecord } from '../../../test/support/batch-of.ts';
import { Store } from './store.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (): Promise<Store> => Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const flow = (more: PlainRecord = {}): PlainRecord => ({
  version: 2,
  account_id: '123456789012',
  interface_id: 'eni-1',
  srcaddr: '203.0.113.9',
  dstaddr: '10.0.0.1',
  srcport: 40_000,
  dstport: 80,
  protocol: 6,
  packets: 3,
  bytes: 180,
  start: 1_529_452_800,
  end: 1_529_452_860,
  action: 'REJECT',
  log_status: 'OK',
  ...more,
});

async function put(store: Store, name: string, flows: readonly PlainRecord[]): Promise<void> {
  await store.write(async (transaction) => {
    const input = transaction.open();
    await transaction.append(input, partOf(flows));
    transaction.close(input, ledgerEntry(name));
  });
}

const counts = async (store: Store): Promise<unknown> =>
  (
    await store.database.rows(
      'SELECT (SELECT count(*) FROM flow)::INT, (SELECT count(*) FROM input)::INT, (SELECT sum(flows) FROM logged_hour)::INT',
    )
  )[0];

describe('the store', () => {
  test('keeps every value exactly, of any size', async () => {
    const store = await open();
    await put(store, 'a', [
      flow(),
      flow({
        bytes: 9_223_372_036_854_775_807n,
        dstport: 65_535,
        srcaddr: '2001:db8::1',
        interface_id: null,
        dstaddr: null,
        packets: null,
      }),
      flow({ srcaddr: '255.255.255.255', action: 'ACCEPT', instance_id: `it's "q" \\ % _ 😀` }),
    ]);
    const rows = await store.database.rows(
      `SELECT bytes, packets, dstport, srcaddr, dstaddr, (SELECT value FROM dictionary WHERE id = instance_id), hour, action FROM flow ORDER BY bytes DESC, srcaddr DESC`,
    );
    const v6 = await store.database.rows(`SELECT id, high, low FROM dictionary WHERE value = '2001:db8::1'`);
    expect(v6[0]?.slice(1)).toEqual([0x2001_0db8_0000_0000n, 1n]);
    expect(rows).toEqual([
      [
        9_223_372_036_854_775_807n,
        null,
        65_535,
        4_294_967_296n + BigInt(Number(v6[0]?.[0])),
        null,
        null,
        424_848,
        2,
      ],
      [180n, 3n, 80, 4_294_967_295n, 167_772_161n, `it's "q" \\ % _ 😀`, 424_848, 1],
      [180n, 3n, 80, 3_405_803_785n, 167_772_161n, null, 424_848, 2],
    ]);
    await store.close();
  });

  test('rows that a failed write had staged are never part of a later one', async () => {
    const store = await open();
    let failed: WeakRef<object> | null = null;
    const failing = store.write(async (transaction) => {
      failed = new WeakRef(transaction);
      await transaction.append(transaction.open(), partOf([flow(), flow()]));
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    await store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, partOf([flow({ srcport: 1 })]));
      // DuckDB frees the buffer of a failed write when its handle is garbage-collected.
      await vi.waitFor(() => {
        collectGarbage();
        expect(failed?.deref()).toBeUndefined();
      });
      transaction.close(input, ledgerEntry('b'));
    });
    expect(await counts(store)).toEqual([1, 1, 1]);
    await store.close();
  });

  test('has its flows and inputs when it is opened again', async () => {
    const first = await open();
    await put(first, 'a', [flow()]);
    await first.close();
    const again = await open();
    expect([again.inputs.claim('a'), again.inputs.hasSize(1)]).toEqual([false, true]);
    expect(again.revision).toBe(1);
    await put(again, 'b', [flow({ vpc_id: 'vpc-1' })]);
    expect(await counts(again)).toEqual([2, 2, 2]);
    await again.close();
  });

  test('rolls back a failed transaction, new columns included', async () => {
    const store = await open();
    await put(store, 'a', [flow()]);
    const failing = store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, partOf([flow({ subnet_id: 'subnet-1' })]));
      await transaction.finish();
      throw new Error('stop here');
    });
    await expect(failing).rejects.toThrow('stop here');
    expect(await counts(store)).toEqual([1, 1, 1]);
    expect(store.columns.flow.has('subnet_id')).toBe(false);
    await put(store, 'b', [flow({ subnet_id: 'subnet-1' })]);
    expect(await counts(store)).toEqual([2, 2, 2]);
    await store.close();
  });

  // Windows does not let anybody delete an open file.
  test.skipIf(process.platform === 'win32')(
    'that is deleted or replaced while it is in use says so, at the next write',
    async () => {
      const store = await open();
      await put(store, 'a', [flow()]);
      await rm(folder, { recursive: true });
      await expect(put(store, 'b', [flow()])).rejects.toMatchObject({ code: 'store_gone' });
      // Another file with this name is not the same file.
      const other = await open();
      await expect(put(store, 'c', [flow()])).rejects.toMatchObject({ code: 'store_gone' });
      await put(other, 'd', [flow()]);
      expect(await counts(other)).toEqual([1, 1, 1]);
      await other.close();
      await store.close().catch(() => undefined);
    },
  );

  test('keeps invalid lines, NULs included, and many texts', async () => {
    const store = await open();
    const lines = Array.from({ length: 5000 }, (_, i) => ({ line: i + 1, reason: 'why', text: `${i}\0ü` }));
    const flows = Array.from({ length: 4000 }, (_, i) => flow({ interface_id: `eni-${i}` }));
    await store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, { ...partOf([]), quarantined: lines });
      await transaction.append(input, partOf(flows));
      transaction.close(input, ledgerEntry('a'));
    });
    expect(
      await store.database.rows(
        `SELECT count(*)::INT, min(line)::INT, max(line)::INT, count(*) FILTER (strlen(text) = length((line - 1)::VARCHAR) + 3)::INT FROM quarantined_line`,
      ),
    ).toEqual([[5000, 1, 5000, 5000]]);
    expect(
      await store.database.rows(
        `SELECT count(DISTINCT interface_id)::INT, (SELECT count(*) FROM dictionary WHERE value LIKE 'eni-%')::INT FROM flow`,
      ),
    ).toEqual([[4000, 4000]]);
    await store.close();
  });

  test('what does not fit into memory is kept apart for a file and for the one that replaces it', async () => {
    const store = await Store.open({ folder, memoryBytes: 128 * 1024 ** 2, threads: 2 });
    const many = 1_000_000;
    const wide = Array.from({ length: 12 }, (_, n) => `hash(i + ${n}) AS c${n}`);
    const sql = `SELECT i, ${wide.join(', ')} FROM range(${many}) r(i) ORDER BY c0`;
    const sum = async (rows: AsyncGenerator<unknown[][]>): Promise<{ count: number; sum: number }> => {
      const all = { count: 0, sum: 0 };
      for await (const some of rows)
        for (const [i] of some) {
          all.count++;
          all.sum += Number(i);
        }
      return all;
    };
    const whole = { count: many, sum: (many * (many - 1)) / 2 };
    await store.checkpoint();
    const before = store.database.stream(sql);
    await before.next();
    expect(await readdir(join(folder, 'tmp'))).toHaveLength(1);
    await store.exclusively(() =>
      store.replaceFile(async (path) => {
        await copyFile(store.path, path);
      }),
    );
    const after = store.database.stream(sql);
    await after.next();
    expect(await readdir(join(folder, 'tmp'))).toHaveLength(2);
    const { count, sum: rest } = await sum(before);
    expect(count).toBe(many - 2_048);
    expect(rest).toBeLessThan(whole.sum);
    await after.return(undefined);
    expect(await sum(store.database.stream(sql))).toEqual(whole);
    await store.close();
    // DuckDB removes them with what the results of statements hold.
    await vi.waitFor(async () => {
      collectGarbage();
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    });
  });

  test('what a killed process left of what did not fit into memory is removed', async () => {
    await (await open()).close();
    await mkdir(join(folder, 'tmp', 'left'));
    await writeFile(join(folder, 'tmp', 'left', 'duckdb_temp_storage_S32K-0.tmp'), 'x');
    await writeFile(join(folder, 'tmp', 'duckdb_temp_storage_S32K-0.tmp'), 'x');
    const store = await open();
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    await store.close();
  });

  test('runs writes one after the other', async () => {
    const store = await open();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => put(store, name, [flow(), flow()])));
    expect(await counts(store)).toEqual([8, 4, 8]);
    await store.close();
  });

  test('refuses a store of another version, and a folder that is not a store', async () => {
    await (await open()).close();
    const current = join(folder, 'CURRENT');
    const manifest = JSON.parse(await readFile(current, 'utf8')) as object;
    await writeFile(current, JSON.stringify({ ...manifest, version: 99 }));
    await expect(open()).rejects.toMatchObject({
      code: 'store_version',
      message: expect.stringContaining('newer'),
    });
    await writeFile(current, JSON.stringify({ ...manifest, version: 0 }));
    await expect(open()).rejects.toMatchObject({ code: 'store_version' });
    await writeFile(current, 'nonsense');
    await expect(open()).rejects.toMatchObject({ code: 'store_damaged' });
  });
});
