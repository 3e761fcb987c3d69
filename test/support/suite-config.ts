import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SUITE_VARIABLE, type Suite } from './suite.ts';
import { testsByNeed } from './test-needs.ts';

/** What Vitest runs for a suite: a project for each thing that tests need. A project's setup runs only if one of its tests does. */
export function suiteConfig(suite: Suite): ViteUserConfig {
  const tests = testsByNeed(suite);
  return defineConfig({
    test: {
      pool: 'forks',
      // By default one fewer than processors. Two more, since tests also wait: for timers, pages and processes.
      maxWorkers: availableParallelism() + 2,
      testTimeout: suite === 'long' ? 300_000 : 60_000,
      hookTimeout: 120_000,
      // What is waited for comes at once, or late where other tests keep the processors busy.
      expect: { poll: { timeout: 20_000 } },
      // What commands print is compared; colors are decided when the module that makes them is loaded.
      env: { NO_COLOR: '1', [SUITE_VARIABLE]: suite },
      // The files of a project share processes and what is loaded there, so they put back what they change. Long ones
      // leave much memory behind, unless they need nothing.
      isolate: suite === 'long',
      projects: [
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
      ],
    },
  });
}
