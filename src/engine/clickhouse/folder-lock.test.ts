import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StoreInUse } from '../store-driver.ts';
import { lockFolder } from './folder-lock.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('is held by one at a time', async () => {
  const path = join(folder, 'one.lock');
  const first = await lockFolder(path);
  await expect(lockFolder(path)).rejects.toBeInstanceOf(StoreInUse);
  await first.release();
  await (await lockFolder(path)).release();
});

it('is free again when whoever held it was killed', async () => {
  const path = join(folder, 'killed.lock');
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('held'))`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  await (await lockFolder(path)).release();
});
