import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { Database } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { createStore } from './table-definitions.ts';

const folder = useTempFolder();
let databases = 0;

/** Opens the dictionary of a new store; `reopen` reads it again from its table, as after a kill. */
async function withDictionary(
  work: (dictionary: Dictionary, reopen: () => Promise<Dictionary>, database: Database) => Promise<void>,
): Promise<void> {
  const database = await Database.open(join(folder.path, `store-${databases++}.duckdb`), {
    memoryBytes: 2 ** 28,
    threads: 1,
    tempFolder: join(folder.path, 'tmp'),
    attachFolder: join(folder.path, 'attach'),
    readOnly: false,
  });
  try {
    await database.withConnection(async ({ api }) => {
      for (const statement of createStore()) await api.run(statement);
    });
    const open = async (): Promise<Dictionary> => Dictionary.load(await database.connect());
    await work(await open(), open, database);
  } finally {
    database.close();
  }
}

test('a text keeps its id across calls, saves and reopening', async () => {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: 3 }),
    fc.ipV6(),
    fc.constantFrom('ACCEPT', 'eni-1'),
  );
  const step = fc.record({ texts: fc.array(text, { maxLength: 12 }), then: fc.constantFrom('go on', 'save', 'reopen') }); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      await withDictionary(async (first, reopen, database) => {
        let dictionary = first;
        const known = new Map<string, number>();
        for (const { texts, then } of steps) {
          const ids = await dictionary.idsOf(['', ...texts]);
          texts.forEach((each, index) => {
            const id = ids[index + 1] ?? 0;
            expect(known.get(each) ?? id).toBe(id);
            known.set(each, id);
          });
          if (then === 'go on') continue;
          dictionary.save();
          if (then === 'reopen') dictionary = await reopen();
        }
        dictionary.save();
        expect(new Set(known.values()).size).toBe(known.size);
        const stored = new Map((await database.rows('SELECT value, id FROM dictionary')).map(([value, id]) => [String(value), Number(id)])); // prettier-ignore
        for (const [each, id] of known) expect(stored.get(each)).toBe(id);
        expect(await database.rows('SELECT value FROM dictionary GROUP BY value HAVING count(*) > 1')).toEqual([]); // prettier-ignore
      });
    }),
    { numRuns: 25 },
  );
});

test('an id that was not saved is used again after a kill, but never for two texts', async () => {
  await withDictionary(async (dictionary, reopen, database) => {
    const [, saved] = await dictionary.idsOf(['', 'saved']);
    dictionary.save();
    const [, lost] = await dictionary.idsOf(['', 'lost']);
    const next = await reopen();
    expect(await next.idsOf(['', 'other', 'saved'])).toEqual(Uint32Array.of(0, lost ?? 0, saved ?? 0));
    next.save();
    expect(await database.rows(`SELECT count(*) FROM dictionary WHERE value IN ('saved', 'other', 'lost')`)).toEqual([[2n]]); // prettier-ignore
  });
});

test('each text has one id, also beyond the size of the cache', async () => {
  await withDictionary(async (dictionary, _, database) => {
    const many = Array.from({ length: 260_000 }, (__, index) => `text ${index}`);
    const ids = await dictionary.idsOf(['', ...many]);
    await dictionary.learn([{ texts: ['', 'one more'] }]);
    expect(await dictionary.idsOf(['', ...many.slice(0, 1000), ...many.slice(-1000)])).toEqual(
      Uint32Array.from([0, ...ids.slice(1, 1001), ...ids.slice(-1000)]),
    );
    dictionary.save();
    const [row] = await database.rows(
      'SELECT count(*), count(DISTINCT value), count(DISTINCT id) FROM dictionary',
    );
    expect(new Set(row).size).toBe(1);
    expect(Number(row?.[0])).toBeGreaterThan(260_000);
  });
});
