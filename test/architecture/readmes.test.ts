import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A screen of text. */
const MOST_LINES = 35;

async function rooms(): Promise<readonly string[]> {
  const entries = await readdir(join(root, 'src'), { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `src/${name}`);
  return [...below, 'web', 'test', 'bench', 'scripts'];
}

const readmeOf = (room: string): Promise<string> => readFile(join(root, room, 'README.md'), 'utf8');

test('each folder has a README of a screen, and every file that it names is there', async () => {
  const missing: string[] = [];
  for (const room of await rooms()) {
    const text = await readmeOf(room);
    expect(text.split('\n').length, room).toBeLessThan(MOST_LINES);
    for (const [, name = ''] of text.matchAll(/`([^`\s<>*…]+)`/g)) {
      if (!/^\w[\w.-]*\/|\.(ts|tsx|mjs|md|css)$/.test(name) || name === 'x.test.ts') continue;
      if (!existsSync(join(root, room, name)) && !existsSync(join(root, name)))
        missing.push(`${room}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});

test('each README below src/ says what the linter allows', async () => {
  const { allowedImports } = (await import(
    new URL('../../scripts/import-rules.mjs', import.meta.url).href
  )) as { readonly allowedImports: Readonly<Record<string, readonly string[]>> };
  const said: Record<string, readonly string[]> = {};
  for (const room of (await rooms()).filter((name) => name.startsWith('src/'))) {
    const [, list = ''] = /^May import from: ([^.\n]*)\./m.exec(await readmeOf(room)) ?? [];
    said[room.slice('src/'.length)] =
      list === 'nothing' ? [] : [...list.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  }
  expect(said).toEqual(allowedImports);
});
