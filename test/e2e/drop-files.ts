import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** An hour each, one after another. */
const HOUR_0 = 1_529_452_800;

interface FilesToAdd {
  /** The path of a file. Inside tests only. */
  path(name: string): string;
  /**
   * Drags files over the page, as from the desktop, and drops them. The browser drops only what the page has said it
   * takes, and hears that from the page some time after a move, so it is done again until it has.
   */
  drop(page: Page, names: readonly string[], over?: () => Promise<void>): Promise<void>;
}

/** Files that tests add to a store by the page; `large.log` (400,000 flows) only where it is wanted. */
export function useFilesToAdd(large: boolean): FilesToAdd {
  const folder = useTempFolder();
  beforeAll(async () => {
    await mkdir(join(folder.path, 'logs/.hidden'), { recursive: true });
    await writeFile(join(folder.path, 'one.log.gz'), gzipSync(logFile(40, HOUR_0 + 3600, 1)));
    await writeFile(join(folder.path, 'logs/two.log'), `${logFile(50, HOUR_0 + 7200, 2)}<img src=x>\n`);
    await writeFile(join(folder.path, 'logs/notes.pdf'), '%PDF-1.7 and so on');
    await writeFile(join(folder.path, 'logs/.hidden/x.log'), logFile(5, HOUR_0, 9));
    if (large) await writeFile(join(folder.path, 'large.log'), logFile(400_000, HOUR_0 + 10_800, 3));
  });
  const path = (name: string): string => join(folder.path, name);
  return { path, drop: (page, names, over) => drop(page, names.map(path), over) };
}

/** Where the page tells what becomes of files that are added. */
export const panelOf = (page: Page): Locator => page.getByRole('region', { name: 'Files that are added' });

async function drop(
  page: Page,
  files: readonly string[],
  over: (() => Promise<void>) | undefined,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  await page.evaluate("window.dropped = false; addEventListener('drop', () => (window.dropped = true))");
  const hasDropped = () => page.evaluate<boolean>('window.dropped');
  await send('dragEnter');
  await send('dragOver');
  await over?.();
  await send('drop');
  for (let tries = 0; tries < 20 && !(await isSoon(hasDropped)); tries++) {
    await send('dragEnter');
    await send('dragOver');
    await send('drop');
  }
  expect(await hasDropped()).toBe(true);
  await session.detach();
}

/** Whether something is so within half a second. */
async function isSoon(condition: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    if (await condition()) return true;
    await setTimeout(50);
  }
  return false;
}
