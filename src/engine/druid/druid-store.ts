import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyMark } from '../copy-contents.ts';
import { estimateFlows } from '../estimate-flows.ts';
import type { AccountCoverage } from '../../model/account-coverage.ts';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query, TimeRange } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import { resolveRange } from '../../model/time/range.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import type { CompactionReport } from '../compaction-report.ts';
import { DuckDbEngine } from '../duckdb/duckdb-engine.ts';
import { FindingTable } from '../duckdb/finding-table.ts';
import { addInventory, readInventory } from '../duckdb/inventory-tables.ts';
import { storeStatus } from '../duckdb/status.ts';
import { Store } from '../duckdb/store.ts';
import type { RunOptions, SqlResult, SqlRunOptions } from '../engine.ts';
import type { FlowStore, Statements } from '../flow-store.ts';
import type { FlowWriter, WriteBatch } from '../flow-writer.ts';
import type { HourSums } from '../sums-of-hour.ts';
import { isoSecond } from '../hour-stretches.ts';
import type { RetentionReport, RetentionRequest } from '../retention-request.ts';
import type { StoreOptions } from '../store-driver.ts';
import type { FlowRange, StoreStatus } from '../store-status.ts';
import type { ImportedInventory, StoredInventory } from '../stored-inventory.ts';
import { type SupervisorStatus, keptInFolder } from '../../model/engine-status.ts';
import type { Unsupported } from '../../model/store-schema.ts';
import { VisitQuestions } from '../visit-questions.ts';
import type { BatchWriter } from './batch-writer.ts';
import { type SegmentCounts, countSegments, waitingTasks } from './completeness.ts';
import { droppedFlows, hasRecordsBefore } from './cut-table.ts';
import { DruidServer } from './druid-server.ts';
import { checkFolder, markFolder } from './folder-owner.ts';
import { druidHourSums } from './druid-hour-sums.ts';
import { type MemoryShares, shareMemory } from './memory-shares.ts';
import { openWriter } from './open-writer.ts';
import { Questions } from './questions.ts';
import { retain } from './retention.ts';
import { supervisorStatus } from './supervisor-status.ts';
import { neverInDruid, unsupportedInDruid } from './unsupported.ts';
import { WriteTurns } from '../write-turns.ts';

/** Milliseconds in which a cluster must say how it is. */
const PATIENCE = 10_000;

/**
 * A store whose flows are in Druid, and all else in a file of DuckDB's in the store's folder: the ledger, sources,
 * quarantine, coverage, inventory, findings, visits. One process holds it, as it does a store of DuckDB's. Other processes, with
 * folders of their own, may fill the same data source, if they share a ledger (`openWriter`).
 */
export class DruidStore implements FlowStore {
  readonly kind = 'druid';
  readonly findings: FindingTable;
  readonly visits: VisitQuestions;
  readonly #server: DruidServer;
  readonly #store: Store;
  readonly #writer: BatchWriter;
  readonly #questions: Questions;
  readonly #turns = new WriteTurns();

  private constructor(server: DruidServer, store: Store, writer: BatchWriter, shares: MemoryShares) {
    this.#server = server;
    this.#store = store;
    this.#writer = writer;
    this.#questions = new Questions(
      server,
      store,
      shares,
      () => ({ revision: this.revision, seen: writer.seen }),
      () => writer.current(),
    );
    this.findings = new FindingTable(store);
    this.visits = new VisitQuestions({
      dialect: duckdb,
      revision: () => store.visitRevision,
      rows: (sql, params, options) => store.database.rows(sql, params, options),
    });
  }

  /** As `StoreDriver.open`. Throws `engine_unreachable`, `engine_refused`; `usage` where the data source is another's. */
  static async open(options: StoreOptions): Promise<DruidStore> {
    if (options.server === undefined)
      throw new PeepholeError('usage', 'Druid needs --engine-url, such as http://localhost:8888/peephole.');
    const server = new DruidServer(options.server);
    const shares = shareMemory(options.memoryBytes);
    const store = await Store.open({ ...options, memoryBytes: shares.ledger }, 'hours');
    try {
      if (!store.readOnly) await rm(join(options.folder, 'working'), { recursive: true, force: true });
      await checkFolder(store, server.datasource);
      const writer = await openWriter(server, store, options.server.kafka ?? null);
      await markFolder(store, server.datasource);
      return new DruidStore(server, store, writer, shares);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  readonly countsByLedger = true;
  readonly statusLasts = 2_000;

  get revision(): number {
    return this.#writer.revision;
  }

  get folder(): string {
    return this.#store.options.folder;
  }

  get readOnly(): boolean {
    return this.#store.readOnly;
  }

  get inventoryRevision(): number {
    return this.#store.inventoryRevision;
  }

  get generation(): number {
    return this.#store.generation;
  }

  get columns(): FlowStore['columns'] {
    return this.#store.columns;
  }

  get flowsFrom(): number {
    return 0;
  }

  get inputs(): FlowWriter['inputs'] {
    return this.#store.inputs;
  }

  get sources(): FlowWriter['sources'] {
    return this.#writer.sources;
  }

  get isAwaited(): boolean {
    return this.#turns.isAwaited;
  }

  get budget(): FlowWriter['budget'] {
    return this.#store.budget;
  }

  write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T> {
    return this.#exclusively(() => this.#writer.write(work));
  }

  /** Waits for its turn among the writes. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  useThreads(count: number): Promise<void> {
    return this.#store.useThreads(count);
  }

  settled(): Promise<void> {
    return this.#store.reopened();
  }

  query(query: Query, options: RunOptions = {}): Promise<Answer> {
    return this.#questions.query(query, options);
  }

  records(request: RecordsRequest, options: RunOptions = {}): Promise<RecordsPage> {
    return this.#questions.records(request, options);
  }

  sql(text: string, options: SqlRunOptions = {}): Promise<SqlResult> {
    return this.#questions.sql(text, options);
  }

  toSql(query: Query): Promise<string> {
    return new DuckDbEngine(this.#store).toSql(query);
  }

  async flowsWithin(time: TimeRange | null, timezone: string): Promise<number> {
    const [range, flows] = await Promise.all([this.flowRange(), this.#questions.flows()]);
    return estimateFlows(flows, range, resolveRange(time, range?.newest ?? null, timezone));
  }

  flowRange(): Promise<FlowRange | null> {
    return this.#questions.flowRange();
  }

  statements<T>(
    derived: readonly string[] | null,
    work: (statements: Statements) => Promise<T>,
    options: RunOptions = {},
  ): Promise<T> {
    return this.#questions.statements(derived, work, options);
  }

  enrichFrom(enrichment: () => Promise<Enrichment>): void {
    this.#questions.enrichment = enrichment;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }

  inventory(): Promise<StoredInventory> {
    return readInventory(this.#store);
  }

  async addInventory(imported: ImportedInventory): Promise<void> {
    await addInventory(this.#store, imported);
    this.#writer.refresh();
  }

  unsupported(flows: number): Unsupported {
    return unsupportedInDruid(flows);
  }

  /**
   * Bytes are those of the segments, once however many historicals have them, and of the folder here. While Druid can't reach all
   * flows, their range is known to the hour; while it does not answer, all is said that is known here.
   */
  async status(): Promise<StoreStatus> {
    // As `storeStatus`.
    const { revision } = this;
    const [status, { failure, segments, waiting, supervisor }, dropped, [counts]] = await Promise.all([
      storeStatus(this.#store),
      this.#clusterStatus(),
      droppedFlows(this.#store),
      this.#store.database.rows(
        `SELECT (SELECT coalesce(sum(flows), 0) FROM input), coalesce(sum(flows), 0), (SELECT count(*) FROM source_position WHERE starts_with(source, '${copyMark.prefix}') AND name = '${copyMark.name}' AND position = '${copyMark.begun}'), min(hour), max(hour) FROM logged_hour WHERE flows > 0`,
      ),
    ]);
    const [taken = 0, timed = 0, copies = 0, first, last] = (counts ?? []).map(Number);
    const flows = taken - dropped;
    const copying = copies > 0;
    const range = await this.flowRange().catch((error: unknown) => {
      if (!(error instanceof PeepholeError) || error.code !== 'engine_unreachable') throw error;
      return timed === 0 || first === undefined || last === undefined
        ? null
        : { first: first * 3600, last: last * 3600 + 3599, newest: last * 3600 + 3599 };
    });
    return {
      ...status,
      revision,
      flows,
      raw_flows: flows,
      // A copy brings the ledger first.
      untimed_flows: copying ? 0 : flows - timed,
      range: range === null ? null : { from: isoSecond(range.first), to: isoSecond(range.last + 1) },
      newest: range === null ? null : isoSecond(range.newest + 1),
      bytes: status.bytes + (segments?.bytes ?? 0),
      engine: {
        kind: this.kind,
        where: this.#server.where,
        failure,
        segments:
          segments === null
            ? null
            : { total: segments.segments, unavailable: segments.unavailable, in_tasks: segments.inTasks },
        waiting_tasks: waiting,
        rollup_failure: this.#server.rollupFailure,
        supervisor,
        ledger: this.#writer.ledger,
        copying,
        // Without a shared ledger no other process can use the data source.
        only_here: this.#writer.ledger === null ? [] : ['inventory', 'states of findings', ...keptInFolder],
        unsupported: unsupportedInDruid(flows),
      },
    };
  }

  /** What the cluster says of itself, or why it does not. */
  async #clusterStatus(): Promise<{
    readonly failure: string | null;
    readonly segments: SegmentCounts | null;
    readonly waiting: number;
    readonly supervisor: SupervisorStatus | null;
  }> {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const [segments, waiting, supervisor] = await Promise.all([
        countSegments(this.#server, { signal }),
        waitingTasks(this.#server, { signal }),
        supervisorStatus(this.#server),
      ]);
      return { failure: null, segments, waiting, supervisor };
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      return { failure, segments: null, waiting: 0, supervisor: null };
    }
  }

  hourSums(): Promise<ReadonlyMap<string, HourSums>> {
    return druidHourSums((query) => this.#questions.queryFlows(query, {}), this.#store);
  }

  accountCoverage(options: RunOptions = {}): Promise<AccountCoverage> {
    return this.#questions.accountCoverage(options);
  }

  retain(request: RetentionRequest): Promise<RetentionReport> {
    const store = {
      writer: this.#writer,
      exclusively: <T>(work: () => Promise<T>) => this.#exclusively(work),
      status: () => this.status(),
      newest: (second: number) => this.#questions.newest(second),
      knowsOf: (before: number) => hasRecordsBefore(this.#store, before),
    };
    return retain(this.#server, store, request);
  }

  async compact(): Promise<CompactionReport> {
    throw new PeepholeError('not_supported', neverInDruid.compact);
  }

  async needsCompaction(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {
    await this.#turns.ended();
    await this.#questions.close();
    await this.#writer.close();
    await this.#store.close();
  }
}
