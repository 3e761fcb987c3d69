// Installs packages of Debian where that may be done without asking: on Linux, by root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs packages of Debian or of what descends from it; false where they can't be installed so.
 *
 * @param packages names as apt-get takes them
 * @param why what they are for, as in "Installing Debian's chromium for …"
 */
export function installDebian(packages, why) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return false;
  process.stderr.write(`Installing Debian's ${packages.join(', ')} for ${why} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (status !== 0) return false;
  }
  return true;
}
