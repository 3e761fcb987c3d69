import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { root } from './documents.ts';

/** Screens of the page, each with a folder. The styles of those that were visited stay loaded. */
const SCREENS = ['address', 'alerts', 'dashboards', 'door', 'knocks', 'map', 'sources', 'views'];

/** The classes that selectors of a style sheet begin with. */
function firstClasses(css: string): ReadonlySet<string> {
  const selectors = css.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?:^|[{}])\s*([^{}@;]+)\{/g);
  return new Set(
    [...selectors].flatMap(([, list = '']) =>
      list.split(',').flatMap((selector) => /^\s*\.([a-z][\w-]*)/.exec(selector)?.[1] ?? []),
    ),
  );
}

test('no two screens style the same class: one that was visited before would change the next one', async () => {
  const owners = new Map<string, Set<string>>();
  for (const screen of SCREENS)
    for (const path of await glob(`web/${screen}/**/*.css`, { cwd: root }))
      for (const name of firstClasses(await readFile(join(root, path), 'utf8')))
        owners.set(name, (owners.get(name) ?? new Set()).add(screen));
  expect(owners.size).toBeGreaterThan(200);
  expect([...owners].filter(([, screens]) => screens.size > 1)).toEqual([]);
});
