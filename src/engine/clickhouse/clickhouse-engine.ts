import type { Answer } from '../../model/query/answer.ts';
import { isDerivedName } from '../../model/query/query-field.ts';
import { fieldsUsed } from '../../model/query/used-names.ts';
import type { Query, TimeRange } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import { resolveRange } from '../../model/time/range.ts';
import type { CompileContext, EnrichmentState } from '../../sql/compile-context.ts';
import { compileRecords, readRecords } from '../../sql/compile-records.ts';
import { compile } from '../../sql/compile.ts';
import { clickhouse } from '../../sql/dialects/clickhouse/clickhouse-dialect.ts';
import { clickhouseWords } from '../../sql/dialects/clickhouse/clickhouse-words.ts';
import { toSql } from '../../sql/to-sql/to-sql.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import { AnswerReader } from '../../sql/read-answer.ts';
import { estimateFlows } from '../estimate-flows.ts';
import { unknownColumns } from '../unknown-columns.ts';
import type { RunOptions } from '../engine.ts';
import type { FlowRange } from '../store-status.ts';
import type { Columns } from './columns.ts';
import type { ClickHouseServer } from './server.ts';
import { flowRange } from './status.ts';

/** What the engine has to know of its store. */
export interface EngineStore {
  readonly revision: number;
  readonly columns: Columns;
  readonly flowsFrom: number;
  whileCurrent<T>(
    names: readonly string[] | null,
    work: (dialect: Dialect, state: EnrichmentState | null) => Promise<T>,
  ): Promise<T>;
}

/** How far the flows of one state of the store reach, and about how many there are. */
interface Extent {
  readonly revision: number;
  readonly range: FlowRange | null;
  readonly flows: number;
}

/** Answers queries from a ClickHouse database. */
export class ClickHouseEngine {
  readonly #server: ClickHouseServer;
  readonly #store: EngineStore;
  #extent: Extent | null = null;

  constructor(server: ClickHouseServer, store: EngineStore) {
    this.#server = server;
    this.#store = store;
  }

  async query(query: Query, options: RunOptions = {}): Promise<Answer> {
    const began = performance.now();
    const names = fieldsUsed(query);
    return this.#store.whileCurrent(derivedOf(names), async (dialect, state) => {
      const compiled = compile(
        query,
        await this.#context(query.time, query.timezone, dialect, state),
        dialect,
      );
      const reader = new AnswerReader(compiled);
      reader.add(await this.#server.rows(compiled.sql, compiled.params, options));
      return reader.answer(performance.now() - began);
    });
  }

  async records(request: RecordsRequest, options: RunOptions = {}): Promise<RecordsPage> {
    const began = performance.now();
    const names = [...request.filter.map(({ field }) => field), request.order.field];
    return this.#store.whileCurrent(derivedOf(names), async (dialect, state) => {
      const context = await this.#context(request.time, request.timezone, dialect, state);
      const compiled = compileRecords(request, context, dialect);
      const page = readRecords(compiled, await this.#server.rows(compiled.sql, compiled.params, options));
      const stats = {
        ms: performance.now() - began,
        rows_scanned: page.rows.length,
        source: compiled.source,
      };
      return { ...page, stats };
    });
  }

  /** The SELECT over the view `flows` that says the same as a query. */
  async toSql(query: Query): Promise<string> {
    const context = await this.#context(query.time, query.timezone, clickhouse, null);
    return toSql(query, context, clickhouseWords);
  }

  /** How many flows there may be within a time (null: all), if they are spread evenly. */
  async flowsWithin(time: TimeRange | null, timezone: string): Promise<number> {
    const { range, flows } = await this.#stored();
    return estimateFlows(flows, range, resolveRange(time, range?.newest ?? null, timezone));
  }

  /** Asked for once a revision: every query needs it. */
  async #stored(): Promise<Extent> {
    const { revision, columns } = this.#store;
    if (this.#extent?.revision !== revision) {
      const [range, [row]] = await Promise.all([
        flowRange(this.#server, columns),
        this.#server.rows('SELECT sum(flows) FROM logged_hour'),
      ]);
      this.#extent = { revision, range, flows: Number(row?.[0] ?? 0) };
    }
    return this.#extent;
  }

  async #context(
    time: TimeRange | null,
    timezone: string,
    dialect: Dialect,
    enrichment: EnrichmentState | null,
  ): Promise<CompileContext> {
    const { range } = await this.#stored();
    return {
      range: resolveRange(time, range?.newest ?? null, timezone),
      columns: this.#store.columns.flow,
      rollups: dialect.rollups,
      ...(enrichment === null ? {} : { enrichment }),
      flowsFrom: this.#store.flowsFrom,
      unknownFields: unknownColumns(this.#store.columns.extra),
      extent: range === null ? null : { oldest: range.first, newest: range.last },
    };
  }
}

/** Names of derived fields among some; null: there are none. */
function derivedOf(names: readonly string[]): readonly string[] | null {
  const derived = names.filter(isDerivedName);
  return derived.length === 0 ? null : derived;
}
