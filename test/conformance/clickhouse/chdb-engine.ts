import type { Engine } from '../../../src/engine/engine.ts';
import type { Enrichment } from '../../../src/model/catalog/address-facts.ts';
import type { Field } from '../../../src/model/catalog/field.ts';
import { fields } from '../../../src/model/catalog/fields.ts';
import { PeepholeError } from '../../../src/model/errors.ts';
import { parseAddress } from '../../../src/model/query/address-block.ts';
import { resolveRange } from '../../../src/model/time/range.ts';
import type { Parameter } from '../../../src/sql/binder.ts';
import { compileRecords, readRecords } from '../../../src/sql/compile-records.ts';
import type { CompileContext, EnrichmentState } from '../../../src/sql/compile-context.ts';
import type { SqlSession } from '../../../src/sql/sql-session.ts';
import { compile } from '../../../src/sql/compile.ts';
import { clickhouse } from '../../../src/sql/dialects/clickhouse/clickhouse-dialect.ts';
import {
  addressNumber,
  ipv6Text,
  storageType,
} from '../../../src/sql/dialects/clickhouse/clickhouse-layout.ts';
import { rolledUp } from '../../../src/sql/dialects/clickhouse/clickhouse-rollups.ts';
import { explainRegexError } from '../../../src/sql/dialects/clickhouse/clickhouse-regex-error.ts';
import { AnswerReader } from '../../../src/sql/read-answer.ts';
import { type FlowObject, isFlow } from '../flow-object.ts';
import { ChdbDatabase } from './chdb.ts';
import { fillEnrichment } from './chdb-enrichment.ts';

/** An engine that also lends what statements of the investigation and of explain need. */
export interface ChdbEngine extends Engine {
  readonly session: SqlSession;
  readonly columns: { readonly flow: ReadonlySet<string>; readonly coverage: ReadonlySet<string> };
  readonly enrichment?: EnrichmentState;
  close(): void;
}

/** The dialect's own test bed: its tables in ClickHouse, filled with exactly these records. */
export async function chdbEngine(
  records: readonly FlowObject[],
  enrichment: Enrichment | null = null,
  context: Partial<CompileContext> = {},
): Promise<ChdbEngine> {
  const database = new ChdbDatabase();
  const flows = records.filter(isFlow);
  const stored = fields.filter((field) => flows.some((flow) => flow[field.name] !== undefined));
  const coverage = await createTables(database, records, stored);
  const columns = new Set(stored.map(({ name }) => name));
  const filled =
    enrichment === null ? {} : { enrichment: await fillEnrichment(database, flows, columns, enrichment) };
  const starts = flows.flatMap((flow) => (flow['start'] == null ? [] : [Number(flow['start'])]));
  const extent = starts.length === 0 ? null : { oldest: Math.min(...starts), newest: Math.max(...starts) };
  const newest = extent?.newest ?? null;

  function run(sql: string, params: readonly Parameter[]): readonly (readonly unknown[])[] {
    try {
      return database.run(sql, params);
    } catch (error) {
      throw (
        explainRegexError(error) ??
        new PeepholeError('engine_failed', String(error), { sql, params }, { cause: error })
      );
    }
  }

  return {
    kind: 'clickhouse',
    session: { dialect: clickhouse, run: async (sql, params = []) => run(sql, params) },
    columns: { flow: columns, coverage },
    ...filled,
    async query(query) {
      const range = resolveRange(query.time, newest, query.timezone);
      const compiled = compile(
        query,
        { range, columns, extent, rollups: clickhouse.rollups, ...filled, ...context },
        clickhouse,
      );
      const reader = new AnswerReader(compiled);
      reader.add(run(compiled.sql, compiled.params));
      return reader.answer(0);
    },
    async records(request) {
      const range = resolveRange(request.time, newest, request.timezone);
      const compiled = compileRecords(request, { range, columns, ...filled }, clickhouse);
      const rows = run(compiled.sql, compiled.params);
      return {
        ...readRecords(compiled, rows),
        stats: { ms: 0, rows_scanned: rows.length, source: compiled.source },
      };
    },
    sql() {
      throw new Error('ClickHouse has no guard for SQL of people yet.');
    },
    close() {
      database.drop();
    },
  };
}

/** @returns names of the coverage records' columns */
async function createTables(
  database: ChdbDatabase,
  records: readonly FlowObject[],
  stored: readonly Field[],
): Promise<ReadonlySet<string>> {
  const created = async (
    table: string,
    columns: readonly Field[],
    rows: readonly FlowObject[],
  ): Promise<void> => {
    const list = columns.map((field) => `${clickhouse.quote(field.name)} ${storageType(field)}`);
    const order = ['hour', 'action', 'dstaddr', 'srcaddr'].filter(
      (name) => name === 'hour' || columns.some((field) => field.name === name),
    );
    database.run(
      `CREATE TABLE ${table} (${['hour Nullable(UInt32)', ...list].join(', ')}) ENGINE = MergeTree
       ORDER BY (${order.join(', ')}) SETTINGS allow_nullable_key = 1`,
    );
    await database.insert(
      table,
      rows.map((record) => ({
        hour: record['start'] == null ? null : Math.floor(Number(record['start']) / 3600),
        ...Object.fromEntries(
          columns.map((field) => [field.name, storedValue(field, record[field.name] ?? null)]),
        ),
      })),
    );
  };
  const { flows, coverage, loggedHours } = clickhouse.tables;
  await created(flows, stored, records.filter(isFlow));
  const missing = records.filter((record) => !isFlow(record));
  const covered = fields.filter((field) => missing.some((record) => record[field.name] !== undefined));
  await created(coverage, covered, missing);
  const names = new Set(stored.map(({ name }) => name));
  for (const rollup of clickhouse.rollups) {
    const kept = stored.filter((field) => rollup.keeps(field)).map(({ name }) => name);
    database.run(
      `CREATE TABLE ${rollup.table} ENGINE = MergeTree ORDER BY hour SETTINGS allow_nullable_key = 1 AS ${rolledUp(rollup, kept, names)}`,
    );
  }
  database.run(
    `CREATE TABLE ${loggedHours} (hour UInt32, flows UInt64, nodata UInt64, skipdata UInt64) ENGINE = MergeTree ORDER BY hour`,
  );
  await database.insert(
    loggedHours,
    records.flatMap((record) =>
      record['start'] == null
        ? []
        : [
            {
              hour: Math.floor(Number(record['start']) / 3600),
              flows: Number(isFlow(record)),
              nodata: Number(record['log_status'] === 'NODATA'),
              skipdata: Number(record['log_status'] === 'SKIPDATA'),
            },
          ],
    ),
  );
  return new Set(covered.map(({ name }) => name));
}

function storedValue({ type }: Field, value: FlowObject[string]): unknown {
  if (value === null || type !== 'address') return value ?? null;
  const address = parseAddress(String(value));
  return address === null ? null : ipv6Text(addressNumber(address));
}
