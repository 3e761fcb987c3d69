/**
 * The other side of the comparison: what somebody gets who knows DuckDB and no Peephole. Run as a process
 * of its own: `plain-table.ts FILES DATABASE` reads the files with `read_csv` into a plain table
 * with text addresses and timestamps.
 */
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const columns = {
  version: 'INTEGER',
  account_id: 'VARCHAR',
  interface_id: 'VARCHAR',
  srcaddr: 'VARCHAR',
  dstaddr: 'VARCHAR',
  srcport: 'INTEGER',
  dstport: 'INTEGER',
  protocol: 'INTEGER',
  packets: 'BIGINT',
  bytes: 'BIGINT',
  start: 'BIGINT',
  end: 'BIGINT',
  action: 'VARCHAR',
  log_status: 'VARCHAR',
};

async function load(files: string, database: string): Promise<void> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  const types = `{${Object.entries(columns)
    .map(([name, type]) => `'${name}': '${type}'`)
    .join(', ')}}`;
  await connection.run(
    `CREATE TABLE flows AS SELECT * REPLACE (to_timestamp("start")::TIMESTAMP AS "start", to_timestamp("end")::TIMESTAMP AS "end")
     FROM read_csv('${files}', delim = ' ', header = true, nullstr = '-', quote = '', escape = '', auto_detect = false, columns = ${types})`,
  );
  await connection.run('CHECKPOINT');
  instance.closeSync();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await load(process.argv[2] ?? '', process.argv[3] ?? '');
