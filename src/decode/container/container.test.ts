import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunked, decodeAll, gather, outcome } from '../fixtures/decode-all.ts';
import { decode } from '../decode.ts';
import { unzstd } from './unzstd.ts';

const HEADER = 'srcaddr dstport\n';
const text = (from: number, to: number): string =>
  Array.from(
    { length: to - from },
    (_, i) => `10.0.${(from + i) >> 8}.${(from + i) & 255} ${from + i}\n`,
  ).join('');
const unreadable = expect.objectContaining({ code: 'unreadable_input' });

/** The peak of buffer memory at calls of `measure`, in bytes beyond the start. */
async function mostHeld(work: (measure: () => void) => Promise<void>): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const inUse = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = inUse();
  let most = 0;
  await work(() => (most = Math.max(most, inUse() - before)));
  return most;
}

describe('gzip', () => {
  test('may have several members and zeros at the end', async () => {
    const members = [
      gzipSync(HEADER + text(0, 10)),
      gzipSync(''),
      gzipSync(text(10, 2000)),
      Buffer.alloc(1000),
    ];
    const expected = await decodeAll(HEADER + text(0, 2000));
    for (const chunk of [1, 100, 1_000_000]) {
      expect(await decodeAll(Buffer.concat(members), { chunk })).toEqual(expected);
    }
  });

  test('may be too large to decompress at once', async () => {
    // Values that don't compress well, so that the compressed size is over the limit.
    let seed = 1;
    const lines = Array.from({ length: 60_000 }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return `10.${seed >>> 24}.${(seed >>> 16) & 255}.${(seed >>> 8) & 255} ${seed >>> 16}\n`;
    }).join('');
    const bytes = gzipSync(HEADER + lines);
    expect(bytes.length).toBeGreaterThan(262_144);
    const decoded = await decodeAll(bytes);
    expect(decoded.flows).toHaveLength(60_000);
    const twice = await decodeAll(Buffer.concat([bytes, bytes, Buffer.alloc(70_000)]));
    expect(twice.flows).toHaveLength(120_000);
    for (const cut of [1, 8, 9, 1000, 200_000]) {
      await expect(decodeAll(bytes.subarray(0, -cut))).rejects.toThrow('ends too early');
    }
    await expect(decodeAll(Buffer.concat([bytes, bytes.subarray(0, 5)]))).rejects.toThrow(unreadable);
    await expect(decodeAll(Buffer.concat([bytes, Buffer.from('garbage')]))).rejects.toThrow(unreadable);
  });

  test('is unreadable if truncated anywhere', async () => {
    const bytes = Buffer.concat([gzipSync(HEADER + text(0, 50)), gzipSync(text(50, 90))]);
    const whole = gzipSync(HEADER + text(0, 50)).length;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: bytes.length - 1 }),
        fc.constantFrom(1, 64, 65_536),
        async (cut, chunk) => {
          fc.pre(cut !== whole);
          await expect(decodeAll(bytes.subarray(0, cut), { chunk })).rejects.toThrow(unreadable);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is unreadable with a changed byte, unless the content stays the same', async () => {
    const content = HEADER + text(0, 50);
    const bytes = gzipSync(content);
    const expected = await decodeAll(content);
    for (let at = 3; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x55;
      // Time, flags and operating system in the header do not change the content.
      expect(['unreadable_input', expected]).toContainEqual(await outcome(decodeAll(changed)));
    }
  });

  test('is not held in memory when it decompresses to a large size', async () => {
    const blank = gzipSync(Buffer.alloc(64 * 1024 * 1024, '\n'));
    expect(blank.length).toBeLessThan(262_144);
    const before = process.memoryUsage().arrayBuffers;
    const decoded = await decodeAll(blank);
    expect(decoded.flows).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 1024 * 1024);
  });
});

describe('zstd', () => {
  // Made by zstd 1.5.4 with -19: a header and three lines.
  const frame = Buffer.from(
    'KLUv/WTZAO0HADbRMhxwS3UA0KJRA3L1042FeRTq6+8SIqUU3PQAunBEMAArACgASWzeuBhJvImO0RLHG6+9+KAjwueIjXKoKEmDjWuJArrILFeWQGQer7XkzFsa6CABZ5qH2ck9qvJIE2sKRYqV6NVEKLAw7igRWyo1r+YV0DxiYPEasSVXGPcIAyrPrqMsn60HJbUKhiMOhMFA8EyJljYz7bxSq8pvvcov81Fz2i+2OgNslxl74qu86tUyp/c6zWetnpXyKh3F1jrdzsU0n/uUnZxPm4cDEyBgTBWGB8kZRc1aQMfi591GqbB1tUDYFxId/bgFegCigHAknge0aApgnAcs7QST7jdA',
    'base64',
  );
  const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

  test('may have several frames, skippable ones included', async () => {
    const one = await decodeAll(frame);
    expect(one.flows).toHaveLength(3);
    expect(one.quarantined).toEqual([]);
    for (const chunk of [1, 2, 3, 7, 100, 1_000_000]) {
      const decoded = await decodeAll(Buffer.concat([skippable, frame, frame, skippable, frame]), { chunk });
      expect(decoded.flows).toEqual([...one.flows, ...one.flows, ...one.flows]);
    }
  });

  test('may have thousands of frames', async () => {
    const decoded = await decodeAll(Buffer.concat(Array<Buffer>(5000).fill(frame)), { chunk: 10_000_000 });
    expect(decoded.flows).toHaveLength(15_000);
  });

  test('is unreadable if truncated anywhere', async () => {
    for (let cut = 4; cut < frame.length; cut += 7) {
      await expect(decodeAll(frame.subarray(0, cut))).rejects.toThrow(unreadable);
      await expect(decodeAll(Buffer.concat([frame, frame.subarray(0, cut)]))).rejects.toThrow(unreadable);
    }
  });

  test('is unreadable with a changed byte, unless the content stays the same', async () => {
    const expected = await decodeAll(frame);
    for (let at = 3; at < frame.length; at += 1) {
      const changed = Buffer.from(frame);
      changed[at]! ^= 0x55;
      expect(['unreadable_input', expected]).toContainEqual(await outcome(decodeAll(changed)));
    }
  });

  test('is not held in memory when it decompresses to a large size', async () => {
    // 256 blocks, each a line feed repeated 128 Ki times.
    const block = Buffer.from([0x02, 0x00, 0x10, 0x0a]);
    const last = Buffer.from([0x03, 0x00, 0x10, 0x0a]);
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
    const bomb = Buffer.concat([header, ...Array.from({ length: 255 }, () => block), last]);
    expect((await decodeAll(bomb)).flows).toEqual([]);
    // 32 MiB in all. Garbage doesn't count: when it is collected differs between releases of Node.
    let pieces = 0;
    const unpacked = await mostHeld(async (measure) => {
      for await (const piece of unzstd(chunked(bomb, bomb.length))) {
        expect(piece.length).toBeGreaterThan(0);
        if (++pieces % 32 === 0) measure();
      }
    });
    expect(pieces).toBeGreaterThanOrEqual(256);
    expect(unpacked).toBeLessThan(16 * 1024 * 1024);
    // The complete decoder, block by block.
    const decoded = await mostHeld(async (measure) => {
      let blocks = 0;
      async function* watched(): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunked(bomb, block.length)) {
          if (++blocks % 32 === 0) measure();
          yield chunk;
        }
      }
      await gather(decode(watched()));
      expect(blocks).toBeGreaterThan(256);
    });
    expect(decoded).toBeLessThan(16 * 1024 * 1024);
  });

  test('may have raw blocks and nearly empty frames', async () => {
    const raw = (text: string): Buffer => {
      const size = Buffer.alloc(3);
      size.writeUIntLE((text.length << 3) | 1, 0, 3);
      return Buffer.concat([
        Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length]),
        size,
        Buffer.from(text),
      ]);
    };
    const input = Buffer.concat(['src', '', 'addr', '\n', '10.0', '.0.1\n', ''].map(raw));
    for (const chunk of [1, 5, 1000]) {
      expect((await decodeAll(input, { chunk })).flows).toEqual([{ srcaddr: '10.0.0.1' }]);
    }
  });

  test('is unreadable if other bytes follow', async () => {
    await expect(
      decodeAll(Buffer.concat([frame, Buffer.from('something else, quite long')])),
    ).rejects.toThrow('corrupt');
  });

  test('is unreadable if it needs too much memory', async () => {
    const greedy = Buffer.from(frame.subarray(0, 4));
    const header = Buffer.from([0x00, 0xa8, ...Array<number>(20).fill(0)]);
    await expect(decodeAll(Buffer.concat([greedy, header]))).rejects.toThrow('window');
  });
});

test('other binary data is unreadable, and the message names the supported formats', async () => {
  for (const bytes of [
    Buffer.from('BZh91AY&SY\x01\x02\x03\x04\x05\x06\x07\x0e\0\0'),
    gzipSync(Buffer.from('\xfd7zXZ\0\0\x04', 'latin1')),
    Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 2_654_435_761) >>> 24)),
  ]) {
    await expect(decodeAll(bytes)).rejects.toThrow(/Flow logs come as text, JSON, CSV or Parquet/);
  }
});

test('errors of the source are passed on, and the source is closed when reading stops', async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield gzipSync(text(0, 10));
    throw new Error('disk on fire');
  };
  await expect(gather(decode(failing()))).rejects.toThrow('disk on fire');

  let closed = false;
  const long = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from(HEADER);
      for (let i = 0; i < 1000; i += 1) yield* chunked(Buffer.from(text(0, 1000)), 65_536);
    } finally {
      closed = true;
    }
  };
  for await (const part of decode(long(), { batchRows: 10 })) {
    expect(part.flows.rows).toBe(10);
    break;
  }
  expect(closed).toBe(true);
});

test('inputs that are decoded at the same time do not affect each other', async () => {
  const inputs = Array.from({ length: 6 }, (_, i) => HEADER + text(i * 100, i * 100 + 50 + i));
  const expected = await Promise.all(inputs.map((input) => decodeAll(input, { batchRows: 7 })));
  for (const [i, input] of inputs.entries()) {
    expect(await decodeAll(input, { batchRows: 7, chunk: 20 })).toEqual(expected[i]);
    expect(expected[i]!.flows[0]).toEqual({
      srcaddr: `10.0.${(i * 100) >> 8}.${(i * 100) & 255}`,
      dstport: i * 100,
    });
  }
});
