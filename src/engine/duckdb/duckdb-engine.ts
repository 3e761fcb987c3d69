import { compile, type CompiledQuery } from '../../sql/compile.ts';
import { compileRecords, readRecords } from '../../sql/compile-records.ts';
import type { CompileContext, EnrichmentState } from '../../sql/compile-context.ts';
import { duckdbWords } from '../../sql/dialects/duckdb/duckdb-words.ts';
import { toSql } from '../../sql/to-sql/to-sql.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { explainRegexError } from '../../sql/dialects/duckdb/duckdb-regex-error.ts';
import { duckdbRollups } from '../../sql/dialects/duckdb/duckdb-rollups.ts';
import { AnswerReader } from '../../sql/read-answer.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query, TimeRange } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import type { Rollup } from '../../sql/plan/rollup.ts';
import { resolveRange } from '../../model/time/range.ts';
import { isDerivedName } from '../../model/query/query-field.ts';
import { fieldsUsed } from '../../model/query/used-names.ts';
import type { FlowRange } from '../store-status.ts';
import type { Engine, RunOptions, SqlResult, SqlRunOptions } from '../engine.ts';
import type { EnrichmentUpdater } from './enrichment-updater.ts';
import { runSql } from './run-sql.ts';
import { countingDensely, densestBits } from './dense-counting.ts';
import { readStatement } from './execute-statement.ts';
import { addressDayRollup } from '../../sql/plan/usual-rollups.ts';
import { closedUntil } from './closed-days.ts';
import { fieldsWithoutNulls } from './fields-without-nulls.ts';
import { Ipv6LookUps } from './ipv6-look-ups.ts';
import { flowRange } from './status.ts';
import type { Store } from './store.ts';
import { estimateFlows } from '../estimate-flows.ts';
import { unknownColumns } from '../unknown-columns.ts';

/** How far the flows of one state of the store reach, about how many there are, and which fields all of them have. */
interface Extent {
  readonly revision: number;
  readonly range: FlowRange | null;
  readonly flows: number;
  readonly withoutNulls: ReadonlySet<string>;
  /** As `closedUntil`. */
  readonly closed: number;
}

/** Values of an answer to a query: more is refused, since it is held in memory as a whole. */
const MOST_CELLS = 1_500_000;

/** Answers from a store that this process holds. */
export class DuckDbEngine implements Engine {
  readonly kind = 'duckdb';
  readonly #store: Store;
  readonly #rollups: readonly Rollup[];
  readonly #enrichment: EnrichmentUpdater | null;
  readonly #range: FlowRange | null | undefined;
  readonly #lookUps = new Ipv6LookUps();
  #extent: Extent | null = null;

  /**
   * @param enrichment what derived fields are looked up in; null: they are null everywhere
   * @param rollups those that may answer; fewer than there are, to compare them
   * @param range how far the flows reach, where the store has only a part of them
   */
  constructor(
    store: Store,
    enrichment: EnrichmentUpdater | null = null,
    rollups: readonly Rollup[] = duckdbRollups,
    range?: FlowRange | null,
  ) {
    this.#store = store;
    this.#range = range;
    this.#enrichment = enrichment;
    this.#rollups = rollups;
  }

  async query(query: Query, options: RunOptions = {}): Promise<Answer> {
    const began = performance.now();
    const first = await this.#read(query, options, 'where needed');
    const reader = first.lacksText ? await this.#read(query, options, 'always') : first;
    const answer = reader.answer(performance.now() - began);
    this.#lookUps.note(query, answer);
    return answer;
  }

  #read(query: Query, options: RunOptions, lookUps: 'always' | 'where needed'): Promise<AnswerReader> {
    return this.#ask(
      query,
      fieldsUsed(query),
      (context) => {
        const waits = lookUps === 'where needed' && this.#lookUps.mayWait(query, context);
        return compile(query, waits ? { ...context, ipv6: false } : context, duckdb);
      },
      async (compiled) => {
        const answer = new AnswerReader(compiled);
        const most = Math.floor(MOST_CELLS / Math.max(1, compiled.columns.length));
        await this.#run(compiled, options, (rows) => answer.add(rows), most);
        return answer;
      },
    );
  }

  async records(request: RecordsRequest, options: RunOptions = {}): Promise<RecordsPage> {
    const began = performance.now();
    const names = [...request.filter.map(({ field }) => field), request.order.field];
    const { page, source } = await this.#ask(
      request,
      names,
      (context) => compileRecords(request, context, duckdb),
      async (compiled) => {
        const rows: (readonly unknown[])[] = [];
        await this.#run(compiled, options, (some) => rows.push(...some));
        return { page: readRecords(compiled, rows), source: compiled.source };
      },
    );
    return { ...page, stats: { ms: performance.now() - began, rows_scanned: page.rows.length, source } };
  }

  sql(text: string, options: SqlRunOptions = {}): Promise<SqlResult> {
    return runSql(this.#store, this.#enrichment, text, options);
  }

  /** The SELECT over the view `flows` that says the same as a query. */
  async toSql(query: Query): Promise<string> {
    return toSql(query, await this.#context(query.time, query.timezone), duckdbWords);
  }

  /** How many flows there may be within a time (null: all), if they are spread evenly. */
  async flowsWithin(time: TimeRange | null, timezone: string): Promise<number> {
    const { range, flows } = await this.#stored();
    return estimateFlows(flows, range, resolveRange(time, range?.newest ?? null, timezone));
  }

  /** Asked for once a revision: every query needs it. */
  async #stored(): Promise<Extent> {
    const { revision } = this.#store;
    if (this.#extent?.revision !== revision) {
      const [range, withoutNulls, [row], [days]] = await Promise.all([
        flowRange(this.#store),
        fieldsWithoutNulls(this.#store.database, this.#store.columns),
        this.#store.database.rows("SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'flow'"),
        this.#store.database.rows(closedUntil),
      ]);
      this.#extent = {
        revision,
        range,
        flows: Number(row?.[0] ?? 0),
        withoutNulls,
        closed: Number(days?.[0] ?? 0),
      };
    }
    return this.#extent;
  }

  async #context(
    time: TimeRange | null,
    timezone: string,
    enrichment?: EnrichmentState,
  ): Promise<CompileContext> {
    const stored = this.#range === undefined ? await this.#stored() : null;
    const range = stored === null ? (this.#range ?? null) : stored.range;
    return {
      range: resolveRange(time, range?.newest ?? null, timezone),
      columns: this.#store.columns.flow,
      rollups:
        stored === null
          ? this.#rollups
          : this.#rollups.map((one) => (one === addressDayRollup ? { ...one, until: stored.closed } : one)),
      ...(enrichment === undefined ? {} : { enrichment }),
      flowsFrom: this.#store.flowsFrom,
      unknownFields: unknownColumns(this.#store.columns.extra),
      ipv6: this.#store.hasIpv6,
      ...(stored === null ? {} : this.#counted(stored, time, timezone)),
      texts: this.#store.texts,
      extent: range === null ? null : { oldest: range.first, newest: range.last },
    };
  }

  /** What makes statements cheaper, of flows that are all in this store. */
  #counted(
    { range, flows, withoutNulls }: Extent,
    time: TimeRange | null,
    timezone: string,
  ): Partial<CompileContext> {
    const asked = resolveRange(time, range?.newest ?? null, timezone);
    return {
      withoutNulls,
      flows: estimateFlows(flows, range, asked),
      densestBits: densestBits(this.#store.options.memoryBytes),
    };
  }

  /**
   * Compiles and runs. Again if meanwhile came what the statement would not know: the first IPv6 address, a new field, the first flow
   * without a field, or, where any of the fields named needs enrichment, new addresses.
   */
  async #ask<C, T>(
    { time, timezone }: { readonly time: TimeRange | null; readonly timezone: string },
    names: readonly string[],
    compiling: (context: CompileContext) => C,
    run: (compiled: C) => Promise<T>,
  ): Promise<T> {
    const ask = async (enrichment?: EnrichmentState): Promise<T> => {
      const context = await this.#context(time, timezone, enrichment);
      const result = await run(compiling(context));
      return (await this.#isKnown(context)) ? result : ask(enrichment);
    };
    const updater = this.#enrichment;
    return updater === null || !names.some(isDerivedName) ? ask() : updater.whileCurrent(names, ask);
  }

  /** Whether flows that came meanwhile have nothing that a statement was not made for. */
  async #isKnown({ ipv6, columns, withoutNulls = new Set() }: CompileContext): Promise<boolean> {
    if (ipv6 !== this.#store.hasIpv6 || columns !== this.#store.columns.flow) return false;
    if (withoutNulls.size === 0 || this.#extent?.revision === this.#store.revision) return true;
    const now = (await this.#stored()).withoutNulls;
    return [...withoutNulls].every((name) => now.has(name));
  }

  async #run(
    {
      sql,
      params,
      denseBits = null,
    }: Pick<CompiledQuery, 'sql' | 'params'> & Partial<Pick<CompiledQuery, 'denseBits'>>,
    options: RunOptions,
    take: (rows: readonly (readonly unknown[])[]) => void,
    most?: number,
  ): Promise<void> {
    try {
      await this.#store.database.withConnection((connection) =>
        countingDensely(connection, denseBits, () =>
          readStatement(connection, sql, params, options, take, most),
        ),
      );
    } catch (error) {
      throw explainRegexError(error) ?? error;
    }
  }
}
