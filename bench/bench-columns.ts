/**
 * npm run bench -- --columns STORE: what each column of a store's flows takes, against its entropy (docs/performance.md).
 * Each is written alone, in the order of the store, into a file with row groups so large that hardly a block is half empty.
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';

const { values } = parseArgs({ options: { columns: { type: 'string' } } });
const store = values.columns ?? '';
const { file } = JSON.parse(await readFile(join(store, 'CURRENT'), 'utf8')) as { readonly file: string };
const folder = await mkdtemp(join(tmpdir(), 'peephole-columns-'));
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const rows = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows();

try {
  await connection.run(`ATTACH ${quoted(join(store, file))} AS store (READ_ONLY)`);
  const names = (
    await rows(
      `SELECT column_name FROM duckdb_columns()
       WHERE database_name = 'store' AND table_name = 'flow' AND column_name <> 'end' ORDER BY column_index`,
    )
  ).map(([name]) => String(name));
  const [[flows]] = (await rows('SELECT count(*) FROM store.flow')) as [[bigint]];
  const has = (...wanted: readonly string[]): boolean => wanted.every((name) => names.includes(name));
  const service = has('srcport', 'dstport') ? ['srcport < dstport', 'least(srcport, dstport)'] : [];
  const group = [...(has('action') ? ['action'] : []), ...service];
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(20) : cell.padStart(14))).join('');
  process.stdout.write(`${line(['column', 'bytes a flow', 'entropy', 'in order', 'packed as'])}\n`);
  let sums = [0, 0];
  for (const name of names) {
    const value = name === 'start' && has('hour') ? 'start - hour * 3600' : `"${name}"`;
    const { bytes, packed } = await writtenAlone(name, Number(flows));
    const alone = await entropy(value, [], false);
    const inOrder = Math.min(await entropy(value, group, false), await entropy(value, group, true));
    const cells = [bytes, alone, inOrder].map((each) => each.toFixed(2));
    process.stdout.write(`${line([name, ...cells, packed])}\n`);
    sums = [(sums[0] ?? 0) + bytes, (sums[1] ?? 0) + inOrder];
  }
  process.stdout.write(`${line(['all', (sums[0] ?? 0).toFixed(2), '', (sums[1] ?? 0).toFixed(2)])}\n`);
  const [[used]] = (await rows(
    `SELECT block_size * used_blocks FROM pragma_database_size() WHERE database_name = 'store'`,
  )) as [[bigint]];
  process.stdout.write(
    `The store, with its rollups: ${(Number(used) / Number(flows)).toFixed(2)} bytes a flow.\n`,
  );
} finally {
  connection.disconnectSync();
  instance.closeSync();
  await rm(folder, { recursive: true, force: true });
}

async function writtenAlone(
  name: string,
  count: number,
): Promise<{ readonly bytes: number; readonly packed: string }> {
  const path = join(folder, 'column.duckdb');
  await connection.run(`ATTACH ${quoted(path)} AS alone (ROW_GROUP_SIZE 1228800, STORAGE_VERSION 'v1.2.0')`);
  await connection.run(`CREATE TABLE alone.t AS SELECT "${name}" FROM store.flow ORDER BY rowid`);
  await connection.run('CHECKPOINT alone');
  const [[packed]] = (await rows(
    `SELECT string_agg(DISTINCT compression, ', ') FROM pragma_storage_info('alone.t') WHERE segment_type <> 'VALIDITY'`,
  )) as [[string]];
  await connection.run('DETACH alone');
  const { size } = await stat(path);
  await rm(path);
  // Less what an empty file takes: three blocks of 4 KiB.
  return { bytes: (size - 3 * 4096) / count, packed };
}

/**
 * Bytes that the values of an expression need on average, coded as well as can be by how often they are, within each group
 * of flows; `repeats`: a value that is the same as in the row before is coded as that.
 */
async function entropy(value: string, group: readonly string[], repeats: boolean): Promise<number> {
  const keys = group.map((key, at) => `${key} AS g${at}`);
  const groups = group.map((_, at) => `g${at}`).join(', ');
  const same = repeats ? 'v IS NOT DISTINCT FROM lag(v) OVER (ORDER BY place)' : 'FALSE';
  const [[bits]] = (await rows(
    `WITH every AS (SELECT ${[...keys, `${value} AS v`, 'rowid AS place'].join(', ')} FROM store.flow),
          marked AS (SELECT *, ${same} AS same FROM every),
          counted AS (SELECT ${[...(groups === '' ? [] : [groups]), 'v'].join(', ')}, count(*) AS n FROM marked WHERE NOT same GROUP BY ALL),
          shared AS (SELECT n, sum(n) OVER (${groups === '' ? '' : `PARTITION BY ${groups}`}) AS whole FROM counted),
          share AS (SELECT sum(n) / (SELECT count(*) FROM every) AS p, -sum(n * log2(n / whole)) / sum(n) AS h FROM shared)
     SELECT p * h + CASE WHEN p BETWEEN 1e-9 AND 1 - 1e-9 THEN -p * log2(p) - (1 - p) * log2(1 - p) ELSE 0 END FROM share`,
  )) as [[number]];
  return bits / 8;
}
