import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { duckdb } from '../../src/sql/dialects/duckdb/duckdb-dialect.ts';
import { type CteList, createCteList } from '../../src/sql/plan/cte-list.ts';
import { type Plan, planQuery } from '../../src/sql/plan/plan.ts';

/** A number, or null, as the database gives it. */
export type Value = number | null;

/** The fields that the table `flow` has, which are numbers: an address is one too. */
const columns = ['start', 'srcaddr', 'srcport', 'dstport', 'protocol', 'bytes'] as const;

/** A flow; what it does not name is null. */
export type NumberFlow = Readonly<Partial<Record<(typeof columns)[number], Value>>>;

/** A database in memory, to run parts of a statement in. */
interface PlanDatabase {
  /** Makes a table of whole numbers; one of that name is replaced. */
  table(name: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void>;
  flows(rows: readonly NumberFlow[]): Promise<void>;
  /** The rows of a SELECT that stands behind the common tables of a plan. */
  rows(plan: Plan, ctes: CteList, select: string): Promise<readonly (readonly Value[])[]>;
  close(): void;
}

/** The database of a test file, from before its tests to after them. */
export function usePlanDatabase(): Omit<PlanDatabase, 'close'> {
  let database: PlanDatabase;
  beforeAll(async () => {
    database = await createPlanDatabase();
  });
  afterAll(() => database.close());
  return {
    table: (...args) => database.table(...args),
    flows: (rows) => database.flows(rows),
    rows: (...args) => database.rows(...args),
  };
}

async function createPlanDatabase(): Promise<PlanDatabase> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const table: PlanDatabase['table'] = async (name, names, rows) => {
    const definitions = names.map((each) => `${each} BIGINT`).join(', ');
    await connection.run(`CREATE OR REPLACE TABLE ${name} (${definitions})`);
    const tuples = rows.map((row) => `(${row.map((value) => value ?? 'NULL').join(', ')})`);
    if (tuples.length > 0) await connection.run(`INSERT INTO ${name} VALUES ${tuples.join(', ')}`);
  };
  return {
    table,
    flows: (rows) =>
      table(
        'flow',
        ['hour', ...columns.map((name) => `"${name}"`)],
        rows.map((row) => [
          row.start == null ? null : Math.floor(row.start / 3600),
          ...columns.map((name) => row[name] ?? null),
        ]),
      ),
    async rows(plan, ctes, select) {
      const reader = await connection.runAndReadAll(`${ctes.text()}${select}`, [...plan.scope.binder.values]);
      return reader.getRows().map((row) => row.map((value) => (value === null ? null : Number(value))));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The plan of a query about `flow` alone: no rollups, no look-ups, all data. */
export function planOf(query: object): Plan {
  return planQuery(parseQuery(query), { range: null, columns: new Set(columns) }, duckdb);
}

/** The common tables of a plan, before any pass: the rows that it keeps, if it does. */
export function tablesOf(plan: Plan): CteList {
  const ctes = createCteList(duckdb.materialized);
  if (plan.sources.kept !== null) ctes.add('base', plan.sources.kept);
  return ctes;
}
