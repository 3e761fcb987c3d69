// Takes the pictures of docs/ anew, of a demo that runs: node scripts/pictures.mjs http://127.0.0.1:4747
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { ensureBrowser } from './browser.mjs';

const [address] = process.argv.slice(2);
if (address === undefined) {
  console.error('Usage: node scripts/pictures.mjs URL, with the address of `peephole demo`');
  process.exit(2);
}

const wide = { width: 1440, height: 900 };
const middle = { width: 1024, height: 768 };
const phone = { width: 420, height: 860 };
const rejected = 'v=1&time=all&f=action:REJECT&m=flows&tz=Etc/UTC';

const pictures = [
  { name: 'explore', url: `/?${rejected}&split=srcaddr~50&split=time`, viewport: wide },
  { name: 'explore-lines', url: '/?v=1&time=all&split=dstport~10&split=time&m=flows,bytes&show=lines&tz=Etc/UTC', viewport: wide },
  { name: 'explore-sankey', url: `/?${rejected}&show=sankey`, viewport: wide },
  { name: 'explore-small-dark', url: `/?${rejected}&split=srcaddr~50&split=time&show=heat`, viewport: middle, dark: true },
  { name: 'explore-small', url: '/?v=1&last=PT12H&compare=previous&split=dstport~50&m=flows,bytes&tz=Etc/UTC', viewport: middle },
  { name: 'explore-narrow', url: `/?${rejected}&split=srcaddr~50&split=time`, viewport: phone },
  { name: 'knocks', url: '/knocks', viewport: wide },
  { name: 'knocks-small-dark', url: '/knocks', viewport: middle, dark: true },
  { name: 'dashboard', url: '/dashboards/overview', viewport: wide },
  { name: 'door', url: '/door', viewport: wide },
  { name: 'map', url: '/map', viewport: middle, dark: true },
]; // prettier-ignore

ensureBrowser();
const browser = await chromium.launch({
  executablePath: process.env.PEEPHOLE_CHROMIUM,
  args: ['--no-sandbox'],
});
try {
  const blank = await browser.newPage();
  for (const { name, url, viewport, dark = false } of pictures) {
    const page = await browser.newPage({
      viewport,
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    await page.goto(new URL(url, address).href);
    // Findings of all flows may take a while.
    await page.waitForLoadState('networkidle', { timeout: 180_000 });
    const picture = await blank.evaluate(toWebp, (await page.screenshot()).toString('base64'));
    const path = fileURLToPath(new URL(`../docs/pictures/${name}.webp`, import.meta.url));
    writeFileSync(path, Buffer.from(picture, 'base64'));
    await page.close();
    console.log(`docs/pictures/${name}.webp`);
  }
} finally {
  await browser.close();
}

/** In the page: a PNG as WebP, a third of its size; both in Base64. */
async function toWebp(png) {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
  const bytes = new Uint8Array(await webp.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
