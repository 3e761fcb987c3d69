// npm run bench: sets everything up, then measures. See docs/performance.md; with --door: docs/listen.md.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, run } from './steps.mjs';

ensureInstalled();
ensureBuilt();
const args = process.argv.slice(2);
const script = args.includes('--door') ? 'door.ts' : args.includes('--sources') ? 'sources.ts' : 'bench.ts';
run(process.execPath, ['--import', 'tsx', join(root, 'bench', script), ...args]);
