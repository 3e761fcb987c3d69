import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { type GestureTimes, measureFeel } from './measure-feel.ts';
import { median, program } from './measure-ingest.ts';

export interface PageFigures {
  /** All script of the page, compressed with gzip -9. Bytes. */
  readonly scriptBytes: number;
  /** Frames a second while the pointer moves over a heat map and over lines; null where there is no browser. */
  readonly heatMapFps: number | null;
  readonly linesFps: number | null;
  /** From clicks to new pictures; empty where there is no browser. */
  readonly feel: readonly GestureTimes[];
}

const assets = fileURLToPath(new URL('../dist/web/assets', import.meta.url));
const browserPath = process.env['PEEPHOLE_CHROMIUM'] ?? '/usr/bin/chromium';
const views = {
  heatMap: '?v=1&split=dstport~50&split=time~PT1M&time=all&m=flows&show=heat',
  lines: '?v=1&split=dstport~10&split=time~PT1M&time=all&m=flows&show=lines',
};

/** Measures the page over a store that a server of its own serves. */
export async function measurePage(store: string): Promise<PageFigures> {
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const scriptBytes = scripts.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(assets, name)), { level: 9 }).length,
    0,
  );
  if (!existsSync(browserPath)) return { scriptBytes, heatMapFps: null, linesFps: null, feel: [] };
  const server = spawn(process.execPath, [program, 'serve', '--quiet', '--store', store, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const url = line.toString('utf8').trim();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    return {
      scriptBytes,
      heatMapFps: await framesOver(page, url + views.heatMap),
      linesFps: await framesOver(page, url + views.lines),
      feel: await measureFeel(browser, url, ROUNDS),
    };
  } finally {
    await browser.close();
    server.kill('SIGTERM');
    await once(server, 'close');
  }
}

const SECONDS = 3;
const ROUNDS = 5;

/** Runs in the page: frames a second over a while. */
const countFrames = `new Promise((resolve) => {
  const began = performance.now();
  let count = 0;
  const tick = (now) => {
    count++;
    if (now - began < ${SECONDS * 1000}) requestAnimationFrame(tick);
    else resolve((count * 1000) / (now - began));
  };
  requestAnimationFrame(tick);
})`;

/** Moves the pointer to and fro over the middle of the page and counts the frames that the browser draws. */
async function framesOver(page: Page, url: string): Promise<number> {
  await page.goto(url);
  await page.waitForLoadState('networkidle');
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    const frames = page.evaluate<number>(countFrames);
    const until = Date.now() + SECONDS * 1000;
    for (let step = 0; Date.now() < until; step++)
      await page.mouse.move(300 + ((step * 7) % 800), 300 + ((step * 3) % 300));
    rates.push(await frames);
  }
  return median(rates);
}
