import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peephole, peepholeJson, serve } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountable();

/** Whether this machine lets us have a small file system of our own. */
function mountable(): boolean {
  const place = `/tmp/peephole-mount-${process.pid}`;
  try {
    execFileSync(
      'sh',
      [
        '-c',
        `mkdir -p ${place} && mount -t tmpfs -o size=1m tmpfs ${place} && umount ${place}; status=$?; rmdir ${place}; exit $status`,
      ],
      { stdio: 'ignore' },
    );
    return true;
  } catch {
    return false;
  }
}

// A small file system can only be mounted by root on Linux.
describe.skipIf(!canMount)('a full disk (needs a small file system of its own: root on Linux)', () => {
  const disk = (): string => join(folder.path, 'disk');

  beforeAll(async () => {
    await mkdir(disk());
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk()]);
    await writeFile(join(folder.path, 'small.log'), logFile(5_000));
    await writeFile(join(folder.path, 'large.log'), logFile(900_000, 1_529_460_000, 3));
  });
  afterAll(() => {
    execFileSync('umount', ['-l', disk()]);
  });

  const count = async (store: string): Promise<unknown> =>
    peepholeJson([
      'sql',
      '--store',
      store,
      '--format',
      'json',
      'SELECT count(*) AS n, count(DISTINCT bytes) > 100 AS read FROM flows',
    ]);

  test('is a clear error, leaves the store whole, and once there is space again it goes on', async () => {
    const store = join(disk(), 'store');
    await peephole(['ingest', '--store', store, join(folder.path, 'small.log')]);
    const server = await serve(store);
    try {
      await writeFile(join(disk(), 'filler'), Buffer.alloc(19 * 1024 * 1024));
      const full = await peephole(['ingest', '--store', store, join(folder.path, 'large.log')]);
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('The disk of the store is full');
      expect(full.stderr).not.toMatch(/\n\s+at /);
      // The process that holds the store goes on answering, and takes the input once there is space.
      expect(await count(store)).toEqual([{ n: 5_000, read: true }]);
      await rm(join(disk(), 'filler'));
      expect(
        await peepholeJson(['ingest', '--store', store, '--json', join(folder.path, 'large.log')]),
      ).toMatchObject({ flows: 900_000 });
      expect(await count(store)).toEqual([{ n: 905_000, read: true }]);
    } finally {
      await server.stop();
    }
    expect(await count(store)).toEqual([{ n: 905_000, read: true }]);
  });

  test('while a store is compacted is a clear error, of which nothing is left', async () => {
    const store = join(disk(), 'store');
    const free = async (): Promise<number> => {
      const { bavail, bsize } = await statfs(disk());
      return bavail * bsize;
    };
    const compact = async (): Promise<void> => {
      const [before, stored] = [await free(), await count(store)];
      const full = await peephole(['compact', '--store', store]);
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('The disk of the store is full');
      expect(await readdir(store)).not.toContain('compact');
      expect(await count(store)).toEqual(stored);
      expect(await free()).toBeGreaterThan(before - 256 * 1024);
    };
    await writeFile(join(disk(), 'filler'), Buffer.alloc((await free()) - 3 * 1024 * 1024));
    await compact();
    const server = await serve(store);
    try {
      await compact();
      await rm(join(disk(), 'filler'));
      expect(await peephole(['compact', '--store', store])).toMatchObject({ code: 0 });
    } finally {
      await server.stop();
    }
    // As a kill leaves it.
    await mkdir(join(store, 'compact'));
    await writeFile(join(store, 'compact', 'draft.duckdb.wal'), 'begun');
    await count(store);
    expect(await readdir(store)).not.toContain('compact');
  });

  test('of what is sent is a clear error, whether its size is known beforehand or not', async () => {
    const temporary = join(disk(), 'temporary');
    await mkdir(temporary);
    const server = await serve(join(folder.path, 'store'), [], { env: { TMPDIR: temporary } });
    try {
      const large = Buffer.alloc(30 * 1024 * 1024, 'x');
      for (const body of [large, new Blob([large]).stream()]) {
        const reply = await fetch(`${server.url}api/v1/ingest?name=large`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body,
          ...(body === large ? {} : { duplex: 'half' }),
        });
        expect(reply.status).toBe(507);
        expect(await reply.json()).toMatchObject({
          code: 'disk_full',
          detail: expect.stringContaining(temporary),
        });
      }
      expect(await readdir(temporary)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
