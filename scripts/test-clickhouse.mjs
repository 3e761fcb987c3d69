// npm run test:clickhouse: installs ClickHouse (chdb, 550 MB) into .cache/, and holds stores in ClickHouse against stores in DuckDB.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, npm, root, tool } from './steps.mjs';

ensureInstalled();
const folder = join(root, '.cache', 'clickhouse');
if (!existsSync(join(folder, 'node_modules', 'chdb'))) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', 'chdb@3']);
}
process.env.PEEPHOLE_CLICKHOUSE = '1';
tool('vitest', ['run', ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/clickhouse'])]);
