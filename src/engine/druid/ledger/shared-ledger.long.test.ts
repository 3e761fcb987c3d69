import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { batchOf, partOf } from '../../../../test/support/batch-of.ts';
import {
  HOUR,
  LEASE,
  type LedgerProcess,
  addInput,
  inputsIn,
  ledgerContents,
  prepareBatch,
  startLedger,
  writeBatch,
} from '../../../../test/support/ledger-process.ts';
import { type Fate, MemoryLog } from '../../../../test/support/memory-log.ts';
import { useTempFolder } from '../../../../test/support/temp-folder.ts';
import { Store } from '../../duckdb/store.ts';
import { InputsTaken } from '../../input-register.ts';
import { droppedFlows } from '../cut-table.ts';
import { firstKept } from '../cuts.ts';
import { SourceMoved } from '../../source-register.ts';
import type { BesideRows } from './journal.ts';
import { decodeRecord } from './ledger-record.ts';

const temp = useTempFolder();
const running = new Set<LedgerProcess>();
let made = 0;
afterEach(async () => {
  for (const one of running) await one.end();
  running.clear();
});

/** A process with a folder of its own, or one that another had. */
async function start(
  log: MemoryLog,
  folder = join(temp.path, `process-${++made}`),
  fate?: (messages: readonly Buffer[]) => Fate,
): Promise<LedgerProcess> {
  const process = await startLedger(log.client(fate), folder);
  running.add(process);
  return process;
}

test('what came by the journal is what came directly', async () => {
  const fill = async (batch: BesideRows): Promise<void> => {
    await addInput(batch, 'a', 5);
    const id = batch.open();
    const records = [{ interface_id: 'eni-1', start: HOUR, end: HOUR + 60, log_status: 'NODATA' }];
    await batch.append(id, {
      flows: batchOf([
        { start: HOUR, srcaddr: '10.0.0.1', extra: '{"new-field":"x","other":"y"}' },
        { start: null, srcaddr: '::1' },
      ]),
      coverage: batchOf(records),
      nodata: 1,
      skipdata: 0,
      quarantined: [{ line: 7, reason: 'no', text: '\u0000 "ä" \n' }],
    });
    batch.close(id, { name: 'b', sha256: 'b', size: 1 });
    const stream = await batch.openStream('kafka:x');
    await batch.append(stream, partOf([{ start: HOUR + 7200 }]));
    batch.closeStream(stream);
    batch.sources.count('kafka:x', { records: 3, objects: 1 });
    batch.sources.savePositions('kafka:x', new Map([['0', '17']]));
    batch.sources.saveObjects([{ name: 's3://x/y', tag: 'e' }]);
    batch.sources.saveIds('push', { slot: 3, words: Uint32Array.from([1, 2, 3, 4_294_967_295]) });
    batch.sources.dropIds('push', 2);
    await batch.noteFields(['srcaddr', 'bytes']);
  };
  const direct = await Store.open(
    { folder: join(temp.path, 'direct'), memoryBytes: 256 * 1024 ** 2, threads: 1 },
    'hours',
  );
  await direct.write(fill);
  const log = new MemoryLog();
  const one = await start(log);
  await writeBatch(one, fill);
  const expected = await ledgerContents({ store: direct });
  await direct.close();
  expect(await ledgerContents(one)).toEqual(expected);
  // Also in a process that comes later.
  expect(await ledgerContents(await start(log))).toEqual(expected);
});

test('two that have the same inputs at the same moment bring each once', async () => {
  const log = new MemoryLog();
  const both = [await start(log), await start(log)];
  for (let round = 0; round < 5; round++) {
    const outcomes = await Promise.allSettled(
      both.map((process) => writeBatch(process, (batch) => addInput(batch, `input ${round}`))),
    );
    const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(failed).toEqual([expect.any(InputsTaken)]);
    expect((failed[0] as InputsTaken).hashes).toEqual([`input ${round}`]);
  }
  for (const { ledger } of both) await ledger.current();
  expect(await inputsIn(both[0]!)).toHaveLength(5);
  expect(await ledgerContents(both[0]!)).toEqual(await ledgerContents(both[1]!));
});

test('one that was killed between claim and commit holds others up for a while, and what it sent is never seen', async () => {
  const log = new MemoryLog();
  const killed = await start(log);
  const { id } = await prepareBatch(killed, (batch) => addInput(batch, 'a'));
  await killed.end();
  const other = await start(log);
  const began = performance.now();
  await writeBatch(other, (batch) => addInput(batch, 'a'));
  expect(performance.now() - began).toBeGreaterThan(LEASE / 2);
  expect(other.ledger.seen.hidden).toEqual([id]);
  const again = await start(log, killed.folder);
  expect(await ledgerContents(again)).toEqual(await ledgerContents(other));
  expect(again.ledger.seen).toEqual(other.ledger.seen);
});

test('one that slept between claim and commit brings nothing that others brought', async () => {
  const log = new MemoryLog();
  const [slow, quick] = [await start(log), await start(log)];
  const late = await prepareBatch(slow, async (batch) => {
    await addInput(batch, 'a');
    await addInput(batch, 'b');
  });
  await writeBatch(quick, (batch) => addInput(batch, 'a'));
  await expect(late.commit()).rejects.toMatchObject({ hashes: ['a'] });
  await writeBatch(slow, (batch) => addInput(batch, 'b'));
  await quick.ledger.current();
  expect(await inputsIn(quick)).toEqual(['a', 'b']);
  expect(quick.ledger.seen.hidden).toEqual([late.id]);
});

test('a source goes on from where it was read last, whoever read it', async () => {
  const log = new MemoryLog();
  const [one, other] = [await start(log), await start(log)];
  const readTo = async (process: LedgerProcess, partition: string, offset: string): Promise<unknown> =>
    writeBatch(process, async (batch) => {
      batch.sources.savePositions('kafka:x', new Map([[partition, offset]]));
      const id = await batch.openStream('kafka:x');
      await batch.append(id, partOf([{ start: HOUR }]));
      batch.closeStream(id);
    });
  await one.ledger.sources.positions('kafka:x');
  await readTo(one, '0', '10');
  expect(await other.ledger.sources.positions('kafka:x')).toEqual(new Map([['0', '10']]));
  // Each has a partition of its own.
  await Promise.all([readTo(one, '0', '20'), readTo(other, '1', '5')]);
  // Another one takes over a partition, and who had it comes back.
  await other.ledger.sources.positions('kafka:x');
  await readTo(other, '0', '30');
  const refused = readTo(one, '0', '25');
  await expect(refused).rejects.toBeInstanceOf(SourceMoved);
  await expect(refused).rejects.toMatchObject({ code: 'store_busy', source: 'kafka:x' });
  expect(await one.ledger.sources.positions('kafka:x')).toEqual(
    new Map([
      ['0', '30'],
      ['1', '5'],
    ]),
  );
  await readTo(one, '0', '40');
  const [rows] = await one.store.database.rows("SELECT flows FROM input WHERE name = 'kafka:x'");
  expect(Number(rows?.[0])).toBe(5);
});

test('identities of messages are added only by who knows all that are in', async () => {
  const log = new MemoryLog();
  const [one, other] = [await start(log), await start(log)];
  const idsIn = async ({ ledger }: LedgerProcess): Promise<readonly number[]> => {
    const all: number[] = [];
    for await (const { words } of ledger.sources.ids('push')) all.push(...words);
    return all.toSorted((a, b) => a - b);
  };
  const add = (process: LedgerProcess, id: number): Promise<unknown> =>
    writeBatch(process, async (batch) =>
      batch.sources.saveIds('push', { slot: 0, words: Uint32Array.from([0, 0, 0, id]) }),
    );
  for (const process of [one, other]) await idsIn(process);
  await add(one, 1);
  await add(one, 2);
  await expect(add(other, 1)).rejects.toBeInstanceOf(SourceMoved);
  expect((await idsIn(other)).filter((word) => word > 0)).toEqual([1, 2]);
  await add(other, 3);
  expect((await idsIn(one)).filter((word) => word > 0)).toEqual([1, 2, 3]);
});

describe('a commit whose answer is lost', () => {
  const isCommit = (message: Buffer | undefined): boolean =>
    message !== undefined && decodeRecord(message).kind === 'commit';

  test.each(['lost', 'unanswered'] as const)('counts once (%s)', async (fate) => {
    const log = new MemoryLog();
    let fails = true;
    const one = await start(log, undefined, (messages) =>
      fails && isCommit(messages.at(-1)) ? fate : 'comes',
    );
    const writing = writeBatch(one, (batch) => addInput(batch, 'a'));
    if (fate === 'lost') await expect(writing).rejects.toMatchObject({ code: 'engine_unreachable' });
    else await writing;
    fails = false;
    const again = writeBatch(one, (batch) => addInput(batch, 'a'));
    if (fate === 'lost') await again;
    else await expect(again).rejects.toBeInstanceOf(InputsTaken);
    const other = await start(log);
    expect(await inputsIn(other)).toEqual(['a']);
  });

  test('and that comes much later, after others took its inputs, brings nothing', async () => {
    const log = new MemoryLog();
    const kept: Buffer[] = [];
    const one = await start(log, undefined, (messages) => {
      if (!isCommit(messages.at(-1)) || kept.length > 0) return 'comes';
      kept.push(...messages);
      return 'lost';
    });
    await expect(writeBatch(one, (batch) => addInput(batch, 'a'))).rejects.toMatchObject({
      code: 'engine_unreachable',
    });
    const other = await start(log);
    await writeBatch(other, (batch) => addInput(batch, 'a', 4));
    log.messages.push(...kept);
    await other.ledger.current();
    await one.ledger.current();
    expect(await ledgerContents(one)).toEqual(await ledgerContents(other));
    const [row] = await one.store.database.rows('SELECT sum(flows) FROM logged_hour');
    expect(Number(row?.[0])).toBe(4);
  });
});

test('parts of a batch that came before a new start are not lost', async () => {
  const log = new MemoryLog();
  const [one, other] = [await start(log), await start(log)];
  // Of two writers one's parts come between the other's.
  const late: Buffer[] = [];
  const slow = await start(log, undefined, (messages) => {
    if (messages.length < 2) return 'comes';
    log.messages.push(messages[0]!);
    late.push(...messages.slice(1));
    return 'lost';
  });
  const writing = writeBatch(slow, (batch) => addInput(batch, 'a')).catch(() => undefined);
  await expect.poll(() => late.length).toBe(1);
  await writing;
  // The drop that followed is taken out of the way: as if the commit had only been slow.
  const dropped = log.messages.findLastIndex((message) => decodeRecord(message).kind === 'drop');
  expect(dropped).toBeGreaterThan(0);
  const before = new MemoryLog();
  before.messages.push(...log.messages.slice(0, dropped));
  for (const process of [one, other, slow]) await process.end();
  const first = await start(before);
  await writeBatch(first, (batch) => addInput(batch, 'b'));
  await first.end();
  before.messages.push(...late);
  const again = await start(before, first.folder);
  expect(await inputsIn(again)).toEqual(['a', 'b']);
  expect(await ledgerContents(again)).toEqual(await ledgerContents(await start(before)));
});

test('a ledger that lost records, or is another, is refused', async () => {
  const log = new MemoryLog();
  const one = await start(log);
  await writeBatch(one, (batch) => addInput(batch, 'a'));
  await one.end();
  log.first = 2;
  await expect(start(log)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('lost') });
  await (await start(log, one.folder)).end();
  log.id = 'second';
  await expect(start(log, one.folder)).rejects.toMatchObject({ code: 'usage' });
  log.id = 'first';
  log.messages.push(Buffer.from('{"version":2,"kind":"open"}\n'));
  await expect(start(log, one.folder)).rejects.toMatchObject({ code: 'engine_failed' });
});

test('what is seen at a moment are the batches that were committed by then', async () => {
  const log = new MemoryLog();
  const [one, other] = [await start(log), await start(log)];
  const first = await writeBatch(one, (batch) => addInput(batch, 'a'));
  const { seen } = one.ledger;
  const open = await prepareBatch(other, (batch) => addInput(batch, 'b'));
  const isSeen = (id: string, { hidden, later }: typeof seen): boolean =>
    !hidden.includes(id) && !(id > later.after && id < later.before);
  expect([isSeen(first, seen), isSeen(open.id, seen)]).toEqual([true, false]);
  await one.ledger.current();
  expect(isSeen(open.id, one.ledger.seen)).toBe(false);
  await open.commit();
  await one.ledger.current();
  expect(isSeen(open.id, one.ledger.seen)).toBe(true);
  expect(isSeen(open.id, seen)).toBe(false);
});

test('while it can’t be read, its status says so, and what came meanwhile comes afterwards', async () => {
  const log = new MemoryLog();
  const [one, other] = [await start(log), await start(log)];
  await writeBatch(one, (batch) => addInput(batch, 'a'));
  await other.ledger.current();
  expect(other.ledger.status).toEqual({ topic: log.name, records: log.messages.length, failure: null });
  log.isAway = true;
  await expect.poll(() => other.ledger.status.failure, { timeout: 10_000 }).toBe('it is away');
  const late = prepareBatch(one, (batch) => addInput(batch, 'b'));
  await expect.poll(() => log.messages.length).toBeGreaterThan(4);
  log.isAway = false;
  await (await late).commit();
  await other.ledger.current();
  expect(other.ledger.status.failure).toBeNull();
  expect(await inputsIn(other)).toEqual(['a', 'b']);
});

describe('flows that are dropped', () => {
  const DAY = 86_400;
  const days = async ({ store }: LedgerProcess): Promise<unknown> => {
    const hours = await store.database.rows(
      'SELECT hour // 24 * 24 - $1, sum(flows), sum(nodata) FROM logged_hour GROUP BY 1 ORDER BY 1',
      [HOUR / 3600],
    );
    const [coverage] = await store.database.rows('SELECT count(*) FROM coverage_record');
    return [hours.map((row) => row.map(Number)), Number(coverage?.[0]), await droppedFlows(store)];
  };
  /** A flow and a NODATA record in each of some days, and a flow without a start. */
  const addDays = async (batch: BesideRows, name: string, some: readonly number[]): Promise<void> => {
    const id = batch.open();
    const flows = [...some.map((day) => ({ start: HOUR + day * DAY })), { start: null }];
    const coverage = some.map((day) => ({
      start: HOUR + day * DAY,
      log_status: 'NODATA',
      interface_id: `eni-${day}`,
    }));
    await batch.append(id, { ...partOf(flows), coverage: batchOf(coverage), nodata: some.length });
    batch.close(id, { name, sha256: name, size: 1 });
  };
  const CUT = HOUR + 2 * DAY;

  test('are gone in every process, and their inputs are in', async () => {
    const log = new MemoryLog();
    const [one, other] = [await start(log), await start(log)];
    const before = await writeBatch(one, (batch) => addDays(batch, 'a', [0, 1, 2, 3]));
    await other.ledger.current();
    const { revision } = other.ledger;
    const cut = await one.ledger.dropFlows(CUT);
    await other.ledger.current();
    const left = [
      [
        [48, 1, 1],
        [72, 1, 1],
      ],
      2,
      2,
    ];
    expect([await days(one), await days(other)]).toEqual([left, left]);
    expect(other.ledger.revision).toBeGreaterThan(revision);
    await expect(writeBatch(other, (batch) => addDays(batch, 'a', [0]))).rejects.toBeInstanceOf(InputsTaken);
    // What comes later is there, until it is dropped too.
    const late = await writeBatch(other, (batch) => addDays(batch, 'b', [0, 3]));
    await one.ledger.current();
    expect(await days(one)).toEqual([
      [
        [0, 1, 1],
        [48, 1, 1],
        [72, 2, 2],
      ],
      4,
      2,
    ]);
    expect([before, late].map((batch) => firstKept(one.ledger.seen.cuts, batch))).toEqual([CUT, 0]);
    expect([before < cut, cut < late]).toEqual([true, true]);
    await other.ledger.dropFlows(CUT);
    await one.ledger.current();
    expect(await days(one)).toEqual([
      [
        [48, 1, 1],
        [72, 2, 2],
      ],
      3,
      3,
    ]);
    // An earlier moment than the last one is a cut of its own.
    await writeBatch(one, (batch) => addDays(batch, 'c', [0, 1]));
    await one.ledger.dropFlows(HOUR + DAY);
    expect(await days(one)).toEqual([
      [
        [24, 1, 1],
        [48, 1, 1],
        [72, 2, 2],
      ],
      4,
      4,
    ]);
    expect(one.ledger.seen.cuts.map((each) => each.before)).toEqual([CUT, HOUR + DAY]);
    await other.ledger.current();
    for (const process of [other, await start(log), await start(log, join(temp.path, 'again'))]) {
      expect(await ledgerContents(process)).toEqual(await ledgerContents(one));
      expect(process.ledger.seen).toEqual(one.ledger.seen);
    }
  });

  test('are so also of a batch that had begun, and is committed afterwards', async () => {
    const log = new MemoryLog();
    const [one, other] = [await start(log), await start(log)];
    const open = await prepareBatch(one, (batch) => addDays(batch, 'a', [0, 1, 2]));
    await other.ledger.dropFlows(CUT);
    await open.commit();
    await other.ledger.current();
    const left = [[[48, 1, 1]], 1, 2];
    expect([await days(one), await days(other)]).toEqual([left, left]);
    expect(await inputsIn(other)).toEqual(['a']);
    const folder = one.folder;
    await one.end();
    const again = await start(log, folder);
    expect(await ledgerContents(again)).toEqual(await ledgerContents(other));
    expect(firstKept(again.ledger.seen.cuts, open.id)).toBe(CUT);
  });
});
