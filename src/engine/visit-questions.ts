import type { Visit, VisitKind } from '../model/visits/visit.ts';
import type { VisitWant } from '../model/visits/visit-request.ts';
import { type Parameter, createBinder } from '../sql/binder.ts';
import type { Dialect } from '../sql/dialects/dialect.ts';
import type { RunOptions } from './engine.ts';
import type {
  VisitBucket,
  VisitFilter,
  VisitorTotal,
  VisitRegister,
  VisitTotals,
  WantTotal,
} from './visit-register.ts';

const WANT = 'kind, host, request, agent';
const ID = "concat(listener, '-', number)";

/** What is asked: a database with the tables `visit` and `unkept_visits`. */
interface VisitDatabase {
  readonly dialect: Dialect;
  /** As `VisitRegister.revision`. */
  revision(): number;
  rows(
    sql: string,
    params: readonly Parameter[],
    options: RunOptions,
  ): Promise<readonly (readonly unknown[])[]>;
}

/** Answers questions about the visits in a store. */
export class VisitQuestions implements VisitRegister {
  readonly #database: VisitDatabase;

  constructor(database: VisitDatabase) {
    this.#database = database;
  }

  get revision(): number {
    return this.#database.revision();
  }

  async totals(filter: VisitFilter, options: RunOptions = {}): Promise<VisitTotals> {
    const { where, params } = this.#conditions(filter);
    const [[row], unkept] = await Promise.all([
      this.#rows(
        `SELECT count(*), count(DISTINCT source), count(DISTINCT (port, protocol, ${WANT})), coalesce(sum(bytes), 0), min(began), max(began)
         FROM visit WHERE ${where}`,
        params,
        options,
      ),
      this.#rows(
        // Those of many sources have none: of a source that is asked for, only those that are surely its count.
        `SELECT bound, sum(visits) FROM unkept_visits WHERE ${where} GROUP BY bound ORDER BY 2 DESC, 1`,
        params,
        options,
      ),
    ]);
    return {
      visits: Number(row?.[0] ?? 0),
      sources: Number(row?.[1] ?? 0),
      wants: Number(row?.[2] ?? 0),
      bytes: Number(row?.[3] ?? 0),
      first: orNull(row?.[4]),
      last: orNull(row?.[5]),
      unkept: unkept.map(([bound, visits]) => ({ bound: String(bound), visits: Number(visits) })),
    };
  }

  async wants(filter: VisitFilter, most: number, options: RunOptions = {}): Promise<readonly WantTotal[]> {
    const { where, params } = this.#conditions(filter);
    const rows = await this.#rows(
      `SELECT ${WANT}, port, protocol, count(*) AS visits, count(DISTINCT source) AS sources, min(began), max(began), ${this.#first(ID)}
       FROM visit WHERE ${where} GROUP BY port, protocol, ${WANT}
       ORDER BY sources DESC, visits DESC, port, protocol, ${WANT} LIMIT ${Math.floor(most)}`,
      params,
      options,
    );
    return rows.map((row) => ({
      ...wantIn(row, 0),
      port: Number(row[4]),
      protocol: row[5] as Visit['protocol'],
      visits: Number(row[6]),
      sources: Number(row[7]),
      first: Number(row[8]),
      last: Number(row[9]),
      example: String(row[10]),
    }));
  }

  async visitors(
    filter: VisitFilter,
    most: number,
    options: RunOptions = {},
  ): Promise<readonly VisitorTotal[]> {
    const { where, params } = this.#conditions(filter);
    const pair = 'source, target, port, protocol';
    // Before the first there is none: null, and in ClickHouse only of what may be null.
    const rows = await this.#rows(
      `WITH picked AS (SELECT ${pair}, began, ${WANT}, ${ID} AS id FROM visit WHERE ${where}),
       busiest AS (
         SELECT ${pair}, count(*) AS visits, min(began) AS first, max(began) AS last FROM picked GROUP BY ${pair}
         ORDER BY visits DESC, ${pair} LIMIT ${Math.floor(most)}),
       theirs AS (SELECT p.* FROM picked p ${this.#database.dialect.semiJoin} busiest b USING (${pair})),
       gaps AS (SELECT ${pair}, began - lag(nullif(began, -1)) OVER (PARTITION BY ${pair} ORDER BY began, id) AS gap FROM theirs),
       paces AS (SELECT ${pair}, ${this.#database.dialect.median('gap')} AS interval FROM gaps GROUP BY ${pair}),
       mains AS (
         SELECT ${pair}, ${WANT}, count(*) AS wanting, ${this.#first('id')} AS example FROM theirs GROUP BY ${pair}, ${WANT}
         QUALIFY row_number() OVER (PARTITION BY ${pair} ORDER BY wanting DESC, ${WANT}) = 1)
       SELECT ${WANT}, ${pair}, visits, first, last, interval, wanting, example
       FROM busiest JOIN paces USING (${pair}) JOIN mains USING (${pair}) ORDER BY visits DESC, ${pair}`,
      params,
      options,
    );
    return rows.map((row) => ({
      want: wantIn(row, 0),
      source: String(row[4]),
      target: String(row[5]),
      port: Number(row[6]),
      protocol: row[7] as Visit['protocol'],
      visits: Number(row[8]),
      first: Number(row[9]),
      last: Number(row[10]),
      interval: orNull(row[11]),
      wanting: Number(row[12]),
      example: String(row[13]),
    }));
  }

  async buckets(
    filter: VisitFilter,
    width: number,
    most: number,
    options: RunOptions = {},
  ): Promise<readonly VisitBucket[]> {
    const { where, params } = this.#conditions(filter);
    const step = Math.max(1, Math.floor(width));
    const rows = await this.#rows(
      `WITH picked AS (SELECT ${this.#database.dialect.divide('began', step)} * ${step} AS bucket, kind, host FROM visit WHERE ${where}),
       top AS (SELECT kind, host, 1 AS listed FROM picked GROUP BY kind, host ORDER BY count(*) DESC, kind, host LIMIT ${Math.floor(most)}),
       named AS (SELECT bucket, listed, CASE WHEN listed = 1 THEN kind END AS kind, CASE WHEN listed = 1 THEN host END AS host
         FROM picked LEFT JOIN top USING (kind, host))
       SELECT bucket, kind, host, count(*) FROM named GROUP BY bucket, kind, host ORDER BY bucket, kind, host`,
      params,
      options,
    );
    return rows.map(([from, kind, host, visits]) => ({
      from: Number(from),
      of: kind === null ? null : { kind: kind as VisitKind, host: String(host) },
      visits: Number(visits),
    }));
  }

  async latest(filter: VisitFilter, most: number, options: RunOptions = {}): Promise<readonly Visit[]> {
    const { where, params } = this.#conditions(filter);
    const rows = await this.#rows(
      `SELECT record FROM visit WHERE ${where} ORDER BY began DESC, listener, number DESC LIMIT ${Math.floor(most)}`,
      params,
      options,
    );
    return rows.map(([record]) => JSON.parse(String(record)) as Visit);
  }

  #rows(
    sql: string,
    params: readonly Parameter[],
    options: RunOptions,
  ): Promise<readonly (readonly unknown[])[]> {
    return this.#database.rows(sql, params, options);
  }

  /** An aggregate: a value of the earliest visit of a group. */
  #first(value: string): string {
    return this.#database.dialect.valueAtLeast(value, 'began');
  }

  #conditions({ from, to, ports, sources }: VisitFilter): {
    readonly where: string;
    readonly params: readonly Parameter[];
  } {
    const { dialect } = this.#database;
    const { types } = dialect;
    const binder = createBinder(dialect);
    const among = (column: string, values: readonly Parameter[], type: string): readonly string[] =>
      values.length === 0
        ? []
        : [`${column} IN (${values.map((value) => binder.bind(value, type)).join(', ')})`];
    const all = [
      ...(from === null ? [] : [`began >= ${binder.bind(BigInt(Math.ceil(from)), types.whole)}`]),
      ...(to === null ? [] : [`began < ${binder.bind(BigInt(Math.ceil(to)), types.whole)}`]),
      ...among('port', ports, types.whole),
      ...among('source', sources, types.text),
    ];
    return { where: all.length === 0 ? 'TRUE' : all.join(' AND '), params: binder.values };
  }
}

function wantIn(row: readonly unknown[], from: number): VisitWant {
  return {
    kind: row[from] as VisitKind,
    host: String(row[from + 1]),
    request: String(row[from + 2]),
    agent: String(row[from + 3]),
  };
}

function orNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
