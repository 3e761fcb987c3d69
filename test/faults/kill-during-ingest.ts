import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Finished, finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** Flows of a small file. */
const SMALL_ROWS = 2_000;

export interface KilledIngest {
  /** When it is killed: shares of the bytes that are written; null: before there is a store. */
  readonly shares: readonly (number | null)[];
  /** Small files, half of them before the large one and half after it. Together they have fewer flows than that. */
  readonly small: number;
  /** Flows of the large file: more than a row group (122,880 rows), which is in the store's file before it is committed. */
  readonly largeRows: number;
}

/** Tests that an ingest that is killed leaves a whole store, and that the rest goes in afterwards. */
export function describeKilledIngest({ shares, small, largeRows }: KilledIngest): void {
  const folder = useTempFolder();
  const total = small * SMALL_ROWS + largeRows;
  /** The most bytes that a store's files took during an ingest that nobody disturbed. */
  let peak = 0;

  beforeAll(async () => {
    const logs = join(folder.path, 'logs');
    await mkdir(logs);
    // The large one in the middle of the order, so that kills fall before, inside and after it.
    for (let i = 0; i < small; i++) {
      await writeFile(
        join(logs, `${i < small / 2 ? 'a' : 'c'}-${i}.log.gz`),
        gzipSync(logFile(SMALL_ROWS, 1_529_452_800 + 3600 * (i % 24), i), { level: 1 }),
      );
    }
    await writeFile(
      join(logs, 'b-large.log.gz'),
      gzipSync(logFile(largeRows, 1_529_500_000, 99), { level: 1 }),
    );
    const { code } = await ingestInto(logs, join(folder.path, 'store'), (bytes) => {
      peak = Math.max(peak, bytes ?? 0);
    });
    expect(code).toBe(0);
  });

  describe('kill -9 during an ingest', () => {
    /** How many inputs each killed ingest had committed. */
    const committed: number[] = [];
    afterAll(() => {
      const between = committed.filter((inputs) => inputs > 0 && inputs <= small);
      if (shares.length > 1)
        expect(between.length, 'no kill fell between the first commit and the last').toBeGreaterThan(0);
    });

    test.each(shares)('after %s of its bytes the store is whole, and the rest goes in', async (share) => {
      const store = join(folder.path, `store-${share}`);
      const logs = join(folder.path, 'logs');
      const { signal } = await ingestInto(logs, store, (bytes, kill) => {
        if (share === null || (bytes !== null && bytes >= share * peak)) kill();
      });
      expect(signal, 'the ingest had ended before it was killed').toBe('SIGKILL');

      // Killed before it made the store, it left none.
      const { code, stdout, stderr } = await peephole(['status', '--store', store, '--json']);
      if (code !== 0) expect(stderr).toContain('There is no store in');
      const status = (code === 0 ? JSON.parse(stdout) : { flows: 0, inputs: 0 }) as Readonly<
        Record<'flows' | 'inputs', number>
      >;
      // Every input wholly in or wholly out: the rows are what the ledger's inputs hold.
      const smallInputs = (status.flows % largeRows) / SMALL_ROWS;
      const largeInputs = Math.floor(status.flows / largeRows);
      committed.push(status.inputs);
      expect(Number.isInteger(smallInputs)).toBe(true);
      expect(status.inputs).toBe(smallInputs + largeInputs);

      const again = await peepholeJson<{ flows: number; skipped_inputs: number }>([
        'ingest',
        '--store',
        store,
        '--json',
        logs,
      ]);
      expect(again.flows).toBe(total - status.flows);
      expect(again.skipped_inputs).toBe(status.inputs);
      const counted = await peepholeJson([
        'sql',
        '--store',
        store,
        '--format',
        'json',
        'SELECT count(*) AS n, sum(bytes) > 0 AS read, count(*) FILTER (srcport IS NULL) AS empty FROM flows',
      ]);
      expect(counted).toEqual([{ n: total, read: true, empty: 0 }]);
    });
  });
}

/** Bytes of a store's files; null: there is no store yet. */
async function bytesIn(store: string): Promise<number | null> {
  const names = await readdir(store).catch((): readonly string[] => []);
  if (!names.includes('CURRENT')) return null;
  const files = names.filter((name) => name.includes('.duckdb'));
  const sizes = await Promise.all(
    files.map((name) =>
      stat(join(store, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Ingests the logs; `seen` is called with the size of the store repeatedly, and may kill the process. */
async function ingestInto(
  logs: string,
  store: string,
  seen: (bytes: number | null, kill: () => void) => void,
): Promise<Finished> {
  const child = start(['ingest', '--store', store, logs]);
  const ended = finished(child);
  while (child.exitCode === null && child.signalCode === null) {
    seen(await bytesIn(store), () => child.kill('SIGKILL'));
    await sleep(2);
  }
  return ended;
}
