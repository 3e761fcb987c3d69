import type { AccountCoverage } from '../../model/account-coverage.ts';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { PeepholeError, throwIfAborted } from '../../model/errors.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { HAS_START, START_SECOND, quote } from '../../sql/dialects/druid/druid-layout.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import { accountCoverage } from '../duckdb/read-account-coverage.ts';
import { copySnapshot } from '../duckdb/copy-store.ts';
import { DuckDbEngine } from '../duckdb/duckdb-engine.ts';
import { EnrichmentUpdater } from '../duckdb/enrichment-updater.ts';
import { runStatement } from '../duckdb/execute-statement.ts';
import type { Store } from '../duckdb/store.ts';
import type { RunOptions, SqlResult, SqlRows, SqlRunOptions } from '../engine.ts';
import type { Statements } from '../flow-store.ts';
import type { FlowRange } from '../store-status.ts';
import { checkComplete } from './completeness.ts';
import type { DruidServer } from './druid-server.ts';
import { fetchRows, fieldsOf, needsApart } from './fetch-rows.ts';
import {
  type NeededRows,
  type StoredFlows,
  alikeFlows,
  allRows,
  hourlyRows,
  rowsForQuery,
  rowsForRecords,
  visible,
} from './needed-rows.ts';
import { pageOf, sortedRows } from './page-of-rows.ts';
import type { Row } from './read-lines.ts';
import { SharedValue } from './shared-value.ts';
import { answerTop } from './top-answer.ts';
import { type TopValues, rankingOf, topRows } from './top-rows.ts';
import { tooManyFlows } from './unsupported.ts';
import { WorkingStore } from './working-store.ts';

/** What a question is asked of: a revision of the store, and the batches that are not in it. */
interface Moment {
  readonly revision: number;
  readonly hidden: readonly string[];
}

/** What is known of the store at a moment. */
interface Known extends StoredFlows {
  /** A file with all but flows. */
  readonly base: string;
  readonly flows: number;
}

/** An answer is worked out again so often because batches came meanwhile. */
const TRIES = 3;

/** Hours back from now on for which accounts with logs are listed (`duckdb/read-account-coverage.ts`). */
const COVERED_HOURS = 35 * 24;

/**
 * Answers questions about flows in Druid: Druid finds, counts and adds up the rows that a question needs, which come into a
 * store of DuckDB's that is made for it, where the rest is worked out as in any other store.
 */
export class Questions {
  enrichment: (() => Promise<Enrichment>) | null = null;
  readonly #server: DruidServer;
  readonly #store: Store;
  readonly #moment: () => Moment;
  readonly #known: SharedValue<Known>;
  readonly #whole: SharedValue<WorkingStore>;

  constructor(server: DruidServer, store: Store, moment: () => Moment) {
    this.#server = server;
    this.#store = store;
    this.#moment = moment;
    this.#known = new SharedValue(
      () => this.#learn(),
      async () => undefined,
    );
    this.#whole = new SharedValue(
      async () => {
        const known = await this.#now();
        const many = tooManyFlows(known.flows);
        if (many !== null) throw new PeepholeError('too_large', many);
        return this.#work(known, allRows(known), {});
      },
      (working) => working.close(),
    );
  }

  query(query: Query, options: RunOptions): Promise<Answer> {
    return this.#atOneMoment(() => this.#answer(query, options), options);
  }

  records(request: RecordsRequest, options: RunOptions): Promise<RecordsPage> {
    return this.#atOneMoment(() => this.#page(request, options), options);
  }

  /** Does work again if a batch began or ended meanwhile: of one that began, a part could be seen, or be more than is known of. */
  async #atOneMoment<T>(work: () => Promise<T>, { signal }: RunOptions): Promise<T> {
    for (let tries = 1; ; tries++) {
      const key = this.#key();
      const isLast = (): boolean => tries === TRIES || signal?.aborted === true || key === this.#key();
      try {
        const result = await work();
        if (isLast()) return result;
      } catch (error) {
        if (isLast()) throw error;
      }
    }
  }

  async #answer(query: Query, options: RunOptions): Promise<Answer> {
    const began = performance.now();
    const known = await this.#now();
    const divided = rowsForQuery(query, known);
    const { rows, left } = divided;
    const ranking = rankingOf(divided, known);
    let top: TopValues | null = null;
    const pieces = (apart: boolean): AsyncIterable<readonly Row[]> =>
      ranking === null
        ? fetchRows(this.#server, rows, options, apart)
        : topRows(this.#server, rows, ranking, (found) => (top = found), options, apart);
    const working = await this.#work(known, rows, options, pieces);
    try {
      const engine = this.#engine(working, !rows.each && known.flows > 0);
      const ask = (one: Query): Promise<Answer> => engine.query(one, options);
      const answer = await (top === null ? ask(left) : answerTop(left, top, ask));
      return {
        ...answer,
        stats: { ...answer.stats, ms: performance.now() - began, source: this.#server.datasource },
      };
    } finally {
      await working.close();
    }
  }

  async #page(request: RecordsRequest, options: RunOptions): Promise<RecordsPage> {
    const began = performance.now();
    const known = await this.#now();
    const { rows, range, exact } = rowsForRecords(request.time, request.timezone, request.filter, known);
    const { order, offset, limit } = request;
    const asked = {
      ...request,
      ...(range === null ? {} : { time: { kind: 'absolute' as const, ...range } }),
    };
    const byStart = exact && fieldOf(order.field).name === 'start';
    let more = false;
    const pieces = async function* (this: Questions): AsyncGenerator<readonly Row[]> {
      if (!byStart) {
        yield await sortedRows(this.#server, rows, options);
        return;
      }
      const page = await pageOf(
        this.#server,
        rows,
        { order: order.order, offset, limit: limit + 1 },
        options,
      );
      // One more says whether there are more; which of those of one start it is, DuckDB would see otherwise.
      more = page.length > limit;
      yield page.slice(0, limit);
    };
    const working = await this.#work(known, rows, options, () => pieces.call(this));
    try {
      const found = await this.#engine(working, false).records(
        byStart ? { ...asked, offset: 0 } : asked,
        options,
      );
      return {
        ...found,
        more: byStart ? more : found.more,
        stats: { ...found.stats, ms: performance.now() - began, source: this.#server.datasource },
      };
    } finally {
      await working.close();
    }
  }

  /** One SELECT over all flows. */
  async sql(text: string, options: SqlRunOptions): Promise<SqlResult> {
    const lent = await this.#whole.lend(this.#key());
    try {
      const result = await this.#engine(lent.value, false).sql(text, options);
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
    const { value, giveBack } = await this.#whole.lend(this.#key());
    try {
      const { store } = value;
      const lend = (enrichment?: Statements['enrichment']): Promise<T> =>
        store.database.withConnection((connection) =>
          work({
            dialect: duckdb,
            run: (sql, params = []) => runStatement(connection, sql, params, options),
            ...(enrichment === undefined ? {} : { enrichment }),
          }),
        );
      const updater = derived === null ? null : this.#updater(value);
      return await (derived === null || updater === null ? lend() : updater.whileCurrent(derived, lend));
    } finally {
      await giveBack();
    }
  }

  async accountCoverage(options: RunOptions): Promise<AccountCoverage> {
    const known = await this.#now();
    const [newest] = await this.#store.database.rows(
      'SELECT max(hour) FROM logged_hour WHERE flows + nodata + skipdata > 0',
    );
    const first = Math.max(0, Number(newest?.[0] ?? 0) + 1 - COVERED_HOURS);
    const names = ['account_id', 'region'].filter((name) => known.columns.has(name));
    const rows = hourlyRows(names, first, known);
    const working = await this.#work(known, rows, options);
    try {
      if (working.store.columns.flow.has('flows')) await working.sumHours(names);
      return await accountCoverage(working.store, options);
    } finally {
      await working.close();
    }
  }

  /** The first and the last start of any flow. */
  async flowRange(): Promise<FlowRange | null> {
    return (await this.#now()).range;
  }

  /** How many flows there are. */
  async flows(): Promise<number> {
    return (await this.#now()).flows;
  }

  async close(): Promise<void> {
    await this.#whole.close();
    await this.#known.close();
  }

  #key(): string {
    const { revision, hidden } = this.#moment();
    return [revision, ...hidden].join(' ');
  }

  /** What is known of the store now. */
  async #now(): Promise<Known> {
    const { value, giveBack } = await this.#known.lend(this.#key());
    await giveBack();
    return value;
  }

  async #learn(): Promise<Known> {
    const { revision, hidden } = this.#moment();
    const base = `${this.#store.options.folder}/base-${revision % 2}.duckdb`;
    await copySnapshot(this.#store, base);
    const [row] = await this.#store.database.rows('SELECT coalesce(sum(flows), 0) FROM input');
    const flows = Number(row?.[0] ?? 0);
    const { columns } = this.#store;
    return {
      base,
      flows,
      hidden,
      columns: flows === 0 ? new Set() : new Set(columns.flow),
      range: flows === 0 ? null : await this.#rangeOf(hidden),
    };
  }

  async #rangeOf(hidden: readonly string[]): Promise<FlowRange | null> {
    const texts: string[] = [];
    const seen = visible(hidden, (text) => {
      texts.push(text);
      return '?';
    });
    const [row] = await this.#server.rows(
      `SELECT MIN(${START_SECOND}), MAX(${START_SECOND}) FROM ${quote(this.#server.datasource)} WHERE ${[...seen, HAS_START].join(' AND ')}`,
      texts,
    );
    return row?.[0] === null || row?.[0] === undefined
      ? null
      : { first: Number(row[0]), last: Number(row[1]) };
  }

  /** A working store with the rows that a question needs. @param pieces those rows, if they come another way; `apart` as of `fetchRows` */
  async #work(
    known: Known,
    rows: NeededRows,
    options: RunOptions,
    pieces = (apart: boolean): AsyncIterable<readonly Row[]> => fetchRows(this.#server, rows, options, apart),
  ): Promise<WorkingStore> {
    const working = await WorkingStore.make(known.base, this.#store.options);
    try {
      if (known.flows > 0) {
        // Before and after: what was missing only in between would not be seen by one look.
        const before = checkComplete(this.#server, known.hidden, known.flows, options);
        before.catch(() => undefined);
        const fill = (apart: boolean): Promise<void> => working.fill(fieldsOf(rows), pieces(apart));
        await fill(false)
          .catch((error: unknown) => {
            if (needsApart(error)) return fill(true);
            throw error;
          })
          .catch(async (error: unknown) => {
            // What is missing says more than what went wrong by that.
            await before;
            throw error;
          });
        await before;
        await checkComplete(this.#server, known.hidden, known.flows, options);
      }
      return working;
    } catch (error) {
      await working.close();
      throw error;
    }
  }

  #engine(working: WorkingStore, alike: boolean): DuckDbEngine {
    return new DuckDbEngine(working.store, this.#updater(working), alike ? [alikeFlows] : []);
  }

  #updater({ store }: WorkingStore): EnrichmentUpdater | null {
    return this.enrichment === null ? null : new EnrichmentUpdater(store, this.enrichment);
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
