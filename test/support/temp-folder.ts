import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder for a test file, made before its tests and removed after them. Read `path` inside tests only. */
export function useTempFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'peephole-test-'));
  });
  afterAll(async () => {
    await rm(folder.path, { recursive: true, force: true, maxRetries: 3 });
  });
  return folder;
}
