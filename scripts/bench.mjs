// npm run bench: sets everything up, then measures. See docs/performance.md; with --door: docs/listen.md, with --engine: docs/engines.md.
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, run } from './steps.mjs';

ensureInstalled();
ensureBuilt();
const args = process.argv.slice(2);
const others = {
  '--door': 'bench-door.ts',
  '--sources': 'bench-sources.ts',
  '--columns': 'bench-columns.ts',
  '--engine': 'bench-engine.ts',
  '--store': 'bench-store.ts',
};
const script = Object.entries(others).find(([flag]) => args.includes(flag))?.[1] ?? 'bench.ts';
run(process.execPath, ['--import', 'tsx', join(root, 'bench', script), ...args]);
