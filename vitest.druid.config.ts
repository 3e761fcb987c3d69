import { defineConfig } from 'vitest/config';

// Tests that need Druid: `npm test` leaves them out. One file at a time: they share one small cluster.
export default defineConfig({
  test: {
    include: ['test/druid/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 600_000,
    globalSetup: ['scripts/setup-browser.mjs', 'scripts/setup-druid.mjs', 'test/druid/shared-druid.ts'],
  },
});
