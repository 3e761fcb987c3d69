import { DuckDBInstance } from '@duckdb/node-api';
import ipaddr from 'ipaddr.js';
import { countingDensely } from '../../src/engine/duckdb/dense-counting.ts';
import { EnrichmentTables } from '../../src/engine/duckdb/enrichment-tables.ts';
import { createStore } from '../../src/engine/duckdb/table-definitions.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import { fields } from '../../src/model/catalog/fields.ts';
import { PeepholeError } from '../../src/model/errors.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { resolveRange } from '../../src/model/time/range.ts';
import { compileRecords, readRecords } from '../../src/sql/compile-records.ts';
import type { CompileContext } from '../../src/sql/compile-context.ts';
import { compile } from '../../src/sql/compile.ts';
import { duckdb } from '../../src/sql/dialects/duckdb/duckdb-dialect.ts';
import { ENRICHMENT } from '../../src/sql/dialects/duckdb/duckdb-enrichment.ts';
import { conversations } from '../../src/sql/derived/initiator.ts';
import { IPV6_BASE, reservedTexts, storageType } from '../../src/sql/dialects/duckdb/duckdb-layout.ts';
import { explainRegexError } from '../../src/sql/dialects/duckdb/duckdb-regex-error.ts';
import { AnswerReader } from '../../src/sql/read-answer.ts';
import { type FlowObject, isFlow } from './flow-object.ts';

/** An engine over a store in memory, filled row by row: the compiler's own test bed, without files or ingest. */
export async function memoryDuckDb(
  records: readonly FlowObject[],
  context: Partial<CompileContext> = {},
  enrichment: Enrichment | null = null,
): Promise<Engine & { close(): void }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`ATTACH ':memory:' AS ${ENRICHMENT}`);
  for (const statement of createStore()) await connection.run(statement);
  // A plain table of flows: each field a column, only those that the records have.
  await connection.run('CREATE OR REPLACE TABLE flow (hour UINTEGER)');
  const flows = records.filter(isFlow);
  const columns = await load(flows);
  await loadHours();
  const tables =
    enrichment === null ? null : await EnrichmentTables.create(connection, enrichment, 'flow', columns);
  await tables?.addPorts(connection);
  const select = conversations(columns, duckdb);
  if (select !== null)
    await connection.run(`CREATE OR REPLACE TABLE ${duckdb.tables.enrichment.conversation} AS ${select}`);
  const filled = tables === null ? {} : { enrichment: tables.state };
  const starts = flows.flatMap((flow) => (flow['start'] == null ? [] : [Number(flow['start'])]));
  const newest = starts.length === 0 ? null : Math.max(...starts);

  async function load(rows: readonly FlowObject[]): Promise<ReadonlySet<string>> {
    const stored = fields.filter((field) => rows.some((row) => row[field.name] !== undefined));
    const ids = new Map<string, number>(reservedTexts());
    let next = 64;
    const idOf = async (text: string): Promise<number> => {
      const found = ids.get(text);
      if (found !== undefined) return found;
      ids.set(text, next);
      const six = ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).parts : null;
      const half = (from: number): bigint | null =>
        six === null
          ? null
          : six.slice(from, from + 4).reduce((value, part) => (value << 16n) | BigInt(part), 0n);
      await connection.run('INSERT INTO dictionary VALUES ($1, $2, $3, $4)', [next, text, half(0), half(4)]);
      return next++;
    };
    for (const field of stored)
      await connection.run(`ALTER TABLE flow ADD COLUMN "${field.name}" ${storageType(field)}`);
    const tuples: string[] = [];
    for (const row of rows) {
      const values: (number | bigint | null)[] = [
        row['start'] == null ? null : Math.floor(Number(row['start']) / 3600),
      ];
      for (const { name, type } of stored) {
        const value = row[name] ?? null;
        if (value === null) values.push(null);
        else if (type === 'text') values.push(await idOf(String(value)));
        else if (type === 'address') {
          const address = ipaddr.parse(String(value));
          values.push(
            address.kind() === 'ipv4'
              ? address.toByteArray().reduce((key, byte) => key * 256 + byte, 0)
              : IPV6_BASE + (await idOf(String(value))),
          );
        } else values.push(value as number | bigint);
      }
      tuples.push(`(${values.map((value) => value ?? 'NULL').join(', ')})`);
    }
    const names = ['hour', ...stored.map(({ name }) => `"${name}"`)];
    if (tuples.length > 0)
      await connection.run(`INSERT INTO flow (${names.join(', ')}) VALUES ${tuples.join(', ')}`);
    return new Set(stored.map(({ name }) => name));
  }

  async function loadHours(): Promise<void> {
    for (const record of records) {
      if (record['start'] == null) continue;
      const counts = [isFlow(record), record['log_status'] === 'NODATA', record['log_status'] === 'SKIPDATA'];
      await connection.run(
        `INSERT INTO logged_hour VALUES (${Math.floor(Number(record['start']) / 3600)}, ${counts.map(Number).join(', ')})`,
      );
    }
  }

  async function run(
    sql: string,
    params: readonly (string | number | bigint)[],
  ): Promise<readonly (readonly unknown[])[]> {
    try {
      const reader = await connection.runAndReadAll(sql, [...params]);
      return reader.getRows();
    } catch (error) {
      throw (
        explainRegexError(error) ??
        new PeepholeError('engine_failed', String(error), { sql, params }, { cause: error })
      );
    }
  }

  return {
    kind: 'duckdb',
    async query(query) {
      const range = resolveRange(query.time, newest, query.timezone);
      const compiled = compile(query, { range, columns, ...filled, ...context }, duckdb);
      const reader = new AnswerReader(compiled);
      const ask = (): ReturnType<typeof run> => run(compiled.sql, compiled.params);
      reader.add(await countingDensely({ api: connection }, compiled.denseBits, ask));
      return reader.answer(0);
    },
    async records(request) {
      const range = resolveRange(request.time, newest, request.timezone);
      const compiled = compileRecords(request, { range, columns, ...filled }, duckdb);
      const rows = await run(compiled.sql, compiled.params);
      return {
        ...readRecords(compiled, rows),
        stats: { ms: 0, rows_scanned: rows.length, source: compiled.source },
      };
    },
    async sql(text) {
      const reader = await connection.runAndReadAll(text);
      return {
        columns: reader.columnNames().map((name, i) => ({ name, type: String(reader.columnType(i)) })),
        batches: (async function* () {
          yield reader.getRows();
        })(),
        close: async () => undefined,
      };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
