// What each test needs before it can run, found in what it imports: nothing, parts of the build, the program, or a
// browser too.
// suite-config.ts makes a project of each, so that `npm test -- one.test.ts` sets up only what that test uses.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { globSync } from 'tinyglobby';

const root = join(import.meta.dirname, '..', '..');

/** In the text of a file that uses what `npm run build` makes (the code of decoding threads, packed data). */
const usesBuild = /#decode-worker|['"/]dist['"/]/;
/** In one that runs the program. */
const usesProgram = /bin\/peephole\.cjs|\['pack'/;
/** The command line, which these tests run in their own process: variables of the process decide how it prints. */
const usesCommands = /from 'picocolors'/;
/** In a file that runs commands in its own process, and puts back what they change there (run-here.ts). */
const runsHere = /import\('[./]*src\/cli\/run-command\.ts'\)/;
const usesBrowser = /from 'playwright-core'/;

/** Imports that are still there when a test runs: those of types alone are not. */
const imports =
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

interface Module {
  readonly text: string;
  /** Absolute paths. */
  readonly imports: readonly string[];
}

/** Paths of tests, relative to the repository. */
interface TestsByNeed {
  readonly nothing: readonly string[];
  readonly build: readonly string[];
  /** These run the program, as a process or in their own. They need the build. */
  readonly program: readonly string[];
  /** These need the same, and may share their process with each other. */
  readonly commands: readonly string[];
  /** These need the build too. */
  readonly browser: readonly string[];
}

/** `short`: what `npm test` runs; `long`: files named `x.long.test.ts`, which `npm run test:long` runs. */
export type Suite = 'short' | 'long';

const LONG = '**/*.long.test.ts';

/** All test files of a suite, but those of `test/cluster/` and `test/druid/`, which need other servers (vitest.cluster.config.ts, vitest.druid.config.ts). */
export function testsByNeed(suite: Suite): TestsByNeed {
  const modules = new Map<string, Module>();
  const patterns =
    suite === 'long' ? [LONG] : ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'test/**/*.test.ts'];
  const ignore = [
    'test/cluster/**',
    'test/druid/**',
    '**/node_modules/**',
    ...(suite === 'long' ? [] : [LONG]),
  ];
  const needs = globSync(patterns, { cwd: root, absolute: true, ignore })
    .map((path) => ({
      path: relative(root, path).split(sep).join('/'),
      need: needOf(reachedFrom(path, modules)),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const needing = (need: keyof TestsByNeed): readonly string[] =>
    needs.filter((each) => each.need === need).map(({ path }) => path);
  return {
    nothing: needing('nothing'),
    build: needing('build'),
    program: needing('program'),
    commands: needing('commands'),
    browser: needing('browser'),
  };
}

function needOf(modules: readonly Module[]): keyof TestsByNeed {
  const some = (pattern: RegExp): boolean => modules.some(({ text }) => pattern.test(text));
  if (some(usesBrowser)) return 'browser';
  if (some(runsHere)) return 'commands';
  if (some(usesProgram)) return 'program';
  if (!some(usesBuild)) return 'nothing';
  return some(usesCommands) ? 'program' : 'build';
}

/** A file and everything that it imports, directly or not. */
function reachedFrom(path: string, modules: Map<string, Module>): readonly Module[] {
  const reached = new Set([path]);
  for (const each of reached) for (const next of moduleAt(each, modules).imports) reached.add(next);
  return [...reached].map((each) => moduleAt(each, modules));
}

function moduleAt(path: string, modules: Map<string, Module>): Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, 'utf8');
  const files = [...text.matchAll(imports)]
    .map(([, plain, dynamic]) => plain ?? dynamic ?? '')
    .filter((name) => name.startsWith('.') && /\.tsx?$/.test(name))
    .map((name) => join(dirname(path), name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true);
  const module = { text, imports: files };
  modules.set(path, module);
  return module;
}
