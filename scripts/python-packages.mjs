// Programs of tests that PyPI has: each in a virtual environment of its own below node_modules/.cache, by version.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder, root } from './steps.mjs';

const scripts = process.platform === 'win32' ? 'Scripts' : 'bin';

/** A Python 3 that can make virtual environments; undefined if there is none. */
export function findPython() {
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import venv, ensurepip']).status === 0);
}

/**
 * Installs a package of PyPI unless that version of it is there, and gives the path of a Python that has it. Scripts of
 * the environment name the folder that it was made in: run what it brings as `python -m …`.
 *
 * @param name of the folder, such as `moto-5.2.2`: it says the version
 * @param requirement as pip takes it, such as `moto[server]==5.2.2`
 * @throws Error that says why it can't be installed
 */
export async function installFromPyPi(name, requirement, signal) {
  const home = cacheFolder(name);
  const python = join(home, scripts, 'python');
  if (existsSync(home)) return python;
  const found = findPython();
  if (found === undefined) throw new Error('there is no Python 3 with venv');
  // Made under another name: an installation that was interrupted is never taken for whole.
  const part = `${home}.${process.pid}`;
  await mkdir(dirname(home), { recursive: true });
  try {
    const made = await output(found, ['-m', 'venv', part], signal);
    if (made.code !== 0) throw new Error(`venv fails: ${made.text.slice(-300)}`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const patience = ['--retries', '1', '--timeout', '15'];
    const got = await output(join(part, scripts, 'python'), [...pip, ...patience, requirement], signal);
    if (got.code !== 0)
      throw new Error(`PyPI can't be reached, or has no ${requirement} for it: ${got.text.slice(-300)}`);
    await rename(part, home);
    return python;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Runs a program to its end: its exit code (null if it could not run, or was cut off), and all that it said. */
function output(program, args, signal) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: null, text: String(error) }));
    child.on('close', (code) => resolve({ code, text: Buffer.concat(chunks).toString('utf8') }));
  });
}
