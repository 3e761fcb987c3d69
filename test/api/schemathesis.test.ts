import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peephole, serve } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** As PyPI has it: another version may check something else. */
const SCHEMATHESIS = '4.32.5';

/** Of each route, by chance. */
const runs = process.env['PEEPHOLE_FUZZ_RUNS'] ?? '8';

const folder = useTempFolder();

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<Ended> {
  const child = spawn(program, args, { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    return { code: null, output: String(error) };
  }
}

const { installFromPyPi } = (await import(
  new URL('../../scripts/python-packages.mjs', import.meta.url).href
)) as {
  readonly installFromPyPi: (name: string, requirement: string, signal: AbortSignal) => Promise<string>;
};

// Half of what it makes breaks the schema, half keeps to it; it knows every boundary, then takes what chance brings.
test('schemathesis finds nothing', { timeout: 600_000 }, async ({ skip, signal }) => {
  const python = await installFromPyPi(
    `schemathesis-${SCHEMATHESIS}`,
    `schemathesis==${SCHEMATHESIS}`,
    signal,
  ).catch((error: Error) => skip(`Schemathesis can't be installed: ${error.message}`));
  const store = join(folder.path, 'store');
  await writeFile(join(folder.path, 'a.log'), logFile(200));
  await peephole(['ingest', '--store', store, join(folder.path, 'a.log')]);
  const server = await serve(store);
  try {
    const settings = ['-m', 'schemathesis.cli', '--no-color'];
    const what = ['run', `${server.url}openapi.json`, '--mode', 'all', '--seed', '7'];
    // The boundaries of every schema are thousands of requests: those of the routes that are unlike.
    const boundaries = ['--phases', 'examples,coverage', '--exclude-path-regex', 'query|export|explain'];
    for (const more of [boundaries, ['--phases', 'fuzzing', '--max-examples', runs]]) {
      const { code, output } = await run(python, [...settings, ...what, ...more], folder.path, signal);
      expect(code, output).toBe(0);
    }
  } finally {
    await server.stop();
  }
});
