// What the other scripts share: installing, running, and knowing whether something is up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where a program of other registries lies that only tests use, once it is installed; `name` says its version. */
export function cacheFolder(name) {
  return join(root, 'node_modules', '.cache', name);
}

/** Runs a program in the repository; ends this process with its exit code if it fails. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: options.quiet ? ['ignore', 2, 2] : 'inherit',
    ...options,
  });
  if (error) throw error;
  // Otherwise a run that was cut off looks like one that said nothing.
  if (signal !== null) process.stderr.write(`${command} was ended by ${signal}.\n`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs npm: the one that runs this script, if one does. On Windows `npm` is a batch file, which Node starts only in a shell. */
export function npm(args, options = {}) {
  const running = process.env.npm_execpath;
  if (running !== undefined && /\bnpm-cli\.[cm]?js$/.test(running))
    run(process.execPath, [running, ...args], options);
  else run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** Runs a program that a package of node_modules brings; by Node itself, since what lies in .bin is a batch file on Windows. */
export function tool(name, args, options = {}) {
  const folder = join(root, 'node_modules', name === 'tsc' ? 'typescript' : name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  run(process.execPath, [join(folder, typeof bin === 'string' ? bin : bin[name]), ...args], options);
}

/** Installs the versions of package-lock.json, unless they are there. */
export function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.peephole-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing the dependencies …\n');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true });
  writeFileSync(stamp, lock);
}

/** Builds dist/ unless it is newer than every source. */
export function ensureBuilt() {
  const stamp = join(root, 'dist', '.built');
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const sources = [
    'src',
    'web',
    'package.json',
    'package-lock.json',
    'vite.config.ts',
    'vite.program.config.ts',
  ];
  if (built > 0 && sources.every((name) => newest(join(root, name)) <= built)) return;
  build();
}

/** Bundles the program and the page. */
export function build() {
  process.stderr.write('Building …\n');
  // The names of chunks change with what is in them.
  rmSync(join(root, 'dist', 'chunks'), { recursive: true, force: true });
  // Tests build too, and their NODE_ENV would make a page with React's development build.
  const options = { quiet: true, env: { ...process.env, NODE_ENV: 'production' } };
  tool('vite', ['build', '--config', 'vite.program.config.ts', '--logLevel', 'warn'], options);
  tool('vite', ['build', '--logLevel', 'warn'], options);
  run(process.execPath, [join('scripts', 'pack-operators.mjs'), join('dist', 'data', 'operators.bin.gz')], {
    quiet: true,
  });
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist', '.built'), '');
}

function newest(path) {
  // No test is built.
  if (!existsSync(path) || /\.test\.tsx?$/.test(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), status.mtimeMs);
}
