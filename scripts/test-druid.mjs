// npm run test:druid: holds stores in Druid against stores in DuckDB, or runs the test files that are named. Druid is installed,
// started and stopped by vitest.druid.config.ts.
import { ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
tool('vitest', ['run', '--config', 'vitest.druid.config.ts', ...process.argv.slice(2)]);
