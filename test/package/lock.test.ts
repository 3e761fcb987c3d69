import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

type Packages = Readonly<
  Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
>;

const { missingOptional } = (await import(
  new URL('../../scripts/lock-platforms.mjs', import.meta.url).href
)) as { readonly missingOptional: (packages: Packages) => readonly string[] };

async function locked(): Promise<Packages> {
  const text = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly packages: Packages }).packages;
}

test('the lock holds the packages of every platform', async () => {
  const packages = await locked();
  expect(missingOptional(packages)).toEqual([]);
  // As DuckDB itself lists them.
  const platforms = Object.keys(packages).filter((path) =>
    path.startsWith('node_modules/@duckdb/node-bindings-'),
  );
  expect(platforms.length).toBeGreaterThanOrEqual(8);
});

test('what a lock lacks is named, wherever it could stand', async () => {
  const { 'node_modules/@duckdb/node-bindings-darwin-arm64': _, ...rest } = await locked();
  expect(missingOptional(rest)).toEqual([
    'node_modules/@duckdb/node-bindings needs @duckdb/node-bindings-darwin-arm64',
  ]);
  const optionalDependencies = { x: '1' };
  expect(missingOptional({ '': { optionalDependencies } })).toEqual(['the project needs x']);
  const nested = { 'node_modules/a/node_modules/b': { optionalDependencies } };
  expect(missingOptional(nested)).toHaveLength(1);
  for (const place of [
    'node_modules/x',
    'node_modules/a/node_modules/x',
    'node_modules/a/node_modules/b/node_modules/x',
  ])
    expect(missingOptional({ ...nested, [place]: {} })).toEqual([]);
});
