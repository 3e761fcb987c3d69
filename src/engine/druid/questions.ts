import { rm } from 'node:fs/promises';
import type { AccountCoverage } from '../../model/account-coverage.ts';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { PeepholeError, throwIfAborted } from '../../model/errors.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { storedFields } from '../../sql/dialects/druid/druid-layout.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { RunStatement } from '../../sql/run-statement.ts';
import { accountCoverage } from '../duckdb/read-account-coverage.ts';
import { DuckDbEngine } from '../duckdb/duckdb-engine.ts';
import { EnrichmentUpdater } from '../duckdb/enrichment-updater.ts';
import { numberCells } from '../duckdb/chunk-rows.ts';
import { runStatement } from '../duckdb/execute-statement.ts';
import type { Store } from '../duckdb/store.ts';
import type { RunOptions, SqlResult, SqlRows, SqlRunOptions } from '../engine.ts';
import type { Statements } from '../flow-store.ts';
import type { StoreOptions } from '../store-driver.ts';
import type { FlowRange } from '../store-status.ts';
import { addUpExactly, answerRows, isPlain } from './answer-rows.ts';
import { begunEarly } from './begun-early.ts';
import { withCause } from './completeness.ts';
import type { DruidServer } from './druid-server.ts';
import { fetchRows, fieldsOf } from './fetch-rows.ts';
import { type FetchPieces, fetching } from './fetching.ts';
import { FetchedFlows } from './fetched-flows.ts';
import { DruidFetcher } from './flow-fetcher.ts';
import { type FewRows, fewRows, inPieces } from './few-rows.ts';
import { type Known, type Moment, learn, newestStart } from './known.ts';
import type { MemoryShares } from './memory-shares.ts';
import {
  type NeededRows,
  alikeFlows,
  allRows,
  hourlyRows,
  rowsForQuery,
  rowsForRecords,
  tellsWhoBegan,
} from './needed-rows.ts';
import { pageOf, sortedRows } from './page-of-rows.ts';
import type { Row } from './read-lines.ts';
import { ReadyStores } from './ready-stores.ts';
import { SharedValue } from './shared-value.ts';
import { answerTop } from './top-answer.ts';
import { type TopValues, rankingOf } from './ranking.ts';
import { topRows } from './top-rows.ts';
import { tooManyFlows } from './unsupported.ts';
import { WorkingStore } from './working-store.ts';

/** Hours back from now on for which accounts with logs are listed (`duckdb/read-account-coverage.ts`). */
const COVERED_HOURS = 35 * 24;
/** Codes of what a question fails with whose flows are dropped while it is answered. */
const DROPPED: ReadonlySet<string> = new Set(['engine_unreachable', 'engine_failed']);

/** So many rows are worked out without a store of DuckDB's. */
const MOST_FEW = 50_000;

/**
 * Answers questions about flows in Druid: Druid finds, counts and adds up the rows that a question needs, which come into a
 * store of DuckDB's that is made for it, where the rest is worked out as in any other store.
 */
export class Questions {
  enrichment: (() => Promise<Enrichment>) | null = null;
  readonly #server: DruidServer;
  readonly #store: Store;
  readonly #moment: () => Moment;
  readonly #current: () => Promise<void>;
  readonly #known: SharedValue<Known>;
  readonly #whole: SharedValue<WorkingStore>;
  readonly #stores: ReadyStores;
  readonly #shares: MemoryShares;
  #bases = 0;

  /** @param current resolves once all is known that others dropped before */
  constructor(
    server: DruidServer,
    store: Store,
    shares: MemoryShares,
    moment: () => Moment,
    current: () => Promise<void>,
  ) {
    this.#server = server;
    this.#store = store;
    this.#moment = moment;
    this.#current = current;
    this.#shares = shares;
    this.#stores = new ReadyStores(
      (base) => WorkingStore.make(base, this.#within(shares.question), 'bare rows'),
      shares.questions,
    );
    this.#known = new SharedValue(
      () => learn(server, store, moment, `base-${this.#bases++}.duckdb`),
      ({ base }) => rm(base, { force: true }),
    );
    this.#whole = new SharedValue(
      () =>
        this.#knowing((known) => {
          const many = tooManyFlows(known.flows);
          if (many !== null) throw new PeepholeError('too_large', many);
          return this.#work(known, allRows(known), {}, { memory: shares.whole, parts: 'rows' });
        }),
      (working) => working.close(),
    );
  }

  query(query: Query, options: RunOptions): Promise<Answer> {
    return this.#knowing((known) => this.#answer(query, known, options));
  }

  /** As `query`, from the flows alone, whatever the rollup has. */
  queryFlows(query: Query, options: RunOptions): Promise<Answer> {
    return this.#knowing((known) => this.#answer(query, { ...known, rollup: null }, options));
  }

  records(request: RecordsRequest, options: RunOptions): Promise<RecordsPage> {
    return this.#knowing((known) => this.#page(request, known, options));
  }

  async #answer(query: Query, known: Known, options: RunOptions): Promise<Answer> {
    const began = performance.now();
    const divided = rowsForQuery(query, known);
    const { rows, left } = divided;
    let top: TopValues | null = null;
    let { table } = rows;
    const pieces: FetchPieces = (from, way) => {
      ({ table } = from);
      const ranking = way === null ? rankingOf({ ...divided, rows: from }, known) : null;
      return ranking === null
        ? fetchRows(this.#server, from, options, way ?? 'whole')
        : topRows(this.#server, from, ranking, (found) => (top = found), options);
    };
    const answered = async (ask: (one: Query) => Promise<Answer>): Promise<Answer> => {
      const answer = await (top === null ? ask(left) : answerTop(left, top, ask));
      return {
        ...answer,
        stats: { ...answer.stats, ms: performance.now() - began, source: table.source },
      };
    };
    let few: FewRows | null = null;
    if (known.flows > 0 && isPlain(divided)) {
      const fetched = fetching(rows, known, pieces, pieces(rows, null), (some) => fewRows(some, MOST_FEW));
      const { rows: all, more } = (few = await withCause(fetched, this.#server, options));
      if (more === null && addUpExactly(divided, all))
        return answered(async (one) => answerRows(one, divided, all, table.source));
    }
    const onwards: FetchPieces = (from, way) =>
      few === null || way !== null ? pieces(from, way) : inPieces(few);
    const working = await this.#work(known, rows, options, 'some', onwards);
    try {
      const engine = this.#engine(working, known, !rows.each && known.flows > 0);
      return await answered((one) => engine.query(one, options));
    } finally {
      this.#stores.giveBack(working, known.base);
    }
  }

  async #page(request: RecordsRequest, known: Known, options: RunOptions): Promise<RecordsPage> {
    const began = performance.now();
    const { rows, range, exact } = rowsForRecords(request.time, request.timezone, request.filter, known);
    const { order, offset, limit } = request;
    const asked = {
      ...request,
      ...(range === null ? {} : { time: { kind: 'absolute' as const, ...range } }),
    };
    const by = fieldOf(order.field);
    const byStart = exact && by.name === 'start';
    const reach = { order: order.order, offset, limit: limit + 1 };
    let more = false;
    const pieces = async function* (this: Questions): AsyncGenerator<readonly Row[]> {
      if (!byStart) {
        const isCounted =
          exact && known.columns.has(by.name) && storedFields.some(({ name }) => name === by.name);
        yield await sortedRows(this.#server, rows, isCounted ? by : null, reach, options);
        return;
      }
      const page = await pageOf(this.#server, rows, reach, options);
      // One more says whether there are more; which of those of one start it is, DuckDB would see otherwise.
      more = page.length > limit;
      yield page.slice(0, limit);
    };
    const working = await this.#work(known, rows, options, 'some', () => pieces.call(this));
    try {
      const found = await this.#engine(working, known, false).records(
        byStart ? { ...asked, offset: 0 } : asked,
        options,
      );
      return {
        ...found,
        more: byStart ? more : found.more,
        stats: { ...found.stats, ms: performance.now() - began, source: this.#server.datasource },
      };
    } finally {
      this.#stores.giveBack(working, known.base);
    }
  }

  /** One SELECT over all flows. */
  async sql(text: string, options: SqlRunOptions): Promise<SqlResult> {
    const lent = await this.#whole.lend(this.#key());
    try {
      const engine = new DuckDbEngine(lent.value.store, this.#updater(lent.value, 'flow_hour'));
      const result = await engine.sql(text, options);
      return {
        columns: result.columns,
        batches: untilEnd(result, lent.giveBack),
        close: async () => {
          await result.close();
          await lent.giveBack();
        },
      };
    } catch (error) {
      await lent.giveBack();
      throw error;
    }
  }

  async statements<T>(
    derived: readonly string[] | null,
    work: (statements: Statements) => Promise<T>,
    options: RunOptions,
  ): Promise<T> {
    throwIfAborted(options.signal);
    return this.#knowing((known) =>
      this.#stores.within(() => this.#statementsOnNeeded(derived, work, known, options), options.signal),
    );
  }

  /** Statements in a store that is made for them, into which comes what they need. */
  async #statementsOnNeeded<T>(
    derived: readonly string[] | null,
    work: (statements: Statements) => Promise<T>,
    known: Known,
    options: RunOptions,
  ): Promise<T> {
    const working = await WorkingStore.make(known.base, this.#within(this.#shares.question), 'bare rows');
    try {
      return await working.store.database.withConnection(async (connection) => {
        const run: RunStatement = (sql, params = []) =>
          runStatement(connection, sql, params, options, numberCells);
        const fetcher = new DruidFetcher(this.#server, known, working, run, options);
        const fetched = new FetchedFlows(duckdb, this.#server.datasource, fetcher);
        const session: Statements = {
          dialect: fetched.dialect,
          run: (sql, params) => fetched.run(sql, () => run(sql, params)),
        };
        const { enrichment } = this;
        if (derived === null || enrichment === null) return work(session);
        const open = derived.some(tellsWhoBegan) ? await fetcher.fetchOpen() : null;
        for (;;) {
          const { shares } = fetched;
          const updater = new EnrichmentUpdater(working.store, enrichment, fetcher.addresses ?? 'flow', open);
          // Not `whileCurrent`: what is fetched meanwhile is written, for which work inside a write would wait forever.
          const state = await updater.current(derived);
          const result = await work({ ...session, enrichment: state });
          // Of addresses that came meanwhile it knew nothing.
          if (fetched.shares === shares) return result;
        }
      });
    } finally {
      await working.close();
    }
  }

  accountCoverage(options: RunOptions): Promise<AccountCoverage> {
    return this.#knowing((known) => this.#coverage(known, options));
  }

  async #coverage(known: Known, options: RunOptions): Promise<AccountCoverage> {
    const [newest] = await this.#store.database.rows(
      'SELECT max(hour) FROM logged_hour WHERE flows + nodata + skipdata > 0',
    );
    const first = Math.max(0, Number(newest?.[0] ?? 0) + 1 - COVERED_HOURS);
    const names = ['account_id', 'region'].filter((name) => known.columns.has(name));
    const rows = hourlyRows(names, first, known);
    return this.#stores.within(async () => {
      // The rollup is made of the sums below, not of a row for each.
      const own = { memory: this.#shares.question, parts: 'bare rows' } as const;
      const working = await this.#work(known, rows, options, own);
      try {
        if (known.flows > 0) await working.sumHours(names);
        return await accountCoverage(working.store, options);
      } finally {
        await working.close();
      }
    }, options.signal);
  }

  /** The first and the last start of any flow. */
  flowRange(): Promise<FlowRange | null> {
    return this.#knowing(({ range }) => range);
  }

  /** The newest start in an hour that is over by some second; null: there is none. */
  newest(second: number): Promise<number | null> {
    return this.#knowing((known) => newestStart(this.#server, known, second));
  }

  /** How many flows there are. */
  flows(): Promise<number> {
    return this.#knowing(({ flows }) => flows);
  }

  async close(): Promise<void> {
    await this.#whole.close();
    await this.#known.close();
    await this.#stores.close();
  }

  #within(memoryBytes: number): StoreOptions {
    return { ...this.#store.options, memoryBytes };
  }

  /** What batches bring that begin later is not seen: what is known is good until one is committed. */
  #key(): string {
    return String(this.#moment().revision);
  }

  /** Works with what is known of the store now; again where flows were dropped meanwhile that it was about. */
  async #knowing<T>(work: (known: Known) => T | Promise<T>): Promise<T> {
    for (;;) {
      const { cuts } = this.#moment().seen;
      try {
        const { value, giveBack } = await this.#known.lend(this.#key());
        try {
          return await work(value);
        } finally {
          await giveBack();
        }
      } catch (error) {
        if (!(error instanceof PeepholeError) || !DROPPED.has(error.code)) throw error;
        // Another process may have dropped them, of which this one has not heard.
        await this.#current().catch(() => undefined);
        if (this.#moment().seen.cuts === cuts) throw error;
      }
    }
  }

  /**
   * A working store with the rows that a question needs.
   *
   * @param which `some`: one of `#stores`, to be given back there; else one of its own, with so many bytes of memory
   * @param pieces those rows, if others than `fetchRows` bring them
   */
  async #work(
    known: Known,
    rows: NeededRows,
    options: RunOptions,
    which: 'some' | { readonly memory: number; readonly parts: 'rows' | 'bare rows' },
    pieces: FetchPieces = (from, way) => fetchRows(this.#server, from, options, way ?? 'whole'),
  ): Promise<WorkingStore> {
    const take = (): Promise<WorkingStore> =>
      which === 'some'
        ? this.#stores.take(known.base, options.signal)
        : WorkingStore.make(known.base, this.#within(which.memory), which.parts);
    if (known.flows === 0) return take();
    const coming = begunEarly(pieces(rows, null));
    let working: WorkingStore | null = null;
    try {
      const taken = await take();
      working = taken;
      const filled = fetching(rows, known, pieces, coming.pieces, (some) => taken.fill(fieldsOf(rows), some));
      await withCause(filled, this.#server, options);
      return taken;
    } catch (error) {
      coming.giveUp();
      if (working !== null && which === 'some') this.#stores.giveBack(working, known.base);
      else await working?.close();
      throw error;
    }
  }

  #engine(working: WorkingStore, { range }: Known, alike: boolean): DuckDbEngine {
    const rollups = alike ? [alikeFlows] : [];
    return new DuckDbEngine(working.store, this.#updater(working, 'flow'), rollups, range);
  }

  /** @param table that has the addresses of all rows in the store */
  #updater(working: WorkingStore, table: 'flow' | 'flow_hour'): EnrichmentUpdater | null {
    return this.enrichment === null ? null : working.updater(this.enrichment, table);
  }
}

/** The batches of a result, after the last of which what it was made of is given back. */
async function* untilEnd({ batches }: SqlResult, giveBack: () => Promise<void>): AsyncGenerator<SqlRows> {
  try {
    yield* batches;
  } finally {
    await giveBack();
  }
}
