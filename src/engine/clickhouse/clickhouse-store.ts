import { randomBytes } from 'node:crypto';
import { makeFolder } from '../../system/make-folder.ts';
import type { AccountCoverage } from '../../model/account-coverage.ts';
import type { Unsupported } from '../../model/store-schema.ts';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query, TimeRange } from '../../model/query/query.ts';
import type { RecordsPage } from '../../model/query/records-page.ts';
import type { RecordsRequest } from '../../model/query/records-request.ts';
import { makeFolderPrivate } from '../../system/private-folder.ts';
import { takeLock, type ProcessLock } from '../../system/process-lock.ts';
import { socketPath } from '../../system/socket-path.ts';
import { clickhouse } from '../../sql/dialects/clickhouse/clickhouse-dialect.ts';
import type { CompactionReport } from '../compaction-report.ts';
import type { RunOptions, SqlResult, SqlRunOptions } from '../engine.ts';
import type { FlowStore, Statements } from '../flow-store.ts';
import type { FlowWriter, WriteBatch } from '../flow-writer.ts';
import { InputRegister, InputsTaken } from '../input-register.ts';
import type { RetentionReport, RetentionRequest } from '../retention-request.ts';
import { StoreInUse, type StoreOptions } from '../store-driver.ts';
import type { FlowRange, StoreStatus } from '../store-status.ts';
import type { ImportedInventory, StoredInventory } from '../stored-inventory.ts';
import { VisitQuestions } from '../visit-questions.ts';
import { accountCoverage } from './read-account-coverage.ts';
import { compact } from './compaction.ts';
import { ClickHouseEngine } from './clickhouse-engine.ts';
import { type Columns, readColumns } from './columns.ts';
import { EnrichmentTables } from './enrichment-tables.ts';
import { FindingTable } from './finding-table.ts';
import { InputClaims } from './input-claims.ts';
import { addInventory, readInventory } from './inventory-tables.ts';
import { discardBatches, abandonedBatches, removeOldEnrichment, tidyBatches } from './leftovers.ts';
import { retain } from './retention.ts';
import { ClickHouseServer } from './server.ts';
import { makeTables } from './set-up.ts';
import { SourceTables } from './source-tables.ts';
import { sqlTime } from './sql-time.ts';
import { databaseStatus, flowRange, flowsFromOf } from './status.ts';
import { runSql } from './run-sql.ts';
import { ClickHouseBatch } from './write-batch.ts';
import { WriteTurns } from '../write-turns.ts';

/** Milliseconds between looks at what other processes committed. */
const LOOK_EVERY = 1_000;
/** How often, and milliseconds apart, a commit is tried whose outcome is not known. */
/** Commits between two times that the lists of batches are shortened. */
const TIDY_EVERY = 500;
/** An answer is worked out again so often because flows came meanwhile. */
const TRIES = 3;

/** A store in a ClickHouse database, which several processes may fill and ask at once. */
export class ClickHouseStore implements FlowStore {
  readonly statusLasts = 2_000;
  readonly kind = 'clickhouse';
  readonly folder: string;
  readonly readOnly = false;
  readonly generation = 0;
  readonly budget: FlowWriter['budget'];
  readonly inputs = new InputRegister();
  readonly sources: SourceTables;
  readonly findings: FindingTable;
  readonly visits: VisitQuestions;
  revision = 0;
  inventoryRevision = 0;
  columns: Columns = { flow: new Set(), coverage: new Set(), extra: new Set() };
  flowsFrom = 0;
  readonly #server: ClickHouseServer;
  readonly #lock: ProcessLock;
  readonly #writer: string;
  readonly #engine: ClickHouseEngine;
  readonly #claims: InputClaims;
  #enrichment: EnrichmentTables | null = null;
  readonly #turns = new WriteTurns();
  #lastBatch = 0n;
  #commits = 0;
  #visitRevision = 0;
  #seen = '';
  #looked = 0;
  #looking: Promise<void> | null = null;

  private constructor(server: ClickHouseServer, options: StoreOptions, lock: ProcessLock) {
    this.#server = server;
    this.#lock = lock;
    this.folder = options.folder;
    this.budget = options;
    this.#writer = `${Date.now().toString(36)}_${randomBytes(6).toString('hex')}`;
    this.sources = new SourceTables(server);
    this.#claims = new InputClaims(server);
    this.findings = new FindingTable(server);
    this.visits = new VisitQuestions({
      dialect: clickhouse,
      revision: () => this.#visitRevision,
      rows: (sql, params, running) => server.rows(sql, params, running),
    });
    this.#engine = new ClickHouseEngine(server, this);
  }

  /** As `StoreDriver.open`. Throws `engine_unreachable`, `engine_refused`, `store_version`. */
  static async open(options: StoreOptions): Promise<ClickHouseStore> {
    if (options.server === undefined)
      throw new PeepholeError(
        'usage',
        'ClickHouse needs --engine-url, such as http://localhost:8123/peephole.',
      );
    makeFolder(options.folder, 0o700);
    makeFolderPrivate(options.folder);
    const lockPath = socketPath(options.folder, 'engine.lock');
    const lock = await takeLock(lockPath);
    if (lock === null) throw new StoreInUse(lockPath);
    const server = await ClickHouseServer.connect(options.server).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
    try {
      await makeTables(server);
      const store = new ClickHouseStore(server, options, lock);
      await store.#tidy();
      await store.#look();
      return store;
    } catch (error) {
      await server.close();
      await lock.release();
      throw error;
    }
  }

  /** Whether the database that an address means holds a store. */
  static async exists(options: Pick<StoreOptions, 'server'>): Promise<boolean> {
    if (options.server === undefined) return false;
    const server = new ClickHouseServer(options.server);
    try {
      // A server refuses all that is asked of a database that is not there.
      if ((await server.storedCluster()) === undefined) return false;
      const [row] = await server.rows(
        "SELECT count() FROM system.tables WHERE database = {p1:String} AND name = 'database_version'",
        [server.database],
      );
      return Number(row?.[0]) > 0;
    } finally {
      await server.close();
    }
  }

  get isAwaited(): boolean {
    return this.#turns.isAwaited;
  }

  async write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T> {
    return this.#exclusively(async () => {
      const id = this.#nextBatch();
      await this.#server.insert('open_batch', [{ batch: id, writer: this.#writer, at: sqlTime() }]);
      const batch = new ClickHouseBatch(this.#server, id, this.columns);
      let result: T;
      try {
        result = await work(batch);
        await batch.finish();
        await this.#claims.settle(
          id,
          batch.added.map(({ sha256 }) => sha256),
        );
      } catch (error) {
        // Nobody sees what it left; where it can't be taken away now, the next start does.
        await discardBatches(this.#server, [id]).catch(() => undefined);
        if (error instanceof InputsTaken) await this.#look().catch(() => undefined);
        throw error;
      }
      await this.#server.insert('committed_batch', [{ batch: id }]);
      for (const { kind, name } of batch.newFields) this.columns[kind].add(name);
      this.inputs.add(batch.added);
      if (batch.bringsVisits) this.#visitRevision++;
      await this.#look();
      await batch.sources.forget(this.#server);
      if (++this.#commits % TIDY_EVERY === 0) await this.#tidy();
      return result;
    });
  }

  async useThreads(): Promise<void> {}

  async settled(): Promise<void> {
    if (performance.now() - this.#looked < LOOK_EVERY) return;
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    await this.#looking;
  }

  async query(query: Query, options?: RunOptions): Promise<Answer> {
    return this.#engine.query(query, options);
  }

  async records(request: RecordsRequest, options?: RunOptions): Promise<RecordsPage> {
    return this.#engine.records(request, options);
  }

  sql(text: string, options?: SqlRunOptions): Promise<SqlResult> {
    return runSql(this.#server, this, text, options);
  }

  toSql(query: Query): Promise<string> {
    return this.#engine.toSql(query);
  }

  flowsWithin(time: TimeRange | null, timezone: string): Promise<number> {
    return this.#engine.flowsWithin(time, timezone);
  }

  flowRange(): Promise<FlowRange | null> {
    return flowRange(this.#server, this.columns);
  }

  statements<T>(
    derived: readonly string[] | null,
    work: (statements: Statements) => Promise<T>,
    options: RunOptions = {},
  ): Promise<T> {
    return this.whileCurrent(derived, (dialect, state) => {
      // Statements of one session see the same temporary tables; the server forgets them with it.
      const session = `peephole-${randomBytes(12).toString('hex')}`;
      return work({
        dialect,
        run: (sql, params = []) => this.#server.rows(sql, params, { ...options, session }),
        ...(state === null ? {} : { enrichment: state }),
      });
    });
  }

  /**
   * Does work over enrichment tables that have every address of the store, again if that changed meanwhile. Null: needs none; then
   * work is done again on a cluster only.
   */
  async whileCurrent<T>(
    names: readonly string[] | null,
    work: (
      dialect: typeof clickhouse,
      state: Awaited<ReturnType<EnrichmentTables['current']>> | null,
    ) => Promise<T>,
  ): Promise<T> {
    const tables = this.#enrichment;
    const attempt =
      names === null || tables === null
        ? (): Promise<T> => work(clickhouse, null)
        : async (): Promise<T> => work(tables.dialect, await tables.current(names));
    const { cluster } = this.#server;
    if (cluster === null && (names === null || tables === null)) return attempt();
    for (let tries = 1; tries < TRIES; tries++) {
      const { revision } = this;
      const result = await attempt();
      // Shards look at different moments which batches are in.
      await (cluster === null ? this.settled() : this.#look());
      if (this.revision === revision) return result;
    }
    return attempt();
  }

  enrichFrom(enrichment: () => Promise<Enrichment>): void {
    this.#enrichment = new EnrichmentTables({
      server: this.#server,
      suffix: this.#writer,
      enrichment,
      store: () => ({ revision: this.revision, columns: this.columns }),
    });
  }

  async prepare(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#enrichment?.current(['service_name']);
  }

  inventory(): Promise<StoredInventory> {
    return readInventory(this.#server);
  }

  async addInventory(imported: ImportedInventory): Promise<void> {
    await this.#exclusively(() => addInventory(this.#server, imported));
    this.revision++;
    this.inventoryRevision++;
  }

  unsupported(): Unsupported {
    return {};
  }

  async status(): Promise<StoreStatus> {
    return databaseStatus(this.#server, this);
  }

  accountCoverage(options: RunOptions = {}): Promise<AccountCoverage> {
    return accountCoverage(this.#server, options);
  }

  async retain(request: RetentionRequest): Promise<RetentionReport> {
    return this.#exclusively(async () => {
      const report = await retain(this.#server, this, request, this.#nextBatch());
      this.flowsFrom = await flowsFromOf(this.#server);
      this.revision++;
      return report;
    });
  }

  compact(): Promise<CompactionReport> {
    return this.#exclusively(() => compact(this.#server, this.#nextBatch()));
  }

  async needsCompaction(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {
    await this.#exclusively(async () => {
      await this.#enrichment?.drop().catch(() => undefined);
      await this.#server.close();
      await this.#lock.release();
    });
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  /** Larger than all before of this process, and surely another than those of others: milliseconds, then 20 random bits. */
  #nextBatch(): bigint {
    const made = (BigInt(Date.now()) << 20n) | BigInt(randomBytes(4).readUInt32LE() & 0xf_ffff);
    this.#lastBatch = made > this.#lastBatch ? made : this.#lastBatch + 1n;
    return this.#lastBatch;
  }

  /** Takes away what processes left that ended. On a cluster of which a server is away, the next time. */
  async #tidy(): Promise<void> {
    const server = this.#server;
    try {
      await discardBatches(server, await abandonedBatches(server));
      await tidyBatches(server);
      await removeOldEnrichment(server);
    } catch (error) {
      if (server.cluster === null || !(error instanceof PeepholeError) || error.code !== 'engine_failed')
        throw error;
    }
  }

  /** Takes in what this and other processes committed since the last look. */
  async #look(): Promise<void> {
    // Rollups that are added up come in at different moments on shards.
    const rollups = this.#server.cluster === null ? '' : ', (SELECT count() FROM rollup_state)';
    const [row] = await this.#server.rows(
      `SELECT count(), max(batch), sum(cityHash64(batch)), (SELECT count() FROM inventory_said)${rollups} FROM committed_batch`,
    );
    this.#looked = performance.now();
    const seen = (row ?? []).join();
    if (seen === this.#seen) return;
    this.#seen = seen;
    const [columns, inputs, flowsFrom] = await Promise.all([
      readColumns(this.#server),
      this.#server.rows("SELECT sha256, size FROM input WHERE NOT startsWith(sha256, 'stream ')"),
      flowsFromOf(this.#server),
    ]);
    this.columns = columns;
    this.flowsFrom = flowsFrom;
    this.inputs.add(inputs.map(([sha256, size]) => ({ sha256: String(sha256), size: Number(size) })));
    this.revision++;
  }
}
