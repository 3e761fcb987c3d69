import { defineConfig } from 'vitest/config';
import { testsByNeed } from './test/support/test-needs.ts';

const tests = testsByNeed();

// A project's setup runs only if one of its tests does.
export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'plain', include: [...tests.nothing] } },
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
