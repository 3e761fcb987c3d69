import { expect, test } from 'vitest';
import type { Input } from '../sources/input.ts';
import { InputQueue } from './input-queue.ts';

const input = (name: string, size: number | null, path: string | null = `/logs/${name}`): Input => ({
  name,
  size,
  path,
  tag: null,
  time: null,
  discovered: true,
  open: () => Promise.reject(new Error('not opened here')),
});
const named = (inputs: readonly Input[]): readonly string[] => inputs.map(({ name }) => name);
const none = (): boolean => false;

test('small files come together, up to a mebibyte, and everything else alone, in order', async () => {
  const small = Array.from({ length: 10 }, (_, i) => input(`s${i}`, 200_000));
  const queue = new InputQueue([...small, input('large', 3_000_000), input('s3', 10, null)], none, 1);
  const work = await queue.take();
  if (work?.kind !== 'small') throw new Error('no small files');
  expect(named(work.files)).toEqual(['s0', 's1', 's2', 's3', 's4']);
  expect(named(queue.nextSmall())).toEqual(['s5', 's6', 's7', 's8', 's9']);
  expect(queue.nextSmall()).toEqual([]);
  queue.endSmall();
  expect(await queue.take()).toMatchObject({ kind: 'alone', input: { name: 'large' } });
  expect(await queue.take()).toMatchObject({ kind: 'alone', input: { name: 's3' } });
  expect(await queue.take()).toBeNull();
});

test('many tiny files come 64 at a time', async () => {
  const queue = new InputQueue(
    Array.from({ length: 100 }, (_, i) => input(`${i}`, 10)),
    ({ name }) => name === '99',
    1,
  );
  const work = await queue.take();
  expect(work?.kind === 'small' && work.files.length).toBe(64);
  expect(queue.nextSmall()).toHaveLength(35);
  expect(queue.nextSmall()).toEqual([]);
  expect(await queue.take()).toMatchObject({ kind: 'alone', input: { name: '99' } });
});

test('other threads wait for what is put aside, and for the end', async () => {
  const queue = new InputQueue([input('a', 10), input('b', 10)], none, 1);
  const work = await queue.take();
  if (work?.kind !== 'small') throw new Error('no small files');
  const other = queue.take();
  const third = queue.take();
  queue.putAside([work.files[1]!]);
  expect(await other).toMatchObject({ kind: 'alone', input: { name: 'b' } });
  queue.endSmall();
  expect(await third).toBeNull();
  expect(await queue.take()).toBeNull();
});

test('another thread takes a large file as soon as it is the first', async () => {
  const queue = new InputQueue([input('a', 10), input('large', 3_000_000), input('b', 10)], none, 1);
  await queue.take();
  const other = await queue.take();
  expect(other).toMatchObject({ kind: 'alone', input: { name: 'large' } });
  expect(named(queue.nextSmall())).toEqual(['b']);
});
