// npm run bench:clickhouse: installs ClickHouse (chdb, 550 MB) beside the benchmark, which then measures it too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root } from './steps.mjs';

const folder = join(root, 'bench', '.chdb');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
npm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', 'chdb@3']);
