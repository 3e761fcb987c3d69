import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { LargestFirst } from './largest-first.ts';
import { SUITE_VARIABLE, type Suite } from './suite.ts';
import { testsByNeed } from './test-needs.ts';

/** What Vitest runs for a suite. */
export function suiteConfig(suite: Suite): ViteUserConfig {
  return defineConfig({
    test: {
      pool: 'forks',
      // By default one fewer than processors. Two more, since tests also wait: for timers, pages and processes.
      maxWorkers: availableParallelism() + 2,
      testTimeout: suite === 'long' ? 300_000 : 60_000,
      hookTimeout: 120_000,
      sequence: { sequencer: LargestFirst },
      // What is waited for comes at once, or late where other tests keep the processors busy.
      expect: { poll: { timeout: 20_000 } },
      // What commands print is compared; colors are decided when the module that makes them is loaded.
      env: { NO_COLOR: '1', [SUITE_VARIABLE]: suite },
      ...(suite === 'long' ? { isolate: true, projects: projectsByNeed() } : allInOne()),
    },
  });
}

/**
 * All tests of `npm test` in one project: the files share processes and what is loaded there, so they put back what they
 * change. Each project and each process compiles what it loads again, which takes some seconds of processor time.
 */
function allInOne(): NonNullable<ViteUserConfig['test']> {
  const { nothing, build, browser } = testsByNeed('short');
  return {
    include: [...nothing, ...build, ...browser],
    isolate: false,
    globalSetup: ['test/support/set-up-needs.ts'],
  };
}

/**
 * A project for each thing that long tests need. A project's setup runs only if one of its tests does. Long tests leave
 * much memory behind, so each file has a process of its own, unless it needs nothing.
 */
function projectsByNeed(): NonNullable<NonNullable<ViteUserConfig['test']>['projects']> {
  const tests = testsByNeed('long');
  return [
    { extends: true, test: { name: 'plain', include: [...tests.nothing], isolate: false } },
    {
      extends: true,
      test: { name: 'built', include: [...tests.build], globalSetup: ['scripts/setup-build.mjs'] },
    },
    {
      extends: true,
      test: {
        name: 'browser',
        include: [...tests.browser],
        globalSetup: ['scripts/setup-build.mjs', 'scripts/setup-browser.mjs'],
      },
    },
  ];
}
