import { createRecordsBatch } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { type KafkaRecord, readBatches } from './record-batches.ts';

const recordsOf = (log: Buffer): KafkaRecord[] => [...[...readBatches(log)][0]!.records()];

/** A batch as a client writes it, placed at an offset. */
function batch(
  values: readonly (string | null)[],
  offset: number,
  compression: 'none' | 'gzip' = 'none',
): Buffer {
  const messages = values.map((value, i) => ({
    topic: 't',
    key: Buffer.from('key'),
    // A tombstone has no value, but the client's type requires one.
    value: (value === null ? undefined : Buffer.from(value)) as Buffer,
    timestamp: 1_529_452_800_000n + BigInt(i),
    headers: new Map([[Buffer.from('a'), Buffer.from('b')]]),
  }));
  const bytes = Buffer.from(createRecordsBatch(messages, { compression }).buffer);
  bytes.writeBigInt64BE(BigInt(offset), 0);
  return bytes;
}

test('reads offsets, times and values, compressed or not', () => {
  const log = Buffer.concat([batch(['one', null, ''], 40), batch(['x'.repeat(300)], 43, 'gzip')]);
  const found = [...readBatches(log)].map(({ firstOffset, lastOffset, records }) => ({
    firstOffset,
    lastOffset,
    records: [...records()].map(({ offset, time, value }) => [offset, time, value?.toString() ?? null]),
  }));
  expect(found).toEqual([
    {
      firstOffset: 40,
      lastOffset: 42,
      records: [
        [40, 1_529_452_800_000, 'one'],
        [41, 1_529_452_800_001, null],
        [42, 1_529_452_800_002, ''],
      ],
    },
    { firstOffset: 43, lastOffset: 43, records: [[43, 1_529_452_800_000, 'x'.repeat(300)]] },
  ]);
});

test('a time set by the broker applies to all messages of a batch', () => {
  const bytes = batch(['a', 'b'], 0);
  bytes.writeInt16BE(bytes.readInt16BE(21) | 8, 21);
  expect(recordsOf(bytes).map(({ time }) => time)).toEqual([1_529_452_800_001, 1_529_452_800_001]);
});

test('a truncated batch is left for later, wherever it ends', () => {
  const log = Buffer.concat([batch(['a'], 0), batch(['b'], 1)]);
  const first = batch(['a'], 0).length;
  for (let length = 0; length < log.length; length++)
    expect([...readBatches(log.subarray(0, length))], String(length)).toHaveLength(length < first ? 0 : 1);
});

test('corrupt bytes are an error of their batch only, and never cause an endless loop', () => {
  const sound = batch(['a', 'b'], 7, 'gzip');
  for (let at = 57; at < sound.length; at++) {
    const broken = Buffer.from(sound);
    broken[at] = broken[at]! ^ 0xff;
    const [first, second] = [...readBatches(Buffer.concat([broken, batch(['c'], 9)]))];
    expect([...second!.records()]).toHaveLength(1);
    expect(first!.lastOffset).toBe(8);
    try {
      // If the change is not in the data or the checksum of gzip, the batch may still be readable.
      expect([...first!.records()].length).toBeLessThanOrEqual(2);
    } catch (error) {
      expect((error as Error).message).not.toBe('');
    }
  }
});

test('an old format and an unknown codec are errors', () => {
  const old = batch(['a'], 5);
  old[16] = 1;
  expect(() => recordsOf(old)).toThrow('format 1');
  const unknown = batch(['a'], 5);
  unknown.writeInt16BE(7, 21);
  expect(() => recordsOf(unknown)).toThrow('no name');
  const claims = batch(['a'], 5);
  claims.writeInt32BE(1_000_000_000, 57);
  expect(() => recordsOf(claims)).toThrow('cut off');
});
