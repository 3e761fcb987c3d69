import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';

const temp = useTempFolder();

/** Does a process of that number run? */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a server ends, and its data goes, when the process that started it is killed', async () => {
  const data = join(temp.path, 'data');
  await mkdir(data);
  const server = 'console.log(process.pid); setInterval(() => {}, 1000);';
  const watched = [join(import.meta.dirname, 'end-with-parent.mjs'), data, process.execPath, '-e', server];
  const starting = `require('node:child_process').spawn(process.execPath, ${JSON.stringify(watched)}, { stdio: ['pipe', 'inherit', 'inherit'] });`;
  const parent = spawn(process.execPath, ['-e', starting], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(runs(pid)).toBe(true);
  expect(existsSync(data)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => runs(pid), { timeout: 10_000 }).toBe(false);
  await expect.poll(() => existsSync(data), { timeout: 10_000 }).toBe(false);
});
