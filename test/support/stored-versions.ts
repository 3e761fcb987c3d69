import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const stores = fileURLToPath(new URL('../fixtures/stores', import.meta.url));

/** What a store of an earlier version answered when it was made. */
export interface StoredAnswers {
  readonly flows: readonly Readonly<Record<string, unknown>>[];
  readonly coverage: readonly Readonly<Record<string, unknown>>[];
  readonly quarantine: readonly Readonly<Record<string, unknown>>[];
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Lays a store that an earlier version wrote into a folder. */
export async function layStore(version: number, folder: string): Promise<StoredAnswers> {
  const from = join(stores, `version-${version}`);
  await mkdir(folder, { recursive: true });
  await copyFile(join(from, 'CURRENT'), join(folder, 'CURRENT'));
  const file = gunzipSync(await readFile(join(from, 'flows-000001.duckdb.gz')));
  await writeFile(join(folder, 'flows-000001.duckdb'), file);
  return JSON.parse(await readFile(join(from, 'expected.json'), 'utf8')) as StoredAnswers;
}
