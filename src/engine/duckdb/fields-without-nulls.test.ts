import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { DuckDbEngine } from './duckdb-engine.ts';
import { fieldsWithoutNulls } from './fields-without-nulls.ts';
import { Store } from './store.ts';

const temp = useTempFolder();
const START = 1_529_452_800;
const toPort = (dstport: number, dstaddr?: string): Record<string, unknown> => ({
  ...(dstaddr === undefined ? {} : { dstaddr }),
  srcaddr: '203.0.113.9',
  dstport,
  start: START,
  end: START + 60,
});

async function add(store: Store, name: string, ...flows: readonly Record<string, unknown>[]): Promise<void> {
  await store.write(async (transaction) => {
    const input = transaction.open();
    await transaction.append(input, partOf(flows as Parameters<typeof partOf>[0]));
    transaction.close(input, ledgerEntry(name));
  });
}

test('groups of flows without an address are there from the first one on, whatever was known before', async () => {
  const store = await Store.open({
    folder: join(temp.path, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  try {
    const known = async (): Promise<boolean> =>
      (await fieldsWithoutNulls(store.database, store.columns)).has('dstaddr');
    const engine = new DuckDbEngine(store);
    const query = parseQuery({
      splits: [
        { field: 'dstaddr', limit: 5 },
        { field: 'dstport', limit: 5 },
      ],
    });
    const ports = async (): Promise<readonly unknown[]> =>
      (await engine.query(query)).rows.map(([address, port]) => `${String(address)} ${String(port)}`);

    expect(await ports()).toEqual([]);
    expect(await known()).toBe(false);
    await add(store, 'with', toPort(80, '10.0.0.1'), toPort(443, '10.0.0.1'));
    expect(await known()).toBe(true);
    expect(await ports()).toEqual(['10.0.0.1 80', '10.0.0.1 443']);
    await add(store, 'without', toPort(22), toPort(23));
    expect(await known()).toBe(false);
    expect(await ports()).toEqual(['10.0.0.1 80', '10.0.0.1 443', 'null 22', 'null 23']);
  } finally {
    await store.close();
  }
});

test('a flow without an address that comes while a question runs is not lost between its levels', async () => {
  const store = await Store.open({
    folder: join(temp.path, 'racing'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  try {
    await add(store, 'with', toPort(80, '10.0.0.1'));
    const engine = new DuckDbEngine(store);
    const query = parseQuery({
      splits: [
        { field: 'dstaddr', limit: 5 },
        { field: 'dstport', limit: 5 },
      ],
    });
    await engine.query(query);
    // Comes in after the statement was made, and before it runs.
    const lend = store.database.withConnection.bind(store.database);
    let came = false;
    store.database.withConnection = async (work) => {
      if (!came) {
        came = true;
        await add(store, 'without', toPort(22));
      }
      return lend(work);
    };
    const { rows } = await engine.query(query);
    expect(came).toBe(true);
    expect(rows.map(([address, port]) => [address, port])).toEqual([
      ['10.0.0.1', 80],
      [null, 22],
    ]);
  } finally {
    await store.close();
  }
});
