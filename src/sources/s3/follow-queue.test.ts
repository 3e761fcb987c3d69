import { expect, onTestFinished, test, vi } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import type { SourceProgress, SourceSink } from '../source.ts';
import { followQueue } from './follow-queue.ts';
import { ObjectTaker } from './object-taker.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';
import type { QueueMessage } from './queue.ts';

const PLACE = { bucket: 'logs', prefix: 'AWSLogs/' };

interface Sent {
  readonly id: string;
  readonly body: string;
  received: number;
}

const notification = (...keys: readonly string[]): string =>
  JSON.stringify({ Records: keys.map((key) => record(key)) });

const record = (key: string, more: object = {}): object => ({
  eventName: 'ObjectCreated:Put',
  eventTime: '2026-06-20T00:00:00.000Z',
  s3: { bucket: { name: 'logs' }, object: { key, size: 10, eTag: `etag-${key}`, ...more } },
});

/**
 * Follows a queue in memory, that gives what is not deleted again each time, until `enough` says so. `work` is done
 * before objects are taken in.
 */
async function follow(
  bodies: readonly string[],
  get: (key: string) => PeepholeError | null,
  enough: (state: { looks: number; left: number }) => boolean,
  received = 0,
  work: () => Promise<void> = async () => undefined,
) {
  const sent: Sent[] = bodies.map((body, i) => ({ id: `m${i}`, body, received }));
  const ending = new AbortController();
  const taken: string[] = [];
  const aside: { readonly name: string; readonly reason: string; readonly received: number }[] = [];
  const progress: SourceProgress[] = [];
  const extended: string[][] = [];
  let looks = 0;
  let now = 0;
  const bucket: Bucket = {
    async *list() {
      yield { objects: [], folders: [] };
    },
    head: async (key): Promise<S3Object> => ({
      key,
      size: 10,
      etag: `etag-${key}`,
      lastModified: 0,
      archived: false,
    }),
    async get(key, etag) {
      const error = get(key);
      if (error !== null) throw error;
      // As with If-Match.
      if (etag !== `etag-${key}`) throw new PeepholeError('source_failed', 'Overwritten.', { changed: true });
      return { bytes: (async function* () {})(), size: 0 };
    },
  };
  const sink: SourceSink = {
    positions: async () => new Map(),
    async takeObjects(inputs) {
      await work();
      const failed: { input: string; reason: string }[] = [];
      for (const input of inputs) {
        try {
          await input.open();
          taken.push(input.name);
        } catch (error) {
          const { code, message } = error as PeepholeError;
          if (code === 'source_failed') failed.push({ input: input.name, reason: message });
          else aside.push({ name: input.name, reason: message, received: sent[0]?.received ?? -1 });
        }
      }
      return { failed };
    },
    takeMessages: async () => undefined,
  };
  const queue = {
    name: 'new-objects',
    visibility: 30,
    check: async () => 0,
    async receive(wait: boolean): Promise<readonly QueueMessage[]> {
      if (!wait) return [];
      looks++;
      // Each message is visible again.
      now += 1_000_000;
      if (enough({ looks, left: sent.length })) ending.abort();
      for (const message of sent) message.received++;
      return sent.map(({ id, body, received }) => ({ id, body, received, handle: id, at: 0 }));
    },
    extend: async (messages: readonly QueueMessage[]) => void extended.push(messages.map(({ id }) => id)),
    async delete(messages: readonly QueueMessage[]) {
      for (const { id } of messages)
        sent.splice(
          sent.findIndex((one) => one.id === id),
          1,
        );
    },
  };
  const run = followQueue({
    bucket,
    sink,
    queue,
    signal: ending.signal,
    note: (said) => progress.push(said),
    taker: new ObjectTaker(PLACE, () => now),
    place: PLACE,
    bounds: { from: null, to: null },
  });
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  return { taken, aside, progress, error, extended, left: sent.map(({ id }) => id) };
}

const failure = new PeepholeError('source_failed', 'S3 can’t give it.');

test('a message whose object can’t be read goes to quarantine after twenty receives, with a warning, and the others are read', async () => {
  const { taken, aside, left, error, progress } = await follow(
    [notification('AWSLogs/bad'), notification('AWSLogs/good')],
    (key) => (key === 'AWSLogs/bad' ? failure : null),
    ({ looks, left: waiting }) => waiting === 0 || looks > 50,
  );
  expect(error).toBeNull();
  expect(left).toEqual([]);
  expect(taken).toEqual(['s3://logs/AWSLogs/good']);
  expect(aside).toEqual([
    {
      name: 'sqs:new-objects/m0',
      reason: expect.stringMatching(/^S3 can’t give it\. The message: \{"Records"/) as string,
      received: 20,
    },
  ]);
  // The object is still retried, since it may become readable, but no message names it any more.
  expect(progress.at(-1)).toMatchObject({ lagObjects: 1 });
});

test('while S3 is unavailable no message goes to quarantine, however often it was received', async () => {
  const { aside, left, error } = await follow(
    ['a', 'b', 'c', 'd'].map((key) => notification(`AWSLogs/${key}`)),
    () => failure,
    ({ looks }) => looks > 50,
    100,
  );
  expect(error).toMatchObject({ code: 'source_failed', message: failure.message });
  expect(aside).toEqual([]);
  expect(left).toHaveLength(4);
});

test('an object named in many messages, out of order and repeated, is ingested once', async () => {
  const { taken, left } = await follow(
    [
      notification('AWSLogs/b', 'AWSLogs/a'),
      notification('AWSLogs/a'),
      notification('AWSLogs/b', 'AWSLogs/b'),
      '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}',
    ],
    () => null,
    ({ left: waiting }) => waiting === 0,
  );
  expect(taken.toSorted()).toEqual(['s3://logs/AWSLogs/a', 's3://logs/AWSLogs/b']);
  expect(left).toEqual([]);
});

test('notifications of a key in the wrong order lead to its current content, whatever the sequencers of other keys', async () => {
  // Sequencers can only be compared for the same key: that of `b` is lower than both of `a` without a meaning.
  const now = { eTag: 'etag-AWSLogs/a', sequencer: '00F' };
  const before = { eTag: 'older', sequencer: '00A' };
  const { taken, left, error } = await follow(
    [
      JSON.stringify({ Records: [record('AWSLogs/a', now)] }),
      JSON.stringify({ Records: [record('AWSLogs/a', before), record('AWSLogs/b', { sequencer: '001' })] }),
    ],
    () => null,
    ({ left: waiting, looks }) => waiting === 0 || looks > 10,
  );
  expect(error).toBeNull();
  expect(taken.toSorted()).toEqual(['s3://logs/AWSLogs/a', 's3://logs/AWSLogs/b']);
  expect(left).toEqual([]);
});

test('while objects are ingested, messages are hidden again after half of the visibility timeout', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { extended, left } = await follow(
    [notification('AWSLogs/a'), notification('AWSLogs/b')],
    () => null,
    ({ left: waiting }) => waiting === 0,
    0,
    // The visibility timeout is 30 seconds.
    () => vi.advanceTimersByTimeAsync(50_000).then(() => undefined),
  );
  expect(extended).toEqual(Array.from({ length: 3 }, () => ['m0', 'm1']));
  expect(left).toEqual([]);
  // Nothing is hidden again after the objects are ingested.
  await vi.advanceTimersByTimeAsync(100_000);
  expect(extended).toHaveLength(3);
});
