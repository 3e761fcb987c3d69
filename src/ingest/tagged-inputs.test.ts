import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { runs } from '../../test/support/suite.ts';
import { test, testInBoth } from '../../test/support/in-both-suites.ts';
import { sqlRows } from '../../test/support/sql-rows.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { tarOf } from '../decode/fixtures/archives.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import { PeepholeError } from '../model/errors.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import type { Input } from '../sources/input.ts';
import { ingest } from './ingest.ts';
import type { IngestReport } from '../model/ingest-report.ts';

const temp = useTempFolder();
let stores = 0;
const open = (folder = join(temp.path, `store-${++stores}`)): Promise<DuckDbStore> =>
  DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });

/** An object of a source, whose tag changes with its content. Counts how often it was opened. */
function object(name: string, tag: string, content: string | Uint8Array | Error): Input & { opened: number } {
  const input = {
    name,
    tag,
    size: typeof content === 'string' ? Buffer.byteLength(content) : null,
    time: null,
    discovered: true,
    opened: 0,
    open: async () => {
      input.opened++;
      async function* stream(): AsyncGenerator<Uint8Array> {
        if (content instanceof Error) throw content;
        yield Buffer.from(content);
      }
      return { kind: 'stream' as const, stream: stream() };
    },
  };
  return input;
}

const take = (store: DuckDbStore, ...inputs: readonly Input[]): Promise<IngestReport> =>
  ingest(store, { inputs, missing: [] }, { format: null, source: 's3://logs' });

/** A gzip file that ends early. */
const CUT = Buffer.from('1f8b08000000000000ff', 'hex');

const byInput = (failures: IngestReport['failures']): IngestReport['failures'] =>
  failures.toSorted((a, b) => (a.input < b.input ? -1 : 1));

const flow = (port: number, second = 1_717_200_000): string =>
  `2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 ${port} 6 3 180 ${second} ${second + 59} ACCEPT OK`;
const nodata = (second: number): string =>
  `2 123456789012 eni-1 - - - - - - - ${second} ${second + 59} - NODATA`;

describe('objects', () => {
  test('that are in the store are not opened again, also by another process', async () => {
    const folder = join(temp.path, 'again');
    let store = await open(folder);
    const first = object('s3://logs/a', 'e1', flow(1));
    const others = object('s3://logs/readme', 'e2', 'No logs here, only words.');
    const copy = object('s3://logs/copy', 'e3', flow(1));
    expect(await take(store, first)).toMatchObject({ flows: 1 });
    expect(await take(store, others, copy)).toMatchObject({
      flows: 0,
      skipped_inputs: 1,
      ignored: ['s3://logs/readme'],
    });
    await store.close();
    store = await open(folder);
    expect(await take(store, first, others, copy)).toMatchObject({
      inputs: 2,
      skipped_inputs: 2,
      flows: 0,
      failures: [],
      other_files: [{ input: 's3://logs/readme', kind: 'text of another kind' }],
    });
    expect([first.opened, others.opened, copy.opened]).toEqual([1, 1, 1]);
    // What is no flow log is not in, and what has changed is in once.
    expect(await store.sources.totals()).toMatchObject([{ source: 's3://logs', records: 1, objects: 2 }]);
    await take(store, object('s3://logs/a', 'e4', `${flow(1)}\n${flow(2)}`));
    expect(await store.sources.totals()).toMatchObject([{ source: 's3://logs', records: 2, objects: 2 }]);
    await store.close();
  });

  test('that can’t be read go to quarantine once, by name; those that the source could not give are requested again', async () => {
    const store = await open();
    const broken = object('s3://logs/cut.gz', 'e1', CUT);
    const failing = object(
      's3://logs/b',
      'e1',
      new PeepholeError('source_failed', 'The connection was cut.'),
    );
    const good = object('s3://logs/c', 'e1', flow(1));
    const report = await take(store, broken, failing, good);
    expect(report).toMatchObject({ failed_inputs: 2, flows: 1 });
    expect(report.failures.map(({ input, code }) => [input, code]).toSorted()).toEqual([
      ['s3://logs/b', 'source_failed'],
      ['s3://logs/cut.gz', 'unreadable_input'],
    ]);
    expect(await sqlRows(await store.sql('SELECT input, line FROM quarantine'))).toEqual([
      ['s3://logs/cut.gz', 0],
    ]);
    const again = await take(store, broken, failing, good);
    expect([broken.opened, failing.opened, good.opened]).toEqual([1, 2, 1]);
    // It is told again, and counts as ingested never.
    expect(again).toMatchObject({ inputs: 3, skipped_inputs: 1, failed_inputs: 2, flows: 0 });
    expect(byInput(again.failures)).toEqual(byInput(report.failures));
    await store.close();
  });

  test('that are archives are told again of the files in them that can’t be read, until they can', async () => {
    const store = await open();
    const archive = (cut: Uint8Array): Buffer =>
      tarOf([
        { name: 'good.log', content: flow(1) },
        { name: 'cut.gz', content: cut },
        { name: 'notes.txt', content: 'No logs here, only words.' },
      ]);
    const first = object('s3://logs/all.tar', 'e1', archive(CUT));
    const report = await take(store, first);
    expect(report).toMatchObject({
      flows: 1,
      failed_inputs: 1,
      failures: [{ input: 's3://logs/all.tar/cut.gz' }],
    });
    expect(await take(store, first)).toMatchObject({
      skipped_inputs: 1,
      failed_inputs: 1,
      failures: report.failures,
    });
    expect(first.opened).toBe(1);
    expect(await store.sources.unreadable()).toMatchObject([
      { objects: 1, example: 's3://logs/all.tar/cut.gz' },
    ]);
    const mended = object('s3://logs/all.tar', 'e2', archive(gzipSync(`${flow(1)}\n${flow(2)}`)));
    expect(await take(store, mended)).toMatchObject({ flows: 2, failures: [] });
    expect(await take(store, mended)).toMatchObject({ skipped_inputs: 1, failures: [] });
    expect(await store.sources.unreadable()).toEqual([]);
    await store.close();
  });

  test('that can’t be read are forgotten once they are done with, also if their content is in under another name', async () => {
    const store = await open();
    await take(store, object('s3://logs/a', 'e1', CUT));
    const [unreadable] = await store.sources.unreadable();
    expect(unreadable).toMatchObject({ source: 's3://logs', objects: 1, example: 's3://logs/a' });
    await take(store, object('s3://logs/b', 'e1', flow(1)));
    expect(await store.sources.unreadable()).toEqual([unreadable]);
    await take(store, object('s3://logs/a', 'e2', flow(1)));
    expect(await store.sources.unreadable()).toEqual([]);
    await store.close();
  });

  test('stop the ingest if their source refuses access', async () => {
    const store = await open();
    const refused = object('s3://logs/a', 'e1', new PeepholeError('source_refused', 'Access denied.'));
    await expect(take(store, refused)).rejects.toMatchObject({ code: 'source_refused' });
    await store.close();
  });

  testInBoth('that are overwritten add only their new records', async () => {
    // Two objects that are overwritten again and again, with few different lines, each possibly several times.
    const lines = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 6 }).map((port) => flow(port)) },
        { weight: 1, arbitrary: fc.constant(flow(7, 1_717_290_000)) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 }).map((n) => nodata(1_717_200_000 + n * 60)) },
        { weight: 1, arbitrary: fc.constantFrom('2 broken', '2 broken too') },
      ),
      { maxLength: 12 },
    );
    // A file with only invalid lines is not a flow log.
    const logs = lines.filter((all) => all.length === 0 || all.some((line) => !line.startsWith('2 broken')));
    const writes = fc.array(fc.record({ name: fc.constantFrom('s3://logs/a', 's3://logs/b'), lines: logs }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        const store = await open();
        const truth = new Map<string, number>();
        const broken = new Map<string, readonly string[]>();
        const contents = new Set<string>();
        /** Records that came under a name; any number of them may be in if they came under another one. */
        const came = new Map<string, Record<'flow' | 'nodata', number>>();
        let version = 0;
        for (const { name, lines: content } of all) {
          const text = content.map((line) => `${line}\n`).join('');
          const report = await take(store, object(name, `e${++version}`, text));
          // The same bytes are the same input under any name.
          if (contents.has(text)) {
            expect(report).toMatchObject({ skipped_inputs: 1, records: 0 });
            if (!came.has(name)) came.set(name, { flow: Infinity, nodata: Infinity });
            continue;
          }
          contents.add(text);
          const records = content.filter((line) => !line.startsWith('2 broken'));
          const left = { ...(came.get(name) ?? { flow: 0, nodata: 0 }) };
          const fresh = { flow: 0, nodata: 0 };
          const before = new Map(truth);
          for (const line of records) {
            const kind = line.endsWith('NODATA') ? 'nodata' : 'flow';
            const there = before.get(line) ?? 0;
            if (there > 0 && left[kind] > 0) {
              before.set(line, there - 1);
              left[kind] -= 1;
            } else {
              truth.set(line, (truth.get(line) ?? 0) + 1);
              fresh[kind] += 1;
            }
          }
          const earlier = came.get(name);
          const known = earlier === undefined || earlier.flow === Infinity ? { flow: 0, nodata: 0 } : earlier;
          came.set(name, { flow: known.flow + fresh.flow, nodata: known.nodata + fresh.nodata });
          const quarantined = content.length - records.length;
          expect(report).toMatchObject({
            records: content.length,
            quarantined,
            duplicates: records.length - fresh.flow - fresh.nodata,
          });
          expect([report.flows, report.nodata]).toEqual([fresh.flow, fresh.nodata]);
          broken.set(
            name,
            content.filter((line) => line.startsWith('2 broken')),
          );
        }
        const wanted = [...truth].flatMap(([line, times]) => Array<string>(times).fill(line));
        const stored = await sqlRows(await store.sql('SELECT dstport FROM flows ORDER BY dstport'));
        expect(stored.flat()).toEqual(
          wanted
            .filter((line) => !line.endsWith('NODATA'))
            .map((line) => Number(line.split(' ')[6]))
            .toSorted((a, b) => a - b),
        );
        const covered = await sqlRows(await store.sql('SELECT count(*) FROM coverage'));
        expect(Number(covered[0]?.[0])).toBe(wanted.filter((line) => line.endsWith('NODATA')).length);
        const quarantine = await sqlRows(await store.sql('SELECT input, text FROM quarantine'));
        expect(quarantine.map((row) => row.join(' ')).toSorted()).toEqual(
          [...broken].flatMap(([name, texts]) => texts.map((line) => `${name} ${line}`)).toSorted(),
        );
        // Hours and rollups agree with the flows.
        const answer = await store.query(parseQuery({ measures: ['flows'] }));
        expect(answer.rows[0]?.[0] ?? 0).toBe(wanted.filter((line) => !line.endsWith('NODATA')).length);
        await store.close();
      }),
      { numRuns: runs({ short: 8, long: 40 }) },
    );
  });

  test('that grow keep records that are the same as some of other objects', async () => {
    const store = await open();
    const ports = async (): Promise<unknown> =>
      (await sqlRows(await store.sql('SELECT dstport FROM flows ORDER BY dstport'))).flat();
    await take(store, object('s3://logs/x', 'e1', `${flow(5)}\n${flow(6)}\n`));
    await take(store, object('s3://logs/y', 'e1', `${flow(1)}\n${flow(2)}\n`));
    const grown = [flow(1), flow(2), flow(5), flow(6), flow(3)].join('\n');
    expect(await take(store, object('s3://logs/y', 'e2', grown))).toMatchObject({ flows: 3, duplicates: 2 });
    expect(await ports()).toEqual([1, 2, 3, 5, 5, 6, 6]);
    // Made first, and written then.
    await take(store, object('s3://logs/z', 'e1', ''));
    expect(await take(store, object('s3://logs/z', 'e2', `${flow(5)}\n`))).toMatchObject({ flows: 1 });
    expect(await ports()).toEqual([1, 2, 3, 5, 5, 5, 6, 6]);
    await store.close();
  });

  test('that could not be read at first come in whole, and are no longer in quarantine', async () => {
    const store = await open();
    const names = async (): Promise<unknown> =>
      (await sqlRows(await store.sql('SELECT input FROM quarantine ORDER BY input'))).flat();
    const whole = gzipSync(`${flow(5)}\n${flow(1)}\n`);
    await take(store, object('s3://logs/x', 'e1', `${flow(5)}\n`));
    await take(store, object('s3://logs/other.gz', 'e1', whole.subarray(0, 30)));
    await take(store, object('s3://logs/y.gz', 'e1', whole.subarray(0, 30)));
    expect(await names()).toEqual(['s3://logs/other.gz', 's3://logs/y.gz']);
    expect(await take(store, object('s3://logs/y.gz', 'e2', whole))).toMatchObject({
      flows: 2,
      duplicates: 0,
    });
    expect(await names()).toEqual(['s3://logs/other.gz']);
    expect(await store.status()).toMatchObject({ flows: 3, quarantined: 1 });
    await store.close();
  });
});
