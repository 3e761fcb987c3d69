// What each test needs before it can run, found in what it imports: nothing, the build, or a browser too.
// suite-config.ts and set-up-needs.ts use it, so that `npm test -- one.test.ts` sets up only what that test uses.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import type { Suite } from './suite.ts';

const root = join(import.meta.dirname, '..', '..');

/** In the text of a file that uses what `npm run build` makes (the code of decoding threads, packed data). */
const usesBuild = /#decode-worker|['"/]dist['"/]/;
/** In one that runs the program, and in one that runs its commands in its own process. */
const usesProgram = /bin\/peephole\.cjs|\['pack'|src\/cli\/run-command\.ts/;
const usesBrowser = /from 'playwright-core'/;

/** Imports that are still there when a test runs: those of types alone are not. */
const imports =
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

/** A time limit, as an option of a test or as its last argument. */
const LIMIT = /(?:timeout: |\}, )(\d+_\d{3})\b/g;

interface Module {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Absolute paths. */
  readonly imports: readonly string[];
}

/** Paths of tests, relative to the repository. */
interface TestsByNeed {
  readonly nothing: readonly string[];
  readonly build: readonly string[];
  /** These need the build too. */
  readonly browser: readonly string[];
}

const modules = new Map<string, Module>();

const LONG = '**/*.long.test.ts';
const ALL = ['src/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'test/**/*.test.ts'];
/** In a test file that is part of both suites, and does other things in each. */
const inBoth = /from '[./]*(?:test\/)?support\/suite\.ts'/;

/** All test files of a suite (of the long one those named `x.long.test.ts`, and those that are part of both), but those of `test/cluster/` and `test/druid/`, which need other servers (vitest.cluster.config.ts, vitest.druid.config.ts). */
export function testsByNeed(suite: Suite): TestsByNeed {
  const ignore = [
    'test/cluster/**',
    'test/druid/**',
    '**/node_modules/**',
    ...(suite === 'long' ? [] : [LONG]),
  ];
  const isLong = (path: string): boolean =>
    path.endsWith('.long.test.ts') || inBoth.test(moduleAt(path).text);
  const needs = globSync(ALL, { cwd: root, absolute: true, ignore })
    .filter((path) => suite === 'short' || isLong(path))
    .map((path) => ({
      path: relative(root, path).split(sep).join('/'),
      need: needOf(reachedFrom(path)),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const needing = (need: keyof TestsByNeed): readonly string[] =>
    needs.filter((each) => each.need === need).map(({ path }) => path);
  return {
    nothing: needing('nothing'),
    build: needing('build'),
    browser: needing('browser'),
  };
}

/** How much code a test is, in characters: its own and that of all helpers in `test/` that it imports, directly or not. */
export function testSize(path: string): number {
  const helpers = join(root, 'test') + sep;
  return reachedFrom(path)
    .filter((each) => each.path === path || each.path.startsWith(helpers))
    .reduce((sum, { text }) => sum + text.length, 0);
}

/** The longest time limit that a test file gives one of its tests, in milliseconds; 0 if it gives none. */
export function testLimit(path: string): number {
  const limits = [...moduleAt(path).text.matchAll(LIMIT)].map(([, digits]) =>
    Number(digits!.replaceAll('_', '')),
  );
  return Math.max(0, ...limits);
}

function needOf(modules: readonly Module[]): keyof TestsByNeed {
  const some = (pattern: RegExp): boolean => modules.some(({ text }) => pattern.test(text));
  if (some(usesBrowser)) return 'browser';
  return some(usesBuild) || some(usesProgram) ? 'build' : 'nothing';
}

/** A file and everything that it imports, directly or not. */
function reachedFrom(path: string): readonly Module[] {
  const reached = new Set([path]);
  for (const each of reached) for (const next of moduleAt(each).imports) reached.add(next);
  return [...reached].map((each) => moduleAt(each));
}

function moduleAt(path: string): Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, 'utf8');
  const files = [...text.matchAll(imports)]
    .map(([, plain, dynamic]) => plain ?? dynamic ?? '')
    .filter((name) => name.startsWith('.') && /\.tsx?$/.test(name))
    .map((name) => join(dirname(path), name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true);
  const module = { path, text, imports: files };
  modules.set(path, module);
  return module;
}
