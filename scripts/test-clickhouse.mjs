// npm run test:clickhouse: installs ClickHouse (chdb, 550 MB) into .cache/, and holds stores in ClickHouse against stores in DuckDB.
import { installClickHouse } from './clickhouse-library.mjs';
import { ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
installClickHouse();
process.env.PEEPHOLE_CLICKHOUSE = '1';
tool('vitest', ['run', ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/clickhouse'])]);
