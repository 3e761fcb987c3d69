import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests that need real servers: `npm test` leaves them out.
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    pool: 'forks',
    // They wait for servers more than they work.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    globalSetup: ['scripts/setup-cluster.mjs', 'test/cluster/servers/setup.ts'],
  },
});
