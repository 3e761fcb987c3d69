import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { testsByNeed } from './test/support/test-needs.ts';

const tests = testsByNeed();

// A project's setup runs only if one of its tests does.
export default defineConfig({
  test: {
    pool: 'forks',
    // By default one fewer than processors: on two, one test file at a time.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
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
