import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { PeepholeError } from '../model/errors.ts';

const run = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** The time limit for printing, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Prints a self-contained HTML file as PDF, with the Chromium that is installed (`$PEEPHOLE_CHROMIUM`, else in
 * `$PATH`). Throws `not_found` if there is none.
 */
export async function printPdf(html: string): Promise<Uint8Array> {
  const browser = await findBrowser();
  if (browser === null)
    throw new PeepholeError(
      'not_found',
      'A PDF is printed by Chromium, and there is none: install it, name it in PEEPHOLE_CHROMIUM, or choose the format html.',
    );
  const folder = await mkdtemp(join(tmpdir(), 'peephole-pdf-'));
  try {
    const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    await writeFile(page, html);
    // Chromium has no sandbox for root; the policy of the page forbids scripts and loading anything.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    await run(
      browser,
      [
        '--headless', '--disable-gpu', ...sandbox, `--user-data-dir=${join(folder, 'profile')}`,
        '--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href,
      ],
      { timeout: PATIENCE },
    ); // prettier-ignore
    return await readFile(pdf);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function findBrowser(): Promise<string | null> {
  const named = process.env['PEEPHOLE_CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places =
    named !== undefined && named !== ''
      ? [named]
      : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const place of places)
    if (await access(place).then(
      () => true,
      () => false,
    )) return place; // prettier-ignore
  return null;
}
