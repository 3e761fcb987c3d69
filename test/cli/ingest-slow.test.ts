import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { finished } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const program = fileURLToPath(new URL('../../bin/peephole.cjs', import.meta.url));

test('an ingest without the memory for reading lines fast is slow, says so once, and takes all in', async () => {
  const log = join(folder.path, 'a.log');
  await writeFile(log, logFile(50));
  const jsonLog = join(folder.path, 'b.json');
  await writeFile(jsonLog, JSON.stringify({ message: logFile(1, 1_529_460_000).split('\n')[1] }));
  // As where a process may not have more address space: six megabytes.
  const { stdout, stderr, code } = await finished(
    spawn(process.execPath, [
      '--wasm-max-mem-pages=100',
      program,
      'ingest',
      '--quiet',
      '--json',
      '--store',
      join(folder.path, 'store'),
      log,
      jsonLog,
    ]),
  );
  expect({ code, warnings: stderr.split('one by one').length - 1 }).toEqual({ code: 0, warnings: 1 });
  expect(JSON.parse(stdout)).toMatchObject({ flows: 51, warnings: [expect.stringContaining('one by one')] });
});
