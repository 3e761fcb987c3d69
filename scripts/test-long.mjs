// npm run test:long: the tests that are long by nature (files named x.long.test.ts), or those that are named.
import { ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
tool('vitest', ['run', '--config', 'vitest.long.config.ts', ...process.argv.slice(2)]);
