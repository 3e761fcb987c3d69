import { defineConfig } from 'vitest/config';

// Tests that need real servers: `npm test` leaves them out.
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 240_000,
    hookTimeout: 240_000,
    globalSetup: ['scripts/setup-cluster.mjs', 'test/cluster/servers/setup.ts'],
  },
});
