import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { parseRecordsRequest } from '../../model/query/parse-records.ts';
import { DuckDbEngine } from './duckdb-engine.ts';
import { Store } from './store.ts';

const temp = useTempFolder();
const START = 1_529_452_800;
const flow = (srcaddr: string, fields: object = {}): Record<string, string | number> => ({
  srcaddr,
  start: START,
  end: START + 60,
  ...fields,
});
const byVpc = parseQuery({ splits: [{ field: 'vpc_id' }], measures: ['flows'] });
const bySource = parseQuery({ splits: [{ field: 'srcaddr' }], measures: ['flows', 'distinct(srcaddr)'] });
const records = parseRecordsRequest({ limit: 3 });

test('what a transaction adds to the fields is there once it is committed, and not before', async () => {
  const store = await Store.open({
    folder: join(temp.path, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  const engine = new DuckDbEngine(store);
  const answers = async (): Promise<readonly unknown[]> => [
    (await engine.query(byVpc)).rows,
    (await engine.query(bySource)).rows,
    (await engine.records(records)).rows.length,
    [...store.columns.flow].includes('vpc_id'),
  ];
  /** The answers while flows are written that are not committed. */
  const whileWritten = async (name: string, flows: readonly object[], fails = false): Promise<unknown> => {
    let meanwhile: unknown;
    const written = store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, partOf(flows as Parameters<typeof partOf>[0]));
      // Writes what is staged.
      await transaction.leftOut();
      meanwhile = await answers();
      if (fails) throw new Error('not this one');
      transaction.close(input, ledgerEntry(name));
    });
    await (fails ? expect(written).rejects.toThrow() : written);
    return meanwhile;
  };
  try {
    const none = [[], [], 0, false];
    expect(await whileWritten('first', [flow('10.0.0.1')])).toEqual(none);
    const first = [[[null, 1]], [['10.0.0.1', 1, 1]], 1, false];
    expect(await answers()).toEqual(first);
    const second = flow('10.0.0.2', { vpc_id: 'vpc-1' });
    expect(await whileWritten('second', [second], true)).toEqual(first);
    expect(await answers()).toEqual(first);
    expect(await whileWritten('second', [second])).toEqual(first);
    const both = [
      ['vpc-1', 1],
      [null, 1],
    ];
    expect(await answers()).toEqual([expect.arrayContaining(both), [['10.0.0.1', 1, 1], ['10.0.0.2', 1, 1]], 2, true]); // prettier-ignore
  } finally {
    await store.close();
  }
});
