import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const SMALL = 60;
const SMALL_ROWS = 3_000;
const LARGE_ROWS = 600_000;
const TOTAL = SMALL * SMALL_ROWS + LARGE_ROWS;

beforeAll(async () => {
  const logs = join(folder.path, 'logs');
  await mkdir(logs);
  // The large one in the middle of the order, so that kills fall before, inside and after it.
  for (let i = 0; i < SMALL; i++) {
    await writeFile(
      join(logs, `${i < SMALL / 2 ? 'a' : 'c'}-${i}.log.gz`),
      gzipSync(logFile(SMALL_ROWS, 1_529_452_800 + 3600 * (i % 24), i), { level: 1 }),
    );
  }
  await writeFile(
    join(logs, 'b-large.log.gz'),
    gzipSync(logFile(LARGE_ROWS, 1_529_500_000, 99), { level: 1 }),
  );
});

interface Ledger {
  readonly name: string;
  readonly n: number;
}

describe('kill -9 during an ingest', () => {
  // Milliseconds after the start: from before the first commit to near the end.
  test.each([250, 600, 1100, 1700, 2500])(
    'after %i ms the store is whole, and the rest goes in',
    async (delay) => {
      const store = join(folder.path, `store-${delay}`);
      const logs = join(folder.path, 'logs');
      const child = start(['ingest', '--store', store, logs]);
      const ended = finished(child);
      await sleep(delay);
      child.kill('SIGKILL');
      await ended;

      // Killed before it made the store, it left none.
      const { code, stdout: told, stderr } = await peephole(['status', '--store', store, '--json']);
      if (code !== 0) expect(stderr).toContain('There is no store in');
      const status = (code === 0 ? JSON.parse(told) : { flows: 0, inputs: 0 }) as Readonly<
        Record<'flows' | 'inputs', number>
      >;
      // Every input wholly in or wholly out: the rows are what the ledger's inputs hold.
      const small = (status.flows % LARGE_ROWS) / SMALL_ROWS;
      const large = Math.floor(status.flows / LARGE_ROWS);
      expect(Number.isInteger(small)).toBe(true);
      expect(status.inputs).toBe(small + large);

      const again = await peepholeJson<{ flows: number; skipped_inputs: number }>([
        'ingest',
        '--store',
        store,
        '--json',
        logs,
      ]);
      expect(again.flows).toBe(TOTAL - status.flows);
      expect(again.skipped_inputs).toBe(status.inputs);
      const counted = await peepholeJson<readonly Ledger[]>([
        'sql',
        '--store',
        store,
        '--format',
        'json',
        'SELECT count(*) AS n, sum(bytes) AS b FROM flows',
      ]);
      const { stdout } = await peephole([
        'sql',
        '--store',
        store,
        '--format',
        'json',
        'SELECT count(*) AS n FROM flows WHERE srcport IS NULL',
      ]);
      expect(counted[0]?.n).toBe(TOTAL);
      expect(JSON.parse(stdout)).toEqual([{ n: 0 }]);
    },
  );
});
