import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { htmlPage } from '../report/html-page.ts';
import { dashboardStyle } from './dashboard/dashboard-style.ts';
import { printPdf } from './print-pdf.ts';

const found = (() => {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium chromium-browser google-chrome']).length > 0;
  } catch {
    return false;
  }
})();

const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type\s*\/Page\b/g)?.length ?? 0;

test.skipIf(!found)(
  'a dashboard is printed as it stands on a wide screen, its tiles beside each other',
  async () => {
    const lines = Array.from({ length: 25 }, (_, at) => `<p>${at}</p>`).join('');
    const tiles = [1, 4, 7, 10].map(
      (column) =>
        `<section class="tile" style="grid-column:${column}/span 3;grid-row:1/span 3"><h2>T</h2>${lines}</section>`,
    );
    const pdf = await printPdf(
      htmlPage('Test', `<div class="tiles">${tiles.join('')}</div>`, dashboardStyle),
    );
    expect(pagesOf(pdf)).toBe(1);
  },
);

test.skipIf(!found)(
  'addresses and times of findings are not broken, and a heading stands with what follows',
  async () => {
    const row = `<tr><td>203.0.113.177</td><td class="n">25,668</td><td class="n">180–184</td><td class="n">20 s</td><td class="time">2018-06-23 00:00</td><td class="time">2018-06-28 23:59</td><td>GB AS31641 Atlas Communications (NI) Ltd</td></tr>`;
    const article = `<article><header><h2>Persistent strangers</h2></header><div class="wide"><table><tbody>${row.repeat(20)}</tbody></table></div></article>`;
    const pdf = await printPdf(htmlPage('Test', article.repeat(2)));
    // Forty rows of one line each.
    expect(pagesOf(pdf)).toBe(1);
  },
);
