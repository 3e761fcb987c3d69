// The tests look at the page in a real browser: Chromium, Debian's if there is none and it may be installed.
import { existsSync } from 'node:fs';
import { installDebian } from './apt-get.mjs';

const places = [
  process.env.PEEPHOLE_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Makes sure that there is a browser and tells the tests where, or ends with a message that says what to do. */
export function ensureBrowser() {
  const found = find() ?? (installDebian(['chromium'], 'the browser tests') ? find() : undefined);
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
