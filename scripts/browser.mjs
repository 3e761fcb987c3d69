// The tests look at the page in a real browser: Chromium, Debian's if there is none and it may be installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = [
  process.env.PEEPHOLE_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Makes sure that there is a browser and tells the tests where, or ends with a message that says what to do. */
export function ensureBrowser() {
  const found = find() ?? (install() ? find() : undefined);
  if (found === undefined) {
    process.stderr.write(
      'The tests need Chromium. Install it (on Debian: apt-get install chromium), or set PEEPHOLE_CHROMIUM to its path.\n',
    );
    process.exit(1);
  }
  process.env.PEEPHOLE_CHROMIUM = found;
}

function find() {
  return places.find((path) => path !== undefined && path !== '' && existsSync(path));
}

function install() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return false;
  process.stderr.write("Installing Debian's Chromium for the browser tests …\n");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (status !== 0) return false;
  }
  return true;
}
