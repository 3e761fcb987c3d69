import { expect, test } from 'vitest';
import type { FlowWriter, WriteBatch } from '../engine/flow-writer.ts';
import { InputsTaken } from '../engine/input-register.ts';
import { NO_RECORDS } from '../model/record/record-batch.ts';
import { InputGroup, type SmallInput } from './input-group.ts';

const ROWS = 100_000;

function input(name: string, rows = ROWS): SmallInput {
  return {
    entry: { name, sha256: name, size: 1 },
    part: { flows: { ...NO_RECORDS, rows }, coverage: NO_RECORDS, nodata: 0, skipdata: 0, quarantined: [] },
    fileBytes: 1,
    object: null,
  };
}

/** A store that notes what is committed, and appends as slowly as the test wants. */
class NotingStore {
  readonly commits: string[][] = [];
  appended = 0;
  /** Waited for by each append. */
  gate: Promise<void> = Promise.resolve();
  /** What the next transactions fail with. */
  readonly failures: Error[] = [];
  isAwaited = false;
  readonly budget = { memoryBytes: 1024 * 1024 * 1024, threads: 2 };

  async write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T> {
    const names: string[] = [];
    const batch = {
      sources: { saveObjects: () => undefined, count: () => undefined },
      open: () => names.length,
      prepare: () => Promise.resolve(),
      append: async () => {
        await this.gate;
        this.appended++;
        return { duplicates: 0 };
      },
      close: (_: number, { name }: { readonly name: string }) => void names.push(name),
    };
    const result = await work(batch as unknown as WriteBatch);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    this.commits.push(names);
    return result;
  }
}

function groupOf(store: NotingStore): {
  readonly group: InputGroup;
  readonly committed: string[];
  readonly taken: string[];
} {
  const [committed, taken]: [string[], string[]] = [[], []];
  const note = (into: string[]) => (inputs: readonly SmallInput[]) =>
    void into.push(...inputs.map(({ entry }) => entry.name));
  const group = new InputGroup(store as unknown as FlowWriter, null, note(committed), note(taken));
  return { group, committed, taken };
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `${i}`);

test('what is added while a transaction goes on is in it, up to what it may hold; each input once', async () => {
  const store = new NotingStore();
  const { group, committed } = groupOf(store);
  for (const name of names(30)) await group.add(input(name));
  await group.finish();
  expect(store.commits.flat()).toEqual(names(30));
  expect(committed).toEqual(names(30));
  // Some 700,000 rows for 1 GiB, and what waits when it is full.
  expect(store.commits.length).toBeGreaterThan(1);
  expect(store.commits.length).toBeLessThanOrEqual(4);
  for (const commit of store.commits) expect(commit.length).toBeLessThanOrEqual(15);
});

test('who adds more than half a transaction waits', async () => {
  const store = new NotingStore();
  const { group } = groupOf(store);
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  let added = 0;
  const adding = (async () => {
    for (const name of names(30)) {
      await group.add(input(name));
      added++;
    }
  })();
  // Everything that can happen without the store has.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(added).toBeLessThan(10);
  open();
  await adding;
  await group.finish();
  expect(store.commits.flat()).toEqual(names(30));
});

test('a few records are committed in the end', async () => {
  const store = new NotingStore();
  const { group } = groupOf(store);
  await group.add(input('a', 1));
  expect(store.commits).toEqual([]);
  await group.finish();
  expect(store.commits).toEqual([['a']]);
});

test('a failure is told to whoever adds or finishes, and nothing is said to be in', async () => {
  const store = new NotingStore();
  const { group, committed } = groupOf(store);
  store.failures.push(new Error('the disk is full'));
  await group.add(input('a', 1));
  await expect(group.finish()).rejects.toThrow('the disk is full');
  await expect(group.add(input('b'))).rejects.toThrow('the disk is full');
  await expect(group.finish()).rejects.toThrow('the disk is full');
  expect(store.commits).toEqual([]);
  expect(committed).toEqual([]);
});

test('the rest is committed where another process has taken some in', async () => {
  const store = new NotingStore();
  const { group, committed, taken } = groupOf(store);
  store.failures.push(new InputsTaken(['b']));
  for (const name of ['a', 'b', 'c']) await group.add(input(name, 1));
  await group.finish();
  expect(store.commits).toEqual([['a', 'c']]);
  expect({ committed, taken }).toEqual({ committed: ['a', 'c'], taken: ['b'] });
});

test('a transaction ends as soon as others wait to write, however many inputs come', async () => {
  const store = new NotingStore();
  const { group } = groupOf(store);
  store.isAwaited = true;
  // Each comes long before the transaction would give up waiting for more.
  for (let i = 0; store.commits.length === 0; i++) {
    await group.add(input(`${i}`));
    await new Promise((resolve) => setImmediate(resolve));
    expect(i).toBeLessThan(100);
  }
  store.isAwaited = false;
  await group.finish();
});
