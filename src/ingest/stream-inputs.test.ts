import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logFile } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Input } from '../sources/input.ts';
import { ingest } from './ingest.ts';
import type { IngestReport } from '../model/ingest-report.ts';

const temp = useTempFolder();
let store: DuckDbStore;
let count = 0;
beforeEach(async () => {
  const folder = join(temp.path, `store-${++count}`);
  store = await DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });
});
afterEach(() => store.close());

/** An input that is not a file: its bytes can be read once, in chunks. Records how much was read, and whether it was released. */
function streamed(
  name: string,
  pieces: Iterable<Uint8Array | Error>,
  size: number | null = null,
): Input & { pulled: number; closed: boolean } {
  const input = {
    name,
    size,
    tag: null,
    time: null,
    discovered: false,
    pulled: 0,
    closed: false,
    open: async () => ({ kind: 'stream' as const, stream: stream() }),
  };
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece;
        input.pulled++;
        yield piece;
      }
    } finally {
      input.closed = true;
    }
  }
  return input;
}

function cut(bytes: Uint8Array, length: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
}

const take = (...inputs: readonly Input[]): Promise<IngestReport> =>
  ingest(store, { inputs, missing: [] }, { format: null });

const text = Buffer.from(logFile(5000));

describe('an input that is a stream', () => {
  test.each([
    ['text', text],
    ['gzip', gzipSync(text)],
  ])('is taken in, cut wherever it may be (%s)', async (_, bytes) => {
    for (const [length, size] of [
      [bytes.length, bytes.length],
      [7919, null],
      [997, bytes.length],
    ] as const) {
      const before = (await store.status()).flows;
      const input = streamed(`by ${length}`, cut(bytes, length), size);
      const report = await take(input);
      expect([report.failures, input.closed]).toEqual([[], true]);
      // The same content is already in the store, from any kind of source.
      expect([report.flows, report.skipped_inputs]).toEqual(before === 0 ? [5000, 0] : [0, 1]);
      expect((await store.status()).flows).toBe(5000);
    }
  });

  test('is not ingested if it breaks off, but the others are', async () => {
    const pieces = cut(text, 20_000);
    const broken = streamed('broken', [...pieces.slice(0, 3), new Error('The connection was lost.')]);
    const refused = streamed('refused', [new PeepholeError('forbidden', 'No right to read it.')]);
    const none: Input = {
      ...streamed('none', []),
      open: () => Promise.reject(new PeepholeError('unreadable_input', 'The object is gone.')),
    };
    const whole = streamed('whole', pieces);
    await expect(take(broken, none, whole)).resolves.toMatchObject({
      flows: 5000,
      failed_inputs: 2,
      failures: expect.arrayContaining([
        { input: 'broken', code: 'unreadable_input', reason: 'The connection was lost.' },
        { input: 'none', code: 'unreadable_input', reason: 'The object is gone.' },
      ]),
    });
    expect([broken.closed, whole.closed]).toEqual([true, true]);
    // An error that is not about this input stops the ingest: a missing permission is missing for the next one too.
    await expect(take(refused)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is not read faster than it is written', async () => {
    const line = Buffer.from(logFile(1000).split('\n').slice(1).join('\n'));
    const head = Buffer.from(`${logFile(0).split('\n')[0]}\n`);
    const most = 4000;
    function* pieces(): Generator<Uint8Array> {
      yield head;
      for (let i = 0; i < most; i++) yield line;
    }
    const input = streamed('long', pieces());
    const stop = new AbortController();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let waits = false;
    // Simulates a slow store: it writes nothing until the test lets it.
    const slow = {
      inputs: store.inputs,
      sources: store.sources,
      budget: store.budget,
      isAwaited: false,
      useThreads: (threads: number) => store.useThreads(threads),
      write: async <T>(work: Parameters<typeof store.write<T>>[0]): Promise<T> => {
        waits = true;
        await released;
        return store.write(work);
      },
    };
    const done = ingest(slow, { inputs: [input], missing: [] }, { format: null, signal: stop.signal });
    let before = -1;
    // Until the store has something to write and reading has stopped.
    while (before !== input.pulled || !waits) {
      before = input.pulled;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(input.pulled).toBeLessThan(most);
    stop.abort();
    release();
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(input.closed).toBe(true);
    expect((await store.status()).flows).toBe(0);
  });
});
