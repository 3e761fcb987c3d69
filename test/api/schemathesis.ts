import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { peephole, serve } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';

/** As PyPI has it: another version may check something else. */
const SCHEMATHESIS = '4.32.5';

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

/**
 * Expects that Schemathesis finds nothing in a server with 200 flows. Half of what it makes breaks the schema, half keeps
 * to it. Skips the test, with the reason, where it can't be installed.
 *
 * @param folder where the store goes
 * @param runs the options of each run of it
 */
export async function expectNothingFound(
  { skip, signal }: TestContext,
  folder: string,
  runs: readonly (readonly string[])[],
): Promise<void> {
  const python = await installFromPyPi(
    `schemathesis-${SCHEMATHESIS}`,
    `schemathesis==${SCHEMATHESIS}`,
    signal,
  ).catch((error: Error) => skip(`Schemathesis can't be installed: ${error.message}`));
  const store = join(folder, 'store');
  await writeFile(join(folder, 'a.log'), logFile(200));
  await peephole(['ingest', '--store', store, join(folder, 'a.log')]);
  const server = await serve(store);
  try {
    const settings = ['-m', 'schemathesis.cli', '--no-color'];
    const what = ['run', `${server.url}openapi.json`, '--mode', 'all', '--seed', '7'];
    for (const more of runs) {
      const { code, output } = await run(python, [...settings, ...what, ...more], folder, signal);
      expect(code, output).toBe(0);
    }
  } finally {
    await server.stop();
  }
}
