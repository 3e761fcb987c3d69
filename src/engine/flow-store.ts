import type { AccountCoverage } from '../model/account-coverage.ts';
import type { Unsupported } from '../model/store-schema.ts';
import type { Enrichment } from '../model/catalog/address-facts.ts';
import type { Query, TimeRange } from '../model/query/query.ts';
import type { EnrichmentState } from '../sql/compile-context.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import type { CompactionReport } from './compaction-report.ts';
import type { Engine, RunOptions } from './engine.ts';
import type { FindingRegister } from './finding-register.ts';
import type { HourSums } from './sums-of-hour.ts';
import type { FlowWriter } from './flow-writer.ts';
import type { RetentionReport, RetentionRequest } from './retention-request.ts';
import type { VisitRegister } from './visit-register.ts';
import type { StoreContents } from './store-contents.ts';
import type { FlowRange, StoreStatus } from './store-status.ts';
import type { ImportedInventory, StoredInventory } from './stored-inventory.ts';

/**
 * A store of flows, all that it can do: each database implements it in a folder of its own below `engine/`, and a
 * `StoreDriver` opens it. Nothing above `engine/` knows which one it is.
 */
export interface FlowStore extends Engine, FlowWriter {
  /** A folder of this machine that the store's own files are in. */
  readonly folder: string;
  /** Whether it can't be written here; several processes may then read it. */
  readonly readOnly: boolean;
  /** Counts commits: an answer holds as long as it stays the same. */
  readonly revision: number;
  /** Counts imports of inventories by this process. */
  readonly inventoryRevision: number;
  /** Counts how often the database's file was replaced (by compaction, say): a question that was being answered may have failed because of it. */
  readonly generation: number;
  /** Visits to ports that were opened (docs/door.md). */
  readonly visits: VisitRegister;
  /** Names of the catalog's fields that flows and coverage records are stored with. */
  readonly columns: { readonly flow: ReadonlySet<string>; readonly coverage: ReadonlySet<string> };
  /** The second before which only rollups are kept; 0: each flow is there. */
  readonly flowsFrom: number;
  /** All that it holds, for a copy; absent: none is made of this kind of store. */
  readonly contents?: StoreContents;
  /** What `readHourSums` says, where statements would not do; absent: they do. */
  hourSums?(): Promise<ReadonlyMap<string, HourSums>>;
  /** Whether it takes as many flows for there as its ledger says: of a store that has dropped some, no copy can be made. */
  readonly countsByLedger?: true;
  /** What has become of findings of investigations before. */
  readonly findings: FindingRegister;

  /**
   * For so long, in milliseconds, what `status` says holds while the revision is the same: a server changes by itself; absent: as long
   * as that.
   */
  readonly statusLasts?: number;

  /** Waits while the database's file is being replaced. */
  settled(): Promise<void>;
  /** The SELECT over the view `flows` that says the same as a query. */
  toSql(query: Query): Promise<string>;
  /** About how many flows there are within a time (null: all). */
  flowsWithin(time: TimeRange | null, timezone: string): Promise<number>;
  /** Null while no flow has a time. */
  flowRange(): Promise<FlowRange | null>;

  /**
   * Lends a way to run statements made in `sql/`, one after another, which keep their temporary tables between them;
   * `work` takes them away again. It may be done again, if meanwhile came what it would not know.
   *
   * @param derived names of the derived fields that the work is about, which can be looked up then; null: none
   */
  statements<T>(
    derived: readonly string[] | null,
    work: (statements: Statements) => Promise<T>,
    options?: RunOptions,
  ): Promise<T>;

  /** Where derived fields are looked up, asked before each use. Until it is called they are null everywhere. */
  enrichFrom(enrichment: () => Promise<Enrichment>): void;
  /** Gets ready for questions about derived fields. Rejects if aborted. */
  prepare(signal: AbortSignal): Promise<void>;
  inventory(): Promise<StoredInventory>;
  /** Adds what an import said: the same facts again stretch the time for which they are known, others are a new version. */
  addInventory(imported: ImportedInventory): Promise<void>;

  /** What this kind of database can't do with so many flows; each such call throws `not_supported` or `too_large`. */
  unsupported(flows: number): Unsupported;
  /** Quick at any size. */
  status(): Promise<StoreStatus>;
  /** In which hours of the last 35 days there are logs of each account and region. */
  accountCoverage(options?: RunOptions): Promise<AccountCoverage>;
  /** Drops what is older than asked. Throws `usage` for what is not a duration. */
  retain(request: RetentionRequest): Promise<RetentionReport>;
  /** Brings rows into the order that is read fastest. Reads go on meanwhile, writes wait. */
  compact(): Promise<CompactionReport>;
  needsCompaction(): Promise<boolean>;
  /** Waits for writes, and lets go of the store. */
  close(): Promise<void>;
}

/** A way to run statements. */
export interface Statements extends SqlSession {
  /** The state of what derived fields are looked up in; absent: none was asked for. */
  readonly enrichment?: EnrichmentState;
}
