// ClickHouse as a library (chdb, 550 MB), for tests: installed from the registry into .cache/clickhouse, unless it is there.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root } from './steps.mjs';

export function installClickHouse() {
  const folder = join(root, '.cache', 'clickhouse');
  if (existsSync(join(folder, 'node_modules', 'chdb'))) return;
  process.stderr.write('Installing ClickHouse (chdb) …\n');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', 'chdb@3']);
}
