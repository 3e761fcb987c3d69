// Which folder of the program may import from which others (docs/architecture.md draws it), as rules of the linter.
// Without arguments: writes them into .oxlintrc.json. --check: fails where they are not what this file says.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.mjs';

/** Everything else is refused, a folder that is not listed here too. */
export const allowedImports = {
  model: [],
  system: ['model'],
  // What the page and reports have in common: nothing in it needs a browser or Node.
  view: ['model'],
  sql: ['model'],
  decode: ['model'],
  sources: ['model'],
  enrich: ['model', 'system'],
  report: ['model'],
  documents: ['model', 'system'],
  alerts: ['model', 'system'],
  export: ['model'],
  reports: ['model', 'system', 'view', 'report', 'export', 'alerts'],
  simulate: ['model', 'system'],
  // Strangers talk to it: nothing else of the program is in its process.
  listen: ['model'],
  // What it wrote goes elsewhere by a process of its own, which has the credentials.
  ship: ['model', 'sources'],
  engine: ['model', 'system', 'sql'],
  ingest: ['model', 'sources', 'decode', 'engine'],
  investigate: ['model', 'sql'],
  service: ['model', 'system', 'sources', 'ingest', 'engine', 'enrich', 'investigate', 'documents'],
  api: ['model', 'system', 'service', 'report', 'export', 'alerts'],
  // Commands put the program together.
  cli: [
    'model',
    'system',
    'sources',
    'service',
    'report',
    'export',
    'api',
    'simulate',
    'listen',
    'ship',
    'alerts',
    'reports',
    'documents',
    'enrich',
    'ingest',
    'engine',
  ],
};

/** The files that put the program together: they alone may name the implementation of a database. */
export const assemblyFiles = ['src/cli/engines.ts'];

/** What the page may import from src/. */
export const pageImports = ['model', 'view'];

/** Folders of pure functions: no files, network, processes or clock of Node's. */
export const pureFolders = ['model', 'view', 'sql', 'report', 'export'];

/**
 * Where each package (or scope of packages) may be imported: in these folders of src/ and what is below them, or on
 * the page (`web`). A package that is not listed here is refused in src/ and web/; tests, bench/ and scripts/ may
 * import any.
 */
export const packageOwners = {
  '@atlaskit': ['web'],
  '@aws-sdk': ['sources', 'enrich', 'ship'],
  '@clickhouse': ['engine/clickhouse'],
  '@duckdb': ['engine/duckdb'],
  '@fastify': ['api'],
  '@fontsource-variable': ['web'],
  '@platformatic': ['engine/druid', 'sources'],
  '@smithy': ['sources'],
  '@tanstack': ['web'],
  'cli-progress': ['cli'],
  commander: ['cli'],
  'd3-force': ['web'],
  diff: ['web'],
  fastify: ['api'],
  fzstd: ['decode', 'sources'],
  hyparquet: ['decode', 'sources'],
  'hyparquet-compressors': ['decode'],
  'hyparquet-writer': ['export'],
  'ipaddr.js': ['model', 'sql', 'decode', 'enrich', 'engine/duckdb', 'web'],
  'markdown-it': ['reports', 'web'],
  'mmdb-lib': ['enrich'],
  nodemailer: ['alerts'],
  picocolors: ['cli'],
  'prom-client': ['api'],
  'radix-ui': ['web'],
  re2js: ['web'],
  react: ['web'],
  'react-dom': ['web'],
  'react-grid-layout': ['web'],
  tar: ['decode'],
  'temporal-polyfill': ['model', 'sql', 'reports', 'cli'],
  tinyglobby: ['sources'],
  typebox: ['api'],
  yaml: ['cli'],
  yauzl: ['decode'],
};

const folders = foldersIn('src');
/** Folders of `engine/`, a database each. */
export const engines = foldersIn('src/engine');
/** Folders of `sql/dialects/`, a database each: only the engine of that database may name one. */
export const dialects = foldersIn('src/sql/dialects');

/** Databases that work with the folders of another: what Druid finds is worked out further in DuckDB. */
export const helpers = { druid: ['duckdb'] };

function foldersIn(path) {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** All packages of package.json, by scope where they have one: `@aws-sdk`, `fastify`. */
export const packages = installedPackages();

function installedPackages() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies });
  return [...new Set(names.map((name) => (name.startsWith('@') ? name.split('/')[0] : name)))];
}

/** Top folders with code: `npm run check` looks at these, and each has a rule. */
export const codeFolders = ['src', 'web', 'test', 'bench', 'scripts'];

/** Top folders that need no rule: what is made or installed, and the file that starts the program. */
const otherFolders = ['bin', 'dist', 'node_modules'];

function foldersWithCode() {
  return foldersIn('.').filter(
    (name) =>
      !name.startsWith('.') &&
      !otherFolders.includes(name) &&
      readdirSync(join(root, name), { recursive: true }).some((path) => /\.[cm]?[jt]sx?$/.test(path)),
  );
}

const oneOfEngines = engines.map((name) => `**/engine/${name}/**`);
const oneOfDialects = dialects.map((name) => `**/dialects/${name}/**`);
/** As files beside the folders name them. */
const besideEngines = engines.map((name) => `./${name}/**`);
const besideDialects = dialects.map((name) => `./${name}/**`);

/** Patterns of what a folder (`sql`, `engine/duckdb`) may not import from outside src/. */
function refusedOutside(folder) {
  return [
    ...['web', 'test', 'bench', 'scripts'].map((name) => `**/${name}/**`),
    ...(pureFolders.includes(folder.split('/')[0]) ? ['node:*', 'node:*/**'] : []),
    ...refusedPackages(folder),
  ];
}

function refusedPackages(folder) {
  return packages
    .filter(
      (name) =>
        !(packageOwners[name] ?? []).some((owner) => folder === owner || folder.startsWith(`${owner}/`)),
    )
    .flatMap((name) => [name, `${name}/**`]);
}

function rule(files, tests, refused, message) {
  return {
    files,
    ...(tests ? {} : { excludeFiles: ['**/*.test.ts'] }),
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: refused, message }] }] },
  };
}

/** The rules of the linter. Fails if the repository has a folder with code that this file says nothing of. */
export function importRules(inSource = folders, atTop = foldersWithCode()) {
  const missing = [
    ...inSource.filter((name) => !Object.hasOwn(allowedImports, name)).map((name) => `src/${name}`),
    ...atTop.filter((name) => !codeFolders.includes(name)),
  ];
  if (missing.length > 0) throw new Error(`scripts/import-rules.mjs says nothing of ${missing.join(', ')}.`);
  const refusedIn = (folder, path = folder) =>
    folders
      .filter((name) => name !== folder && !allowedImports[folder].includes(name))
      .map((name) => `**/${name}/**`)
      .concat(refusedOutside(path));
  const messageFor = (folder) => {
    const allowed = allowedImports[folder];
    return `src/${folder} may import from ${allowed.length === 0 ? 'nothing else' : allowed.join(', ')} of src/ only, and from no database's own folder (docs/architecture.md); packages: packageOwners in scripts/import-rules.mjs.`;
  };
  return [
    ...Object.keys(allowedImports).map((folder) =>
      rule(
        [`src/${folder}/**`],
        false,
        [
          ...refusedIn(folder),
          ...oneOfEngines,
          ...oneOfDialects,
          ...(folder === 'engine' ? besideEngines : []),
          ...(folder === 'sql' ? besideDialects : []),
        ],
        messageFor(folder),
      ),
    ),
    ...engines.map((name) =>
      rule(
        [`src/engine/${name}/**`],
        false,
        [
          ...refusedIn('engine', `engine/${name}`),
          ...[...engines, ...dialects]
            .filter((other) => other !== name && !(helpers[name] ?? []).includes(other))
            .map((other) => `**/${other}/**`),
        ],
        messageFor('engine'),
      ),
    ),
    ...dialects.map((name) =>
      rule(
        [`src/sql/dialects/${name}/**`],
        false,
        [...refusedIn('sql'), ...dialects.filter((other) => other !== name).map((other) => `**/${other}/**`)],
        messageFor('sql'),
      ),
    ),
    rule(assemblyFiles, false, refusedIn('cli'), messageFor('cli')),
    ...[true, false].map((tests) =>
      rule(
        ['web/**'],
        tests,
        [
          ...folders.filter((name) => !pageImports.includes(name)).map((name) => `**/src/${name}/**`),
          '**/bench/**',
          '**/scripts/**',
          ...(tests ? [] : ['**/test/**', 'node:*', 'node:*/**', ...refusedPackages('web')]),
        ],
        `web may import from ${pageImports.join(' and ')} of src/ only; packages: packageOwners in scripts/import-rules.mjs.`,
      ),
    ),
    rule(['test/**'], true, ['**/bench/**'], 'Nothing imports the benchmark.'),
    rule(
      ['scripts/**'],
      true,
      ['src', 'web', 'test', 'bench'].map((name) => `**/${name}/**`),
      'Scripts work before anything is installed or built.',
    ),
  ];
}

if (import.meta.filename === process.argv[1]) {
  const path = join(root, '.oxlintrc.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  const wanted = JSON.stringify({ ...config, overrides: importRules() }, null, 2);
  if (!process.argv.includes('--check')) writeFileSync(path, `${wanted}\n`);
  else if (JSON.stringify(JSON.parse(wanted)) !== JSON.stringify(config)) {
    process.stderr.write('.oxlintrc.json is not what scripts/import-rules.mjs says: run it.\n');
    process.exit(1);
  }
}
