import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import { fetchObject } from './fetch-object.ts';
import { readObject } from './object-bytes.ts';
import type { Bucket } from './s3-bucket.ts';

const CONTENT = Buffer.from(Array.from({ length: 100 }, (_, i) => i));

/** Gives this many bytes each time before the connection ends, with an error or silently. */
function cutting(cuts: readonly { readonly after: number; readonly error: boolean }[]) {
  const froms: number[] = [];
  const get: Bucket['get'] = async (_key, _etag, from) => {
    const cut = cuts[froms.length];
    froms.push(from);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      const end = cut === undefined ? CONTENT.length : Math.min(CONTENT.length, from + cut.after);
      for (let at = from; at < end; at += 7) yield CONTENT.subarray(at, Math.min(end, at + 7));
      if (cut?.error === true && end < CONTENT.length) throw new Error('aborted');
    }
    return { bytes: bytes(), size: CONTENT.length };
  };
  return { bucket: { get } as Bucket, froms };
}

async function read(bucket: Bucket): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const object = { bucket, key: 'a', etag: 'e', name: 's3://logs/a', firstWait: 0 };
  for await (const chunk of await readObject(object)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('an object is read completely, wherever connections break', async () => {
  const cut = fc.record({ after: fc.integer({ min: 1, max: 60 }), error: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { maxLength: 12 }), async (cuts) => {
      expect((await read(cutting(cuts).bucket)).equals(CONTENT)).toBe(true);
    }),
  );
});

test('reading continues where it broke off, and fails after several attempts without a byte', async () => {
  const { bucket, froms } = cutting([{ after: 30, error: true }]);
  await read(bucket);
  expect(froms).toEqual([0, 30]);
  const dead = cutting(Array.from({ length: 99 }, () => ({ after: 0, error: true })));
  await expect(read(dead.bucket)).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringContaining('0 of 100 bytes') as string,
  });
  expect(dead.froms).toHaveLength(6);
});

test('reading does not continue if the object has changed', async () => {
  const { bucket, froms } = cutting([{ after: 30, error: true }]);
  const changing: Bucket['get'] = async (key, etag, from) => {
    if (from > 0) throw new PeepholeError('source_failed', 'It was overwritten.', { changed: true });
    return bucket.get(key, etag, from);
  };
  await expect(read({ ...bucket, get: changing })).rejects.toMatchObject({ details: { changed: true } });
  expect(froms).toEqual([0]);
});

/** Gives these bytes, then says nothing more, for ever. */
function stalling(first: Uint8Array): AsyncIterable<Uint8Array> & { destroyed: boolean } {
  return {
    destroyed: false,
    destroy() {
      this.destroyed = true;
    },
    async *[Symbol.asyncIterator]() {
      yield first;
      await new Promise(() => undefined);
    },
  } as AsyncIterable<Uint8Array> & { destroyed: boolean };
}

test('a connection that says nothing for long counts as ended, and reading goes on where it was', async () => {
  const { bucket, froms } = cutting([]);
  const stalled = stalling(CONTENT.subarray(0, 30));
  const get: Bucket['get'] = async (key, etag, from) =>
    from === 0 ? { bytes: stalled, size: CONTENT.length } : bucket.get(key, etag, from);
  const chunks: Uint8Array[] = [];
  const object = { bucket: { ...bucket, get }, key: 'a', etag: 'e', name: 'a', firstWait: 0, mostPause: 20 };
  for await (const chunk of await readObject(object)) chunks.push(chunk);
  expect(Buffer.concat(chunks).equals(CONTENT)).toBe(true);
  expect([froms, stalled.destroyed]).toEqual([[30], true]);
});

test('aborting ends the wait for bytes that do not come', async () => {
  const stalled = stalling(CONTENT.subarray(0, 30));
  const get: Bucket['get'] = async () => ({ bytes: stalled, size: CONTENT.length });
  const ending = new AbortController();
  const stream = await readObject({
    bucket: { get } as Bucket,
    key: 'a',
    etag: 'e',
    name: 'a',
    signal: ending.signal,
  });
  await stream.next();
  const next = stream.next();
  ending.abort();
  await expect(next).rejects.toMatchObject({ code: 'cancelled' });
  expect(stalled.destroyed).toBe(true);
});

test.each([1000, 3_000_000])('an object of %d bytes is there in whole before it is read', async (size) => {
  const content = Buffer.alloc(size, 'peephole ');
  let given = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += 1000, given++) yield content.subarray(at, at + 1000);
  }
  const get: Bucket['get'] = async () => ({ bytes: bytes(), size });
  const fetched = await fetchObject({ bucket: { get } as Bucket, key: 'a', etag: 'e', name: 'a' }, size);
  expect(given).toBe(size / 1000);
  const chunks: Uint8Array[] = [];
  const stream = fetched.kind === 'file' ? fetched.file.createReadStream() : fetched.stream;
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  expect(Buffer.concat(chunks).equals(content)).toBe(true);
});
