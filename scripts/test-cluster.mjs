// npm run test:cluster: the tests that need real servers (an emulator of AWS, Kafka), or those that are named. The
// servers are installed, started and stopped by vitest.cluster.config.ts.
import { ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
tool('vitest', ['run', '--config', 'vitest.cluster.config.ts', ...process.argv.slice(2)]);
