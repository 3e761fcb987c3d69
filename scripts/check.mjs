// npm run check: format, lint, types, dead code.
import { join } from 'node:path';
import { ensureInstalled, run, tool } from './steps.mjs';

ensureInstalled();
const folders = ['src', 'web', 'test', 'bench', 'scripts'];
tool('oxfmt', ['--check', ...folders, 'vite.config.ts', 'vite.program.config.ts', 'vitest.config.ts']);
run(process.execPath, [join('scripts', 'import-rules.mjs'), '--check']);
tool('oxlint', ['--type-aware', '--deny-warnings', ...folders]);
tool('tsc', ['-p', 'tsconfig.json']);
tool('tsc', ['-p', 'web/tsconfig.json']);
tool('knip', []);
