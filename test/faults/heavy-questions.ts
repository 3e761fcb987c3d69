import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll } from 'vitest';
import type { Server } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { jsonHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** Compares every flow with every other: minutes of work. */
export const SLOW =
  'SELECT count(*) FROM flows a, flows b WHERE a.srcport + b.dstport = 5 AND a.bytes < b.bytes';

/** A store with so many files of so many flows; its path, inside tests only. */
export function useStoreOf(files: number, rows: number): () => string {
  const folder = useTempFolder();
  const store = (): string => join(folder.path, 'store');
  beforeAll(async () => {
    const paths = Array.from({ length: files }, (_, i) => join(folder.path, `${i}.log.gz`));
    for (const [i, path] of paths.entries())
      await writeFile(path, gzipSync(logFile(rows, 1_529_452_800 + 3600 * i, i), { level: 1 }));
    await jsonHere(['ingest', '--store', store(), '--json', ...paths]);
  });
  return store;
}

/** The most memory that a process has had, in bytes; null where the system doesn't tell. */
export async function peakMemory({ process: child }: Server): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => null);
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

/** How many questions are at work and how many wait, as `/metrics` says. */
export async function load(server: Server): Promise<unknown> {
  const text = await (await fetch(new URL('/metrics', server.url))).text();
  const of = (state: string): number =>
    Number(new RegExp(`^peephole_questions\\{state="${state}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  return { at_work: of('at_work'), waiting: of('waiting') };
}

/** Asks a server that may not answer from its cache. */
export const ask = (server: Server, query: object, signal?: AbortSignal): Promise<Response> =>
  fetch(new URL('/api/v1/query', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify(query),
    ...(signal === undefined ? {} : { signal }),
  });
