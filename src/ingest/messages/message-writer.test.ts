import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { runs } from '../../../test/support/suite.ts';
import { test, testInBoth } from '../../../test/support/in-both-suites.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { DuckDbStore } from '../../engine/duckdb/duckdb-store.ts';
import type { FlowWriter } from '../../engine/flow-writer.ts';
import { SourceMoved } from '../../engine/source-register.ts';
import type { Message } from '../../model/record/message.ts';
import { MessageWriter, type Delivery } from './message-writer.ts';

const temp = useTempFolder();
const MEMORY = 256 * 1024 * 1024;
let stores = 0;
const newFolder = (): string => join(temp.path, `store-${++stores}`);
const open = (folder: string): Promise<DuckDbStore> =>
  DuckDbStore.open({ folder, memoryBytes: MEMORY, threads: 2 });

const line = (port: number): string =>
  `2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 ${port} 6 3 180 1717200000 1717200059 ACCEPT OK`;
const message = (content: string, name = 'm', time: number | null = null): Message => ({
  name,
  time,
  bytes: Buffer.from(content),
});

async function portsIn(store: DuckDbStore): Promise<readonly number[]> {
  const rows: number[] = [];
  const { batches } = await store.sql('SELECT dstport FROM flows ORDER BY dstport');
  for await (const batch of batches) rows.push(...batch.map(([port]) => Number(port)));
  return rows;
}

describe('repeated messages', () => {
  testInBoth('count once by content, in any grouping, also after the store was closed', async () => {
    // Each delivery is new or repeats an earlier one; each may fail and is then sent again later.
    const ports = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), ports, fails: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const folder = newFolder();
        let store = await open(folder);
        let failing = false;
        const breakable = (): FlowWriter => ({
          inputs: store.inputs,
          sources: store.sources,
          budget: store.budget,
          isAwaited: false,
          useThreads: (count) => store.useThreads(count),
          write: (work) =>
            store.write(async (batch) => {
              const result = await work(batch);
              if (failing) throw new Error('the disk is full');
              return result;
            }),
        });
        let writer = new MessageWriter(breakable());
        // Expected: for each port, the largest number of its flows in one delivery.
        const most = new Map<number, number>();
        for (const now of steps) {
          if (now.kind === 'reopen') {
            await store.close();
            store = await open(folder);
            writer = new MessageWriter(breakable());
            continue;
          }
          const delivery: Delivery = {
            source: 'firehose:',
            format: null,
            messages: now.ports.map((port) => message(line(port))),
            identity: { kind: 'content' },
          };
          failing = now.fails;
          const added = writer.add(delivery);
          if (now.fails) {
            await expect(added).rejects.toThrow('the disk is full');
            continue;
          }
          const counts = new Map<number, number>();
          for (const port of now.ports) counts.set(port, (counts.get(port) ?? 0) + 1);
          let fresh = 0;
          for (const [port, count] of counts) {
            fresh += Math.max(0, count - (most.get(port) ?? 0));
            most.set(port, Math.max(count, most.get(port) ?? 0));
          }
          expect(await added).toMatchObject({
            records: now.ports.length,
            flows: fresh,
            nodata: 0,
            skipdata: 0,
            quarantined: 0,
            duplicates: now.ports.length - fresh,
          });
        }
        const expected = [...most]
          .sort(([a], [b]) => a - b)
          .flatMap(([port, count]) => Array<number>(count).fill(port));
        expect(await portsIn(store)).toEqual(expected);
        await store.close();
      }),
      { numRuns: runs({ short: 4, long: 30 }) },
    );
  });

  test('count once if both wait for the same transaction, and both deliveries are confirmed', async () => {
    const store = await open(newFolder());
    const writer = new MessageWriter(store);
    const delivery = (...ports: readonly number[]): Delivery => ({
      source: 'firehose:',
      format: null,
      messages: ports.map((port) => message(line(port))),
      identity: { kind: 'content' },
    });
    const reports = await Promise.all(
      [delivery(1, 2), delivery(2, 3), delivery(3, 1)].map((one) => writer.add(one)),
    );
    expect(reports.map(({ flows }) => flows)).toEqual([2, 1, 0]);
    expect(await portsIn(store)).toEqual([1, 2, 3]);
    await store.close();
  });

  test('are recognized by id until their time is dropped', async () => {
    const folder = newFolder();
    const store = await open(folder);
    const writer = new MessageWriter(store);
    const hour = 3_600_000;
    const add = (id: string, time: number, since: number): Promise<unknown> =>
      writer.add({
        source: 'cloudwatch:flows',
        format: null,
        messages: [message(line(80), id, time)],
        identity: { kind: 'id', ids: [id], since },
      });
    expect(await add('a', 10 * hour, 9 * hour)).toMatchObject({ flows: 1 });
    expect(await add('b', 10 * hour, 9 * hour)).toMatchObject({ flows: 1 });
    expect(await add('a', 10 * hour, 10 * hour)).toMatchObject({ flows: 0, duplicates: 1 });
    expect(await add('c', 20 * hour, 15 * hour)).toMatchObject({ flows: 1 });
    // Dropped, in the store too.
    const slots: number[] = [];
    for await (const { slot } of store.sources.ids('cloudwatch:flows')) slots.push(slot);
    expect(slots).toEqual([120]);
    await store.close();
  });

  test('are skipped without a trace if the source itself reads again', async () => {
    const store = await open(newFolder());
    const writer = new MessageWriter(store);
    const add = (position: string, rereads: boolean, ...ports: readonly number[]): Promise<unknown> =>
      writer.add({
        source: 'cloudwatch:flows',
        format: null,
        messages: ports.map((port) => message(line(port), 'm', port)),
        positions: new Map([['read', position]]),
        identity: { kind: 'id', ids: ports.map(String), since: 0, rereads },
      });
    expect(await add('1', false, 1, 2)).toMatchObject({ records: 2, flows: 2 });
    expect(await add('2', true, 2, 1)).toMatchObject({ records: 0, flows: 0, duplicates: 0 });
    expect(await store.sources.positions('cloudwatch:flows')).toEqual(new Map([['read', '1']]));
    expect(await add('3', true, 2, 3)).toMatchObject({ records: 1, flows: 1, duplicates: 0 });
    expect(await store.sources.positions('cloudwatch:flows')).toEqual(new Map([['read', '3']]));
    expect(await add('4', true)).toMatchObject({ records: 0 });
    expect(await store.sources.positions('cloudwatch:flows')).toEqual(new Map([['read', '4']]));
    expect(await add('5', false, 3)).toMatchObject({ records: 1, duplicates: 1 });
    expect(await portsIn(store)).toEqual([1, 2, 3]);
    await store.close();
  });

  test('are recognized among a limited number of contents, so that memory and disk are bounded', async () => {
    const store = await open(newFolder());
    const writer = new MessageWriter({
      inputs: store.inputs,
      sources: store.sources,
      budget: { memoryBytes: 1024 * 1000, threads: 1 },
      isAwaited: false,
      useThreads: (count) => store.useThreads(count),
      write: (work) => store.write(work),
    });
    // 1,000 ids per slot.
    const add = (from: number): Promise<unknown> =>
      writer.add({
        source: 'firehose:',
        format: null,
        messages: Array.from({ length: 200 }, (_, i) => message(line(from + i))),
        identity: { kind: 'content' },
      });
    for (let from = 0; from < 3000; from += 200) expect(await add(from)).toMatchObject({ flows: 200 });
    expect(await add(2800)).toMatchObject({ duplicates: 200 });
    let kept = 0;
    for await (const { words } of store.sources.ids('firehose:')) kept += words.length / 4;
    expect(kept).toBeGreaterThanOrEqual(1000);
    expect(kept).toBeLessThanOrEqual(2000);
    await store.close();
  });
});

test('positions and records are committed together or not at all', async () => {
  const folder = newFolder();
  let store = await open(folder);
  const add = (offset: number): Promise<unknown> =>
    new MessageWriter(store).add({
      source: 'kafka:flows',
      format: null,
      messages: [
        message(line(offset), `kafka:flows/0/${offset}`),
        message('broken', `kafka:flows/1/${offset}`),
      ],
      positions: new Map([['0', String(offset + 1)]]),
    });
  await add(1);
  await add(2);
  expect(await store.sources.positions('kafka:flows')).toEqual(new Map([['0', '3']]));
  expect(await store.sources.positions('kafka:others')).toEqual(new Map());
  await store.close();
  store = await open(folder);
  expect(await store.sources.positions('kafka:flows')).toEqual(new Map([['0', '3']]));
  expect(await portsIn(store)).toEqual([1, 2]);
  const quarantined: unknown[] = [];
  for await (const rows of (await store.sql('SELECT input, line FROM quarantine ORDER BY input')).batches)
    quarantined.push(...rows);
  expect(quarantined).toEqual([
    ['kafka:flows/1/1', 1],
    ['kafka:flows/1/2', 1],
  ]);
  const [total, ...others] = await store.sources.totals();
  expect(total).toMatchObject({ source: 'kafka:flows', records: 4, objects: 0 });
  expect(others).toEqual([]);
  // One ledger entry for all deliveries.
  expect(await store.status()).toMatchObject({ inputs: 1, flows: 2, quarantined: 2 });
  await store.compact();
  expect(await store.sources.positions('kafka:flows')).toEqual(new Map([['0', '3']]));
  await add(3);
  expect(await store.status()).toMatchObject({ inputs: 1, flows: 3, quarantined: 3 });
  await store.close();
});

test('a failed delivery loses nothing of another one', async () => {
  const store = await open(newFolder());
  const writer = new MessageWriter({
    inputs: store.inputs,
    sources: store.sources,
    budget: store.budget,
    isAwaited: false,
    useThreads: (count) => store.useThreads(count),
    write: (work) =>
      store.write((batch) =>
        work(
          new Proxy(batch, {
            get: (target, name) => {
              if (name === 'openStream')
                return (source: string) =>
                  source === 'bad' ? Promise.reject(new Error('bad')) : target.openStream(source);
              const value: unknown = Reflect.get(target, name, target);
              return typeof value === 'function' ? (value.bind(target) as unknown) : value;
            },
          }),
        ),
      ),
  });
  const add = (source: string): Promise<unknown> =>
    writer.add({ source, format: null, messages: [message(line(80))] });
  const outcomes = await Promise.allSettled([add('good'), add('bad'), add('good')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await portsIn(store)).toEqual([80, 80]);
  await store.close();
});

test('an invalid format is refused, and so are more messages than can wait', async () => {
  const store = await open(newFolder());
  const writer = new MessageWriter(store);
  await expect(writer.add({ source: 's', format: '%%', messages: [message(line(1))] })).rejects.toMatchObject(
    {
      code: 'usage',
    },
  );
  const large = message('x'.repeat(MEMORY / 16));
  const first = writer.add({ source: 's', format: null, messages: [large] });
  await expect(writer.add({ source: 's', format: null, messages: [message(line(1))] })).rejects.toMatchObject(
    {
      code: 'busy',
    },
  );
  await expect(first).resolves.toMatchObject({ quarantined: 1 });
  await expect(
    writer.add({ source: 's', format: null, messages: [message(line(1))] }),
  ).resolves.toMatchObject({
    flows: 1,
  });
  await store.close();
});

test('what another process took in meanwhile is not taken in again', async () => {
  const store = await open(newFolder());
  const [one, other] = [new MessageWriter(store), new MessageWriter(store)];
  const deliver = (
    writer: MessageWriter,
    ports: readonly number[],
  ): Promise<{ readonly duplicates: number }> =>
    writer.add({
      source: 'push',
      format: null,
      messages: ports.map((port) => message(line(port))),
      identity: { kind: 'content' },
    });
  // Each knows what is in.
  await deliver(one, [1]);
  await deliver(other, [2]);
  const write = store.write.bind(store);
  const behind = new MessageWriter({
    ...({ budget: store.budget, sources: store.sources, inputs: store.inputs } as FlowWriter),
    useThreads: async () => undefined,
    write: async (work) => {
      if (moved.shift() !== true) return write(work);
      await deliver(one, [4]);
      throw new SourceMoved('push');
    },
  });
  const moved = [false, true];
  await deliver(behind, [3]);
  expect(await deliver(behind, [4, 5])).toMatchObject({ duplicates: 1 });
  expect(await portsIn(store)).toEqual([1, 2, 3, 4, 5]);
  // Whoever keeps positions has to look for itself.
  moved.push(true);
  const positions = new Map([['0', '1']]);
  const delivery: Delivery = { source: 'kafka:x', format: null, messages: [message(line(6))], positions };
  await expect(behind.add(delivery)).rejects.toBeInstanceOf(SourceMoved);
  expect(await portsIn(store)).toEqual([1, 2, 3, 4, 5]);
  await store.close();
});
