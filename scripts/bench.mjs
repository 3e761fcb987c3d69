// npm run bench: sets everything up, then measures. See docs/performance.md.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, run } from './steps.mjs';

ensureInstalled();
ensureBuilt();
run(process.execPath, ['--import', 'tsx', join(root, 'bench', 'bench.ts'), ...process.argv.slice(2)]);
