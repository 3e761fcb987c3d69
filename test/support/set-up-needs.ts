import { relative, sep } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Suite } from './suite.ts';
import { testsByNeed } from './test-needs.ts';

/** What a run filters test files by (`npm test -- time.test.ts`): not in Vitest's types; absent, as in another version of it: all run. */
interface Filtered {
  readonly filenamePattern?: readonly string[];
}

/** Before the tests of `npm test`: sets up what those that run need, and nothing else. */
export default async function setUp(project: TestProject): Promise<void> {
  const { filenamePattern } = project.vitest as unknown as Filtered;
  const { testFiles } = await project.globTestFiles([...(filenamePattern ?? [])]);
  const { root } = project.config;
  const run = new Set(testFiles.map((path) => relative(root, path).split(sep).join('/')));
  const suite: Suite = 'short';
  const { build, browser } = testsByNeed(suite);
  const needsBrowser = browser.some((path) => run.has(path));
  if (needsBrowser || build.some((path) => run.has(path))) await script('setup-build');
  if (needsBrowser) await script('setup-browser');
}

/** Runs a set-up of `scripts/`, which are plain JavaScript and have no types. */
async function script(name: string): Promise<void> {
  const url = new URL(`../../scripts/${name}.mjs`, import.meta.url).href;
  const { default: run } = (await import(/* @vite-ignore */ url)) as { readonly default: () => void };
  run();
}
