import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { allowedFunctions, allowedTableFunctions } from './sql-functions.ts';
import { checkSql } from './sql-guard.ts';

let instance: DuckDBInstance;
let api: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  api = await instance.connect();
  await api.run('CREATE TABLE input AS SELECT 1 AS a');
  await api.run(
    `CREATE TEMP VIEW flows AS SELECT 1 AS a, 'x' AS action, [1] AS l, {'q': 1} AS s, now() AS t, '{}' AS j`,
  );
});
afterAll(() => {
  api.disconnectSync();
  instance.closeSync();
});

const check = (sql: string): ReturnType<typeof checkSql> => checkSql({ api } as unknown as Connection, sql);

/** Functions that reveal the engine or its content, wait, change a state, or are internal to the engine. */
const REFUSED = [
  /^__internal_|^has_\w+_privilege$|^pg_(?!size_pretty$|typeof$)|^inet_|^icu_|^st_|_description$|^variant_(bytes|normalize|to)_?/,
  /^(current|session)_(catalog|connection_id|database|query|query_id|role|schema|schemas|setting|transaction_id|user)$/,
  /^json_(de)?serialize_(sql|plan)$|^(nextval|currval|setseed|sleep_ms|write_log|getvariable|error|stats|version|user)$/,
  /^(combine|finalize|create_sort_key|remap_struct|replace_type|switch|timetz_byte_comparable|vector_type|make_type)$/,
  /^(format_(pg_)?type|get_(block_size|type)|in_search_path|map_to_pg_oid|txid_current|parse_duckdb_log_message)$/,
];

describe('functions', () => {
  test('every function of the engine is listed as allowed or refused', async () => {
    const rows = await api.runAndReadAll(
      `SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro')`,
    );
    const names = rows.getRows().map(([name]) => String(name));
    expect(names.length).toBeGreaterThan(500);
    const allowed = (name: string): boolean => allowedFunctions.has(name);
    const refused = (name: string): boolean => REFUSED.some((pattern) => pattern.test(name));
    expect(names.filter((name) => allowed(name) === refused(name))).toEqual([]);
    // Functions that only the parser creates.
    expect([...allowedFunctions].filter((name) => !names.includes(name))).toEqual(['unnest', '->']);
  });

  test('table functions are refused, except those that only use their arguments', async () => {
    const rows = await api.runAndReadAll(
      `SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro', 'pragma')`,
    );
    for (const [name] of rows.getRows()) {
      if (allowedTableFunctions.has(String(name))) continue;
      await expect(check(`SELECT * FROM "${String(name)}"('input')`), String(name)).rejects.toThrow(
        /is not allowed/,
      );
    }
  });

  test.each([
    'SELECT pg_sleep(10)',
    'SELECT system.main.sleep_ms(10)',
    'SELECT PG_SLEEP(a) FROM flows',
    'SELECT list_transform([1], x -> sleep_ms(x)) FROM flows',
    'SELECT [sleep_ms(x) FOR x IN [1, 2]]',
    'SELECT count(*) FILTER (sleep_ms(9) IS NULL) FROM flows',
    'SELECT a FROM flows ORDER BY sleep_ms(9)',
    'SELECT sum(sleep_ms(9)) OVER (PARTITION BY a) FROM flows',
    'SELECT sum(a) OVER (ORDER BY sleep_ms(9)) FROM flows',
    'FROM flows JOIN (SELECT 1 AS b) ON sleep_ms(9) = b',
    'SELECT a FROM flows LIMIT (SELECT sleep_ms(9))',
    'SELECT * REPLACE (sleep_ms(9) AS a) FROM flows',
    'SELECT COLUMNS(c -> sleep_ms(9) IS NULL) FROM flows',
    'FROM range(sleep_ms(9))',
    'VALUES (sleep_ms(9))',
    "FROM flows PIVOT (sum(sleep_ms(9)) FOR action IN ('x'))",
    'SELECT current_catalog',
    'SELECT a.sleep_ms() FROM flows',
  ])('no matter where it stands: %s', async (sql) => {
    await expect(check(sql)).rejects.toMatchObject({
      code: 'bad_sql',
      message: expect.stringMatching(/not allowed/),
    });
  });
});

test.each([
  'DELETE FROM flows',
  'DROP VIEW flows',
  'CREATE TABLE x (a INT)',
  "COPY (SELECT 1) TO '/tmp/peephole-should-not-be'",
  "ATTACH '/tmp/x.duckdb'",
  'SET threads = 1',
  'PRAGMA database_list',
  'INSTALL httpfs',
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM glob('/etc/*')",
  "SELECT * FROM '/etc/passwd'",
  "SELECT content FROM read_blob('/etc/passwd')",
  "SELECT * FROM query('DELETE FROM flow')",
  "SELECT (SELECT max(content) FROM read_text('/etc/passwd'))",
  "WITH x AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM x",
  'SELECT * FROM duckdb_settings()',
  'SELECT * FROM input',
  'SELECT * FROM information_schema.tables',
  'SELECT 1; SELECT 2',
  'SELEC 1',
  '',
])('whatever is more than one SELECT over the views is refused: %s', async (sql) => {
  await expect(check(sql)).rejects.toMatchObject({ code: 'bad_sql' });
});

describe('names of tables', () => {
  test.each([
    'WITH input AS (SELECT * FROM input) SELECT * FROM input',
    'FROM (WITH "duckdb_databases" AS (SELECT 1) SELECT 1) y, "duckdb_databases" x',
    'SELECT * FROM main.input',
    'WITH input AS (SELECT 1) SELECT * FROM main.input',
    'WITH input AS (SELECT 1) SELECT * FROM memory.main.input',
    'FROM temp.flows',
    'TABLE input',
    'DESCRIBE input',
    'SUMMARIZE input',
    'SHOW TABLES',
    'SHOW ALL TABLES',
    "SELECT * FROM 'input'",
    "FROM query_table('input')",
    'WITH RECURSIVE input AS (SELECT a FROM input UNION SELECT 2) FROM input',
    'WITH x AS (FROM y), y AS (SELECT 1) FROM x',
    // In Unicode the Kelvin sign is a capital k, but not in DuckDB.
    'WITH "duc\u212Adb_databases" AS (SELECT 1) FROM duckdb_databases',
    'FROM information_schema.tables',
    'FROM pg_catalog.pg_class',
  ])('none but the views: %s', async (sql) => {
    await expect(check(sql)).rejects.toMatchObject({ code: 'bad_sql' });
  });

  test('suggests the tables that exist', async () => {
    await expect(check('SELECT * FROM input')).rejects.toThrow(
      'There is no table input to read; there are flows, coverage, quarantine.',
    );
    await expect(check('PIVOT flows ON action USING count(*)')).rejects.toThrow(
      /PIVOT must say which values/,
    );
    await expect(check('FROM flows; FROM flows')).rejects.toThrow(/One statement/);
    await expect(check('')).rejects.toThrow(/There is no statement/);
    await expect(check(`SELECT ${'('.repeat(50_000)}1`)).rejects.toMatchObject({ code: 'bad_sql' });
    await expect(check(`SELECT ${'['.repeat(50_000)}`)).rejects.toMatchObject({ code: 'bad_sql' });
    await expect(check(`${'FROM ('.repeat(20_000)}FROM flows${')'.repeat(20_000)}`)).rejects.toMatchObject({
      code: 'bad_sql',
    });
  });
});

test.each([
  'SELECT sum(a) OVER w, a::int, CASE WHEN a = 1 THEN 2 END, action COLLATE de FROM flows WINDOW w AS (PARTITION BY a)',
  "SELECT t + INTERVAL 1 DAY, t::date, extract(hour FROM t), date_trunc('hour', t), t AT TIME ZONE 'Europe/Berlin' FROM flows",
  "SELECT action LIKE 'a%', action NOT ILIKE 'b', action SIMILAR TO 'c', action ~ 'd', action GLOB 'e*', trim(BOTH 'x' FROM action) FROM flows",
  "SELECT j->'a', j->>'$.b', s.q, s['q'], l[1:2], l[-1], MAP {'a': 1}, row(1, 2), a BETWEEN 1 AND 2, 5!, ~a, a // 2, @a FROM flows",
  'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), quantile_cont(a, [0.1, 0.9]), approx_top_k(a, 3) FROM flows',
  'SELECT a FROM flows GROUP BY GROUPING SETS ((a), ()) HAVING count(*) FILTER (a > 0) > 0',
  'SELECT * EXCLUDE (l) REPLACE (a + 1 AS a) FROM flows QUALIFY row_number() OVER () = 1',
  "PIVOT flows ON action IN ('x') USING count(*)",
  'UNPIVOT (SELECT a FROM flows) ON a',
  'FROM flows f POSITIONAL JOIN (FROM main.flows) g',
  'FROM flows, UNNEST(l) u(z), LATERAL (SELECT flows.a + u.z) v',
  'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) FROM n',
  'SELECT DISTINCT ON (a) a FROM flows USING SAMPLE 10%',
  'SUMMARIZE flows',
  'WITH flows AS (SELECT 2 AS b) SELECT b FROM flows',
  'WITH input AS (SELECT 3 AS c), y AS (FROM input) FROM y WHERE c IN (SELECT c FROM INPUT)',
])('analysis passes and runs: %s', async (sql) => {
  await check(sql);
  await api.runAndReadAll(sql);
});

test('lists the columns that a statement may read', async () => {
  expect(await check('SELECT a FROM flows')).toMatchObject({ everything: false });
  for (const sql of [
    'FROM flows',
    'SELECT flows FROM flows',
    'SELECT f FROM flows f',
    'SELECT #1 FROM flows',
  ])
    expect(await check(sql)).toMatchObject({ everything: true });
});
