import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A screen of text. */
const MOST_LINES = 35;

/** Names of files that a README gives as an example. */
const EXAMPLE = /^x\.(?:\w+\.)*ts$/;

async function folders(): Promise<readonly string[]> {
  const entries = await readdir(join(root, 'src'), { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `src/${name}`);
  return [...below, 'web', 'test', 'bench', 'scripts'];
}

const readmeOf = (folder: string): Promise<string> => readFile(join(root, folder, 'README.md'), 'utf8');

test('each folder has a README of a screen, and every file that it names is there', async () => {
  const missing: string[] = [];
  for (const folder of await folders()) {
    const text = await readmeOf(folder);
    expect(text.split('\n').length, folder).toBeLessThan(MOST_LINES);
    for (const [, name = ''] of text.matchAll(/`([^`\s<>*…]+)`/g)) {
      if (!/^\w[\w.-]*\/|\.(ts|tsx|mjs|md|css)$/.test(name) || EXAMPLE.test(name)) continue;
      if (!existsSync(join(root, folder, name)) && !existsSync(join(root, name)))
        missing.push(`${folder}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});

test('each README below src/ says what the linter allows', async () => {
  const { allowedImports } = (await import(
    new URL('../../scripts/import-rules.mjs', import.meta.url).href
  )) as { readonly allowedImports: Readonly<Record<string, readonly string[]>> };
  const said: Record<string, readonly string[]> = {};
  for (const folder of (await folders()).filter((name) => name.startsWith('src/'))) {
    const [, list = ''] = /^May import from: ([^.\n]*)\./m.exec(await readmeOf(folder)) ?? [];
    said[folder.slice('src/'.length)] =
      list === 'nothing' ? [] : [...list.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  }
  expect(said).toEqual(allowedImports);
});
