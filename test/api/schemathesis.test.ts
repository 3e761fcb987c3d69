import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { peephole, serve } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** As PyPI has it: another version may check something else. */
const SCHEMATHESIS = '4.32.5';

const folder = useTempFolder();
const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache');
const home = join(cache, `schemathesis-${SCHEMATHESIS}`);
const scripts = process.platform === 'win32' ? 'Scripts' : 'bin';

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

/** Installs it beside the packages, once; why it can't be, or null. */
async function install(signal: AbortSignal): Promise<string | null> {
  if (existsSync(home)) return null;
  const python = ['python3', 'python'].find(
    (name) => spawnSync(name, ['-c', 'import venv, ensurepip']).status === 0,
  );
  if (python === undefined) return 'there is no Python 3 with venv';
  // Made under another name: an installation that was interrupted is never taken for whole.
  const part = `${home}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  try {
    const made = await run(python, ['-m', 'venv', part], root, signal);
    if (made.code !== 0) return `venv fails: ${made.output.slice(-300)}`;
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '1',
      '--timeout',
      '15',
    ];
    const got = await run(
      join(part, scripts, 'python'),
      [...pip, `schemathesis==${SCHEMATHESIS}`],
      root,
      signal,
    );
    if (got.code !== 0)
      return `PyPI can't be reached, or has no Schemathesis for it: ${got.output.slice(-300)}`;
    await rename(part, home);
    return null;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

// Half of what it makes breaks the schema, half keeps to it; it knows every boundary, then takes what chance brings.
test('schemathesis finds nothing', { timeout: 600_000 }, async ({ skip, signal }) => {
  const missing = await install(signal);
  if (missing !== null) skip(`Schemathesis can't be installed: ${missing}`);
  const store = join(folder.path, 'store');
  await writeFile(join(folder.path, 'a.log'), logFile(200));
  await peephole(['ingest', '--store', store, join(folder.path, 'a.log')]);
  const server = await serve(store);
  try {
    // Its scripts name the folder that they were made in.
    const python = join(home, scripts, 'python');
    const settings = ['-m', 'schemathesis.cli', '--no-color'];
    const what = ['run', `${server.url}openapi.json`, '--mode', 'all', '--seed', '7'];
    // The boundaries of every schema are thousands of requests: those of the routes that are unlike.
    const boundaries = ['--phases', 'examples,coverage', '--exclude-path-regex', 'query|export|explain'];
    for (const more of [boundaries, ['--phases', 'fuzzing', '--max-examples', '15']]) {
      const { code, output } = await run(python, [...settings, ...what, ...more], folder.path, signal);
      expect(code, output).toBe(0);
    }
  } finally {
    await server.stop();
  }
});
