import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { testsByNeed, type Suite } from './test-needs.ts';

/** What Vitest runs for a suite: a project for each thing that tests need. A project's setup runs only if one of its tests does. */
export function suiteConfig(suite: Suite): ViteUserConfig {
  const tests = testsByNeed(suite);
  return defineConfig({
    test: {
      pool: 'forks',
      // By default one fewer than processors. One more, since tests also wait: for timers, pages and processes.
      maxWorkers: availableParallelism() + 1,
      testTimeout: suite === 'long' ? 300_000 : 60_000,
      hookTimeout: 120_000,
      // What commands print is compared; colors are decided when the module that makes them is loaded.
      env: { NO_COLOR: '1' },
      projects: [
        // The files of the first two share a process and what is loaded there: they put back what they change.
        { extends: true, test: { name: 'plain', include: [...tests.nothing], isolate: false } },
        {
          extends: true,
          test: {
            name: 'built',
            include: [...tests.build],
            isolate: false,
            globalSetup: ['scripts/setup-build.mjs'],
          },
        },
        {
          extends: true,
          test: { name: 'program', include: [...tests.program], globalSetup: ['scripts/setup-build.mjs'] },
        },
        // Most of what these cost is loading the program's sources, which they do once a process instead of once a file.
        {
          extends: true,
          test: {
            name: 'commands',
            include: [...tests.commands],
            isolate: false,
            globalSetup: ['scripts/setup-build.mjs'],
          },
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
