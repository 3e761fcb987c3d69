import type { AccountCoverage } from '../../model/account-coverage.ts';
import type { Unsupported } from '../../model/store-schema.ts';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query, TimeRange } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import type { CompactionReport } from '../compaction-report.ts';
import type { RunOptions, SqlResult, SqlRunOptions } from '../engine.ts';
import type { FlowStore, Statements } from '../flow-store.ts';
import type { FlowWriter, WriteBatch } from '../flow-writer.ts';
import type { RetentionReport, RetentionRequest } from '../retention-request.ts';
import type { StoreOptions } from '../store-driver.ts';
import type { FlowRange, StoreStatus } from '../store-status.ts';
import type { ImportedInventory, StoredInventory } from '../stored-inventory.ts';
import { refuseFlowsElsewhere } from './flows-elsewhere.ts';
import { accountCoverage } from './read-account-coverage.ts';
import { compact, needsCompaction } from './compaction.ts';
import { DuckDbContents } from './contents.ts';
import { DuckDbEngine } from './duckdb-engine.ts';
import { addInventory, readInventory } from './inventory-tables.ts';
import { EnrichmentUpdater } from './enrichment-updater.ts';
import { FindingTable } from './finding-table.ts';
import { retain } from './retention.ts';
import { numberCells } from './chunk-rows.ts';
import { runStatement } from './execute-statement.ts';
import { flowRange, storeStatus } from './status.ts';
import { Store } from './store.ts';
import { VisitQuestions } from '../visit-questions.ts';

/** A store in a file of DuckDB's, which this process holds. */
export class DuckDbStore implements FlowStore {
  readonly kind = 'duckdb';
  readonly findings: FindingTable;
  readonly visits: VisitQuestions;
  readonly contents: DuckDbContents;
  readonly #store: Store;
  #enrichment: EnrichmentUpdater | null = null;
  #engine: DuckDbEngine;

  private constructor(store: Store) {
    this.#store = store;
    this.findings = new FindingTable(store);
    this.contents = new DuckDbContents(store);
    this.visits = new VisitQuestions({
      dialect: duckdb,
      revision: () => store.visitRevision,
      rows: (sql, params, options) => store.database.rows(sql, params, options),
    });
    this.#engine = new DuckDbEngine(store);
  }

  /** As `StoreDriver.open`. */
  static async open(options: StoreOptions): Promise<DuckDbStore> {
    const store = await Store.open(options);
    try {
      await refuseFlowsElsewhere(store);
      return new DuckDbStore(store);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get folder(): string {
    return this.#store.options.folder;
  }

  get readOnly(): boolean {
    return this.#store.readOnly;
  }

  get revision(): number {
    return this.#store.revision;
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
    return this.#store.flowsFrom;
  }

  get inputs(): FlowWriter['inputs'] {
    return this.#store.inputs;
  }

  get sources(): FlowWriter['sources'] {
    return this.#store.sources;
  }

  get isAwaited(): boolean {
    return this.#store.isAwaited;
  }

  get budget(): FlowWriter['budget'] {
    return this.#store.budget;
  }

  write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T> {
    return this.#store.write(work);
  }

  useThreads(count: number): Promise<void> {
    return this.#store.useThreads(count);
  }

  settled(): Promise<void> {
    return this.#store.reopened();
  }

  query(query: Query, options?: RunOptions): Promise<Answer> {
    return this.#engine.query(query, options);
  }

  records(request: RecordsRequest, options?: RunOptions): Promise<RecordsPage> {
    return this.#engine.records(request, options);
  }

  sql(text: string, options?: SqlRunOptions): Promise<SqlResult> {
    return this.#engine.sql(text, options);
  }

  toSql(query: Query): Promise<string> {
    return this.#engine.toSql(query);
  }

  flowsWithin(time: TimeRange | null, timezone: string): Promise<number> {
    return this.#engine.flowsWithin(time, timezone);
  }

  flowRange(): Promise<FlowRange | null> {
    return flowRange(this.#store);
  }

  statements<T>(
    derived: readonly string[] | null,
    work: (statements: Statements) => Promise<T>,
    options: RunOptions = {},
  ): Promise<T> {
    const lend = (enrichment?: EnrichmentState): Promise<T> =>
      this.#store.database.withConnection((connection) =>
        work({
          dialect: duckdb,
          run: (sql, params = []) => runStatement(connection, sql, params, options, numberCells),
          ...(enrichment === undefined ? {} : { enrichment }),
        }),
      );
    const updater = this.#enrichment;
    return derived === null || updater === null ? lend() : updater.whileCurrent(derived, lend);
  }

  enrichFrom(enrichment: () => Promise<Enrichment>): void {
    this.#enrichment = new EnrichmentUpdater(this.#store, enrichment);
    this.#engine = new DuckDbEngine(this.#store, this.#enrichment);
  }

  async prepare(signal: AbortSignal): Promise<void> {
    await this.#enrichment?.prepare(signal);
  }

  inventory(): Promise<StoredInventory> {
    return readInventory(this.#store);
  }

  addInventory(imported: ImportedInventory): Promise<void> {
    return addInventory(this.#store, imported);
  }

  unsupported(): Unsupported {
    return {};
  }

  status(): Promise<StoreStatus> {
    return storeStatus(this.#store);
  }

  accountCoverage(options: RunOptions = {}): Promise<AccountCoverage> {
    return accountCoverage(this.#store, options);
  }

  retain(request: RetentionRequest): Promise<RetentionReport> {
    return retain(this.#store, request);
  }

  compact(): Promise<CompactionReport> {
    return compact(this.#store);
  }

  needsCompaction(): Promise<boolean> {
    return needsCompaction(this.#store);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
