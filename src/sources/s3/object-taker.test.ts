import { describe, expect, test, vi } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import type { Input } from '../input.ts';
import type { SourceProgress, SourceSink } from '../source.ts';
import { archivedObject } from './archived-object.ts';
import { deniedObject, isDenied } from './denials.ts';
import { ObjectTaker, type Reading } from './object-taker.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';

const NOW = Date.UTC(2026, 5, 20);
const PLACE = { bucket: 'logs', prefix: '' };

/** An object that was written this many seconds before NOW. */
const object = (key: string, age: number, more: Partial<S3Object> = {}): S3Object => ({
  key,
  size: 10,
  etag: `etag-${key}`,
  lastModified: NOW - age * 1000,
  archived: false,
  ...more,
});

/** A bucket whose objects throw the errors in `faults` (by key), and a sink that opens each object once per tag, as a store does. */
function setUp(faults: Map<string, PeepholeError>) {
  let now = NOW;
  const taken: string[] = [];
  const aside: string[] = [];
  const done = new Set<string>();
  const progress: SourceProgress[] = [];
  let heads = new Map<string, S3Object>();
  const bucket: Bucket = {
    async *list() {
      yield { objects: [], folders: [] };
    },
    head: async (key) => heads.get(key) ?? null,
    async get(key) {
      const fault = faults.get(key);
      if (fault !== undefined) throw fault;
      return { bytes: (async function* () {})(), size: 0 };
    },
  };
  const open = async (input: Input): Promise<string | null> => {
    const id = (tag: unknown): string => `${input.name} ${String(tag)}`;
    if (done.has(id(input.tag))) return null;
    try {
      await input.open();
      taken.push(input.name);
      done.add(id(input.tag));
    } catch (error) {
      if (!(error instanceof PeepholeError)) throw error;
      if (error.code === 'source_failed') return error.message;
      const state = id(error.details['tag'] ?? input.tag);
      if (!done.has(state)) aside.push(input.name);
      done.add(state);
    }
    return null;
  };
  const sink: SourceSink = {
    positions: async () => new Map(),
    async takeObjects(inputs) {
      const failed: { input: string; reason: string }[] = [];
      for (const input of inputs) {
        const reason = await open(input);
        if (reason !== null) failed.push({ input: input.name, reason });
      }
      return { failed };
    },
    takeMessages: async () => undefined,
  };
  const reading: Reading = {
    bucket,
    sink,
    note: (said) => progress.push(said),
    signal: new AbortController().signal,
  };
  return {
    taker: new ObjectTaker(PLACE, () => now),
    reading,
    taken,
    aside,
    progress,
    wait(seconds: number) {
      now += seconds * 1000;
    },
    setHeads(objects: readonly S3Object[]) {
      heads = new Map(objects.map((one) => [one.key, one]));
    },
  };
}

const GIVES: Bucket['get'] = async () => ({ bytes: (async function* () {})(), size: 0 });
const failure = new PeepholeError('source_failed', 'S3 can’t give it.');

test('the lag is that of the oldest waiting object, failed ones included, and 0 if none waits', async () => {
  const faults = new Map([['b', failure]]);
  const { taker, reading, progress, taken, wait, setHeads } = setUp(faults);
  expect(taker.progress).toEqual({ live: true, lagSeconds: 0, lagObjects: 0, warnings: [] });
  const objects = [object('a', 300), object('b', 7200), object('c', 60)];
  await taker.take(reading, objects);
  expect(progress).toEqual([{ live: false, lagSeconds: 7200 }]);
  expect(taker.progress).toEqual({
    live: true,
    lagSeconds: 7200,
    lagObjects: 1,
    warnings: ['S3 can’t give it. It is tried again.'],
  });
  wait(10);
  // The newer object does not hide the older one that still waits.
  await taker.take(reading, [object('d', 0)]);
  expect(progress.at(-1)).toEqual({ live: false, lagSeconds: 7210 });
  faults.clear();
  setHeads(objects);
  await taker.retry(reading);
  expect(taker.progress).toEqual({ live: true, lagSeconds: 0, lagObjects: 0, warnings: [] });
  expect(taken).toEqual(['s3://logs/a', 's3://logs/c', 's3://logs/d', 's3://logs/b']);
});

test('the lag is unknown if S3 does not tell when objects were written', async () => {
  const { taker, reading, progress } = setUp(new Map());
  await taker.take(reading, [object('a', 0, { lastModified: null })]);
  expect(progress).toEqual([{ live: false, lagSeconds: null }]);
});

test('a failed object is retried after twice the delay, up to ten minutes; a deleted one is dropped', async () => {
  const { taker, reading, aside, wait, setHeads } = setUp(new Map([['a', failure]]));
  setHeads([object('a', 5)]);
  await taker.take(reading, [object('a', 5)]);
  const waits: number[] = [];
  let now = NOW;
  for (let i = 0; i < 12; i++) {
    const next = taker.nextTry ?? NaN;
    waits.push((next - now) / 1000);
    wait((next - now) / 1000);
    now = next;
    await taker.retry(reading);
  }
  expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(waits.at(-1)).toBe(600);
  setHeads([]);
  wait(600);
  await taker.retry(reading);
  expect(taker.nextTry).toBeNull();
  // The deletion is reported, since records were lost.
  expect(aside).toEqual(['s3://logs/a']);
  expect(taker.progress.warnings).toEqual([
    'Deleted before they could be read: 1 (s3://logs/a). See quarantine.',
  ]);
  // One of its name that is read takes its place.
  await taker.take({ ...reading, bucket: { ...reading.bucket, get: GIVES } }, [
    object('a', 1, { etag: 'later' }),
  ]);
  expect(taker.progress.warnings).toEqual([]);
});

test('the failure of an overwritten object is dropped once its current content is ingested', async () => {
  const faults = new Map<string, PeepholeError>();
  const { taker, reading, taken, wait } = setUp(faults);
  const now = object('a', 5, { etag: 'new' });
  await taker.take(reading, [now]);
  // A second notification of the previous content arrives.
  faults.set('a', new PeepholeError('source_failed', 'Overwritten.', { changed: true }));
  await taker.take(reading, [object('a', 9, { etag: 'old' })]);
  expect(taker.progress).toMatchObject({ lagObjects: 1 });
  faults.clear();
  await taker.take(reading, [now]);
  expect(taker.progress).toMatchObject({ lagObjects: 0, warnings: [] });
  expect(taken).toEqual(['s3://logs/a']);
  wait(10);
  await taker.retry(reading);
  expect(taker.nextTry).toBeNull();
});

describe('objects that S3 refuses', () => {
  const denied = deniedObject('Access denied.', null);

  test('go to quarantine once with the reason and are retried, if S3 gives others', async () => {
    const faults = new Map([['b', denied]]);
    const { taker, reading, taken, aside, wait, setHeads } = setUp(faults);
    const objects = ['a', 'b', 'c'].map((key) => object(key, 60));
    setHeads(objects);
    const { failed, outage } = await taker.take(reading, objects);
    expect([...failed]).toEqual([['b', 'Access denied.']]);
    expect([outage, taker.refusal]).toEqual([null, null]);
    expect([taken, aside]).toEqual([['s3://logs/a', 's3://logs/c'], ['s3://logs/b']]);
    expect(taker.progress.warnings).toEqual(['Access denied. It is tried again.']);
    wait(5);
    await taker.retry(reading);
    expect([aside, taker.refusal]).toEqual([['s3://logs/b'], null]);
    faults.clear();
    wait(5);
    await taker.retry(reading);
    expect(taken).toEqual(['s3://logs/a', 's3://logs/c', 's3://logs/b']);
    expect(taker.progress).toMatchObject({ lagObjects: 0, warnings: [] });
  });

  test('are an error of the whole source if S3 gives no other', async () => {
    const { taker, reading, aside } = setUp(new Map(['a', 'b'].map((key) => [key, denied])));
    const { outage } = await taker.take(reading, [object('a', 60), object('b', 60)]);
    // S3 might still give other objects.
    expect(outage).toBeNull();
    expect(taker.refusal).toMatchObject({ code: 'source_refused', message: 'Access denied.' });
    expect(aside).toEqual([]);
    await taker.take(reading, [object('c', 60)]);
    expect(taker.refusal).toBeNull();
  });

  test('are an error after twenty in a row, even if others were read before', async () => {
    const keys = Array.from({ length: 50 }, (_, i) => `denied-${i}`);
    const faults = new Map(keys.map((key) => [key, denied]));
    const { taker, reading, taken, aside, setHeads, wait } = setUp(faults);
    const objects = keys.map((key) => object(key, 60));
    setHeads(objects);
    await taker.take(reading, [object('a', 60)]);
    const { outage, failed } = await taker.take(reading, objects);
    expect(outage).toMatchObject({ code: 'source_refused' });
    expect([failed.size, aside.length]).toEqual([50, 0]);
    // The next time it is requested again, and S3 gives it.
    faults.clear();
    taker.begin();
    wait(10);
    await taker.retry(reading);
    expect(taken).toHaveLength(51);
  });
});

test('an archived object is reported once, causes no lag, and is read once it is restored', async () => {
  const { taker, reading, taken, aside, progress } = setUp(new Map());
  await taker.take(reading, [object('a', 9999, { archived: true })]);
  expect(progress).toEqual([{ live: false, lagSeconds: 0 }]);
  await taker.take(reading, [object('a', 9999, { archived: true })]);
  expect([aside, taken]).toEqual([['s3://logs/a'], []]);
  await taker.take(reading, [object('a', 9999)]);
  expect(taken).toEqual(['s3://logs/a']);
});

test('an object that turns out to be archived is retried every hour and reported once', async () => {
  const faults = new Map([['a', archivedObject('s3://logs/a', 'etag-a')]]);
  const { taker, reading, taken, aside, wait, progress } = setUp(faults);
  const a = object('a', 60);
  await taker.take(reading, [a]);
  expect(aside).toEqual(['s3://logs/a']);
  expect(taker.nextTry).toBeNull();
  const looks = progress.length;
  wait(1800);
  await taker.take(reading, [a]);
  expect(progress).toHaveLength(looks);
  wait(1800);
  await taker.take(reading, [a]);
  expect(progress).toHaveLength(looks + 1);
  expect(aside).toEqual(['s3://logs/a']);
  faults.clear();
  wait(3600);
  await taker.take(reading, [a]);
  expect(taken).toEqual(['s3://logs/a']);
  await taker.take(reading, [a]);
  expect(taken).toEqual(['s3://logs/a']);
});

test('after three failures in a row S3 counts as unavailable, and the rest of the batch is not requested', async () => {
  const keys = ['a', 'b', 'c', 'd'];
  const { taker, reading } = setUp(new Map(keys.map((key) => [key, failure])));
  const { failed, outage } = await taker.take(
    reading,
    keys.map((key) => object(key, 1)),
  );
  expect([...failed.keys()]).toEqual(keys);
  expect(outage).toMatchObject({ code: 'source_failed', message: 'S3 can’t give it.' });
});

describe('however many objects S3 does not give, the others are read', () => {
  const bad = (prefix: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => `${prefix}-${String(i).padStart(3, '0')}`);
  const named = (keys: readonly string[]): readonly string[] => keys.map((key) => `s3://logs/${key}`);

  test.each([
    ['refused', 30, deniedObject('Access denied.', null)],
    ['failed', 4, failure],
  ])('%s: also where those come first, and when they are tried again', async (_, count, fault) => {
    const [old, good] = [bad('a', count), bad('b', 20)];
    const { taker, reading, taken, aside, wait, setHeads } = setUp(new Map(old.map((key) => [key, fault])));
    const objects = [...old, ...good].map((key) => object(key, 60));
    const { failed, outage } = await taker.take(reading, objects);
    expect(taken.toSorted()).toEqual(named(good));
    expect([[...failed.keys()].toSorted(), outage, taker.refusal]).toEqual([old, null, null]);
    if (isDenied(fault)) expect(aside.toSorted()).toEqual(named(old));
    for (let round = 0; round < 10; round++) {
      wait(600);
      setHeads(objects);
      const again = await taker.retry(reading);
      const key = `c-${round}`;
      await taker.take(reading, [...objects, object(key, 0)]);
      expect([again.outage, taker.refusal, taken.at(-1)]).toEqual([null, null, `s3://logs/${key}`]);
    }
  });

  test('every second one refused, in a batch of its own each', async () => {
    const keys = bad('a', 60);
    const denied = deniedObject('Access denied.', null);
    const faults = new Map(keys.filter((_, i) => i % 2 === 0).map((key) => [key, denied]));
    const { taker, reading, taken, wait, setHeads } = setUp(faults);
    const objects = keys.map((key) => object(key, 60));
    setHeads(objects);
    for (let round = 0; round < 5; round++) {
      taker.begin();
      for (const one of objects) await taker.take(reading, [one]);
      await taker.take(reading, [object(`new-${round}`, 0)]);
      expect(taken.at(-1)).toBe(`s3://logs/new-${round}`);
      expect(taker.refusal).toBeNull();
      wait(600);
      expect((await taker.retry(reading)).outage).toBeNull();
    }
  });

  test('some hundreds that fail, before the others in one batch', async () => {
    const [old, good] = [bad('a', 300), bad('b', 20)];
    const { taker, reading, taken, wait, setHeads } = setUp(new Map(old.map((key) => [key, failure])));
    const objects = [...old, ...good].map((key) => object(key, 60));
    setHeads(objects);
    await taker.take(reading, objects);
    for (let round = 0; round < 60 && taken.length < 20; round++) {
      wait(10);
      await taker.retry(reading);
    }
    expect(taken.toSorted()).toEqual(named(good));
  });

  test('few of them are asked for while all fail, and all once one is given', async () => {
    const keys = bad('a', 1000);
    const faults = new Map(keys.map((key) => [key, failure]));
    const { taker, reading, taken, wait, setHeads } = setUp(faults);
    const objects = keys.map((key) => object(key, 60));
    setHeads(objects);
    const get = vi.spyOn(reading.bucket, 'get');
    expect((await taker.take(reading, objects)).outage).toMatchObject({ code: 'source_failed' });
    expect(get.mock.calls.length).toBeLessThan(15);
    faults.clear();
    for (let round = 0; round < 11; round++) {
      await taker.retry(reading);
      wait(10);
    }
    expect(taken).toHaveLength(1000);
    expect(taker.progress).toMatchObject({ lagObjects: 0, warnings: [] });
  });
});
