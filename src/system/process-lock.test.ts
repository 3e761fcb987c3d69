import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeLock } from './process-lock.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('is held by one at a time', async () => {
  const path = join(folder, 'one.lock');
  const first = await takeLock(path);
  expect(first).not.toBe(null);
  expect(await takeLock(path)).toBe(null);
  await first?.release();
  const next = await takeLock(path);
  expect(next).not.toBe(null);
  await next?.release();
});

it('is free again when whoever held it was killed', async () => {
  const path = join(folder, 'killed.lock');
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('held'))`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  const next = await takeLock(path);
  expect(next).not.toBe(null);
  await next?.release();
});
