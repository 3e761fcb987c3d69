// npm run check: the lock, format, lint, types, dead code.
import { join } from 'node:path';
import { codeFolders } from './import-rules.mjs';
import { checkLock } from './lock-platforms.mjs';
import { ensureInstalled, root, run, tool } from './steps.mjs';

checkLock(root);
ensureInstalled();
const configs = [
  'vite.config.ts',
  'vite.program.config.ts',
  'vitest.config.ts',
  'vitest.long.config.ts',
  'vitest.cluster.config.ts',
  'vitest.druid.config.ts',
];
tool('oxfmt', ['--check', ...codeFolders, ...configs]);
run(process.execPath, [join('scripts', 'import-rules.mjs'), '--check']);
tool('oxlint', ['--type-aware', '--deny-warnings', ...codeFolders]);
tool('tsc', ['-p', 'tsconfig.json']);
tool('tsc', ['-p', 'web/tsconfig.json']);
tool('knip', []);
