import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
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
