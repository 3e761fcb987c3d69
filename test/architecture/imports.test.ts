import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const temp = useTempFolder();
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Finding {
  readonly code: string;
  readonly filename: string;
}

/** Lints generated files with the project's own rules: the paths of those with a refused import. */
async function refused(files: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(temp.path, 'probes-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  await writeFile(join(folder, '.oxlintrc.json'), await readFile(join(root, '.oxlintrc.json')));
  const oxlint = join(root, 'node_modules', '.bin', 'oxlint');
  const { stdout } = await run(oxlint, ['--format', 'json', '.'], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { readonly stdout: string }) => error);
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Finding[] };
  const found = diagnostics.filter(({ code }) =>
    /no-restricted-imports|prefer-node-protocol|consistent-type-imports/.test(code),
  );
  return new Set(found.map(({ filename }) => filename));
}

interface Rules {
  readonly allowedImports: Readonly<Record<string, readonly string[]>>;
  readonly pureFolders: readonly string[];
  readonly packageOwners: Readonly<Record<string, readonly string[]>>;
  readonly packages: readonly string[];
  readonly pageImports: readonly string[];
  readonly engines: readonly string[];
  readonly helpers: Readonly<Record<string, readonly string[]>>;
  readonly dialects: readonly string[];
  readonly assemblyFiles: readonly string[];
  readonly importRules: (inSource?: readonly string[], atTop?: readonly string[]) => readonly unknown[];
}

const rules = async (): Promise<Rules> =>
  (await import(new URL('../../scripts/import-rules.mjs', import.meta.url).href)) as Rules;

test('an import is refused from every folder to every other, unless it is listed', async () => {
  const {
    allowedImports,
    pureFolders,
    packageOwners,
    packages,
    pageImports,
    engines,
    helpers,
    dialects,
    assemblyFiles,
  } = await rules();
  const entries = await readdir(join(root, 'src'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(Object.keys(allowedImports).toSorted()).toEqual(folders.toSorted());
  const probes: Record<string, string> = {};
  const forbidden: string[] = [];
  const probe = (path: string, from: string, allowed: boolean): void => {
    probes[path] = `import type { Probe } from '${from}';\nexport type Probed = Probe;\n`;
    if (!allowed) forbidden.push(path);
  };
  for (const folder of folders)
    for (const other of folders.filter((name) => name !== folder)) {
      const allowed = (allowedImports[folder] ?? []).includes(other);
      probe(`src/${folder}/probe-${other}.ts`, `../${other}/anything.ts`, allowed);
      probe(`src/${folder}/deep/within/probe-${other}.ts`, `../../../${other}/deep/thing.ts`, allowed);
    }
  // Only the assembly files and the database's own folder may name it.
  for (const name of engines) {
    for (const folder of folders.filter((other) => other !== 'engine'))
      probe(`src/${folder}/probe-of-${name}.ts`, `../engine/${name}/anything.ts`, false);
    probe(`src/engine/probe-of-${name}.ts`, `./${name}/anything.ts`, false);
    probe(`src/engine/probe-around-${name}.ts`, `../engine/${name}/anything.ts`, false);
    probe(`src/engine/${name}/deep/probe-upward.ts`, '../../anything.ts', true);
    for (const folder of folders.filter((other) => other !== 'engine'))
      probe(
        `src/engine/${name}/probe-${folder}.ts`,
        `../../${folder}/anything.ts`,
        (allowedImports['engine'] ?? []).includes(folder),
      );
    for (const path of assemblyFiles) probe(path, `../engine/${name}/anything.ts`, true);
  }
  // A dialect's folder is imported by the engine of that database alone; other code gets the dialect as an argument.
  for (const name of dialects) {
    for (const folder of folders.filter((other) => other !== 'sql'))
      probe(`src/${folder}/probe-dialect-${name}.ts`, `../sql/dialects/${name}/anything.ts`, false);
    probe(`src/sql/plan/probe-dialect-${name}.ts`, `../dialects/${name}/anything.ts`, false);
    probe(`src/sql/dialects/probe-dialect-${name}.ts`, `./${name}/anything.ts`, false);
    probe(`src/sql/dialects/${name}/probe-upward.ts`, '../dialect.ts', true);
    for (const other of dialects.filter((one) => one !== name))
      probe(`src/sql/dialects/${name}/probe-${other}.ts`, `../${other}/anything.ts`, false);
    for (const engine of engines)
      probe(
        `src/engine/${engine}/probe-dialect-${name}.ts`,
        `../../sql/dialects/${name}/anything.ts`,
        engine === name || (helpers[engine] ?? []).includes(name),
      );
  }
  for (const path of assemblyFiles)
    probe(path.replace('.ts', '-not.ts'), '../engine/duckdb/anything.ts', false);
  // Tests, the benchmark, scripts and the page are imported by nothing in src/.
  for (const folder of folders)
    for (const other of ['web', 'test', 'bench', 'scripts'])
      probe(`src/${folder}/probe-${other}.ts`, `../../${other}/deep/anything.ts`, false);
  for (const other of ['test', 'bench', 'scripts'])
    probe(`web/views/probe-${other}.tsx`, `../../${other}/anything.ts`, false);
  // Packages that belong to one part, and what Node has beside the language.
  const parts = [...folders, ...engines.map((name) => `engine/${name}`)];
  for (const part of parts) {
    for (const name of packages) {
      const owners = packageOwners[name] ?? [];
      const allowed = owners.some((owner) => part === owner || part.startsWith(`${owner}/`));
      probe(`src/${part}/probe-package-${name.replace('@', 'scope-')}.ts`, `${name}/anything`, allowed);
    }
    const pure = pureFolders.includes(part);
    probe(`src/${part}/probe-node.ts`, 'node:fs/promises', !pure);
  }
  for (const name of packages)
    probe(
      `web/views/probe-package-${name.replace('@', 'scope-')}.tsx`,
      `${name}/anything`,
      (packageOwners[name] ?? []).includes('web'),
    );
  expect(Object.keys(packageOwners).filter((name) => !packages.includes(name))).toEqual([]);
  probe('web/views/probe-node.ts', 'node:fs', false);
  // Scripts work before anything is installed or built; nothing imports the benchmark.
  for (const other of ['src', 'web', 'test', 'bench'])
    probe(`scripts/probe-${other}.mts`, `../${other}/deep/anything.ts`, false);
  probe('test/deep/probe-bench.ts', '../../bench/anything.ts', false);
  for (const folder of folders)
    probe(`web/views/probe-${folder}.tsx`, `../../src/${folder}/anything.ts`, pageImports.includes(folder));
  expect([...(await refused(probes))].toSorted()).toEqual(forbidden.toSorted());
  expect(forbidden.length).toBeGreaterThan(500);
});

test('an import is refused in whatever way it is written, and in every kind of file', async () => {
  const other = '../engine/engine.ts';
  const ways: Readonly<Record<string, string>> = {
    'type.ts': `import type { Engine } from '${other}';\nexport type A = Engine;\n`,
    'value.ts': `import { engine } from '${other}';\nexport const a = engine;\n`,
    'all.ts': `export * from '${other}';\n`,
    'named.ts': `export { engine } from '${other}';\n`,
    'later.ts': `export const a = async (): Promise<unknown> => await import('${other}');\n`,
    'type-in-place.ts': `export type A = import('${other}').Engine;\n`,
    'type-of.ts': `export type A = typeof import('${other}');\n`,
    'without-scheme.ts': `import { readFileSync } from 'fs';\nexport const a = readFileSync;\n`,
    'value.tsx': `import { engine } from '${other}';\nexport const a = engine;\n`,
    'value.mts': `import { engine } from '${other}';\nexport const a = engine;\n`,
    'value.mjs': `import { engine } from '${other}';\nexport const a = engine;\n`,
  };
  const files = Object.fromEntries(
    Object.entries(ways).map(([name, text]) => [`src/model/ways/${name}`, text.replaceAll('../', '../../')]),
  );
  expect([...(await refused(files))].toSorted()).toEqual(Object.keys(files).toSorted());
});

test('a folder without a rule fails the check', async () => {
  const { importRules } = await rules();
  expect(() => importRules(['model', 'new-module'])).toThrow('says nothing of src/new-module');
  expect(() => importRules(['model'], ['src', 'tools'])).toThrow('says nothing of tools');
  expect(importRules().length).toBeGreaterThan(20);
});
