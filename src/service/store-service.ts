import type { CompactionReport } from '../engine/compaction-report.ts';
import type { SqlResult } from '../engine/engine.ts';
import type { RetentionReport, RetentionRequest } from '../engine/retention-request.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import type { IngestProgress, IngestReport } from '../model/ingest-report.ts';
import type { About, AboutMentions } from '../model/about/about.ts';
import type { AccountCoverage } from '../model/account-coverage.ts';
import type {
  DocumentKind,
  DocumentVersion,
  ExpectedVersion,
  ProvidedDocuments,
  StoredDocument,
} from '../model/document/document.ts';
import type { Explanation } from '../model/explain/explanation.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import type { Door } from '../model/visits/door.ts';
import type { DoorPlan } from '../model/visits/door-plan.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { PlacesAnswer } from '../model/places/places.ts';
import type { Answer } from '../model/query/answer.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import type { SourceNotice } from '../model/source-notice.ts';
import type { SourceStatus } from '../model/source-status.ts';
import type { SpooledFile } from '../sources/files/spooled-input.ts';
import type { SourceOptions } from '../sources/source.ts';
import type { Urgency } from '../model/query/urgency.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import type { AccountNote } from './account-notes.ts';
import type { InventoryReport, InventoryRequest } from './keep-inventory.ts';

/**
 * All operations on a store, in this process or in the owner process. Requests of type `unknown` are JSON, validated where
 * they are answered. Errors are PeepholeErrors: `bad_query` for an invalid request.
 */
export interface StoreService {
  query(query: unknown, options?: AnswerOptions): Promise<Answer>;
  /** Single flows. */
  records(request: unknown, options?: CallOptions): Promise<RecordsPage>;
  /** One SELECT over the views `flows`, `coverage` and `quarantine`; its rows are streamed. */
  sql(text: string, options?: CallOptions): Promise<SqlResult>;
  /** The SELECT over the view `flows` for a query. */
  sqlOf(query: unknown, options?: CallOptions): Promise<{ readonly sql: string }>;
  /** The investigation; `time` is the time of a query, null: all. */
  knocks(time: unknown, options?: KnocksOptions): Promise<Knocks>;
  /** The findings with a stored state, the oldest first, whether they still exist or not. */
  findings(): Promise<readonly KeptFinding[]>;
  /**
   * Sets the state of a finding (docs/knocks.md, "The life of a finding"): `change` is
   * `{"state": "acknowledged", "note": "…"}`, `{"state": "muted", "until": "…"}` and the like, with the `time` of the
   * investigation that reported it, if that was not all data; `settings` are those of that investigation. Throws `not_found`
   * if no finding has that id, and `read_only`.
   */
  setFindingState(id: string, change: unknown, settings?: unknown): Promise<KeptFinding>;
  /**
   * Records that these findings (ids) of an investigation of `time` with the same settings were reported: they are no longer
   * new. Throws `read_only`.
   */
  markFindingsKnown(time: unknown, ids: readonly string[], settings?: unknown): Promise<void>;
  /** The documents of a kind in the store (docs/documents.md). */
  documents(kind: DocumentKind): Promise<readonly StoredDocument[]>;
  /** One document, or an earlier version of it. Throws `not_found`. */
  document(kind: DocumentKind, id: string, version?: number): Promise<StoredDocument>;
  /** Its latest versions, the latest first. Throws `not_found`. */
  documentVersions(kind: DocumentKind, id: string): Promise<readonly DocumentVersion[]>;
  /** Keeps a document. Throws `bad_query`, `other_version`, `read_only`. */
  putDocument(
    kind: DocumentKind,
    id: string,
    content: unknown,
    expected: ExpectedVersion,
  ): Promise<PutDocument>;
  /** Deletes a document; its versions stay. Throws `not_found`, `other_version`, `read_only`. */
  deleteDocument(kind: DocumentKind, id: string, expected: ExpectedVersion): Promise<DocumentVersion>;
  /**
   * Sets the documents that a server read from its folder as originals, replacing earlier ones (null: no folder any more),
   * and stores them for the next process.
   */
  provideDocuments(provided: ProvidedDocuments | null): Promise<void>;
  /** The last argument of `provideDocuments`; null: none. */
  providedDocuments(): Promise<ProvidedDocuments | null>;
  /** Visits to open ports (docs/door.md); `request` is a `DoorRequest`, all of it optional. */
  door(request: unknown, options?: CallOptions): Promise<Door>;
  /** How to open a port, by a finding's id or `ADDRESS:PORT`. Throws `not_found` if there is no such finding. */
  doorPlan(about: string, options?: CallOptions): Promise<DoorPlan>;
  /** What makes some flows differ from others (docs/explain.md). */
  explain(request: unknown, options?: CallOptions): Promise<Explanation>;
  /** Everything about one address, interface, service, … (docs/address.md); `request` is `{"kind", "value", "time"}`. */
  about(request: unknown, options?: CallOptions): Promise<About>;
  /** The findings of that time, and the visits to open ports, that name it. */
  mentions(request: unknown, options?: KnocksOptions): Promise<AboutMentions>;

  /** The addresses with a name in the inventory, with the current name. */
  names(): Promise<{ readonly names: readonly (readonly [address: string, name: string])[] }>;
  /** Country and network operator of addresses (`model/places/places.ts`). */
  places(request: unknown, options?: CallOptions): Promise<PlacesAnswer>;
  schema(): Promise<StoreSchema>;
  status(): Promise<StoreStatus>;
  /** In which hours of the last days there are logs of each account and region. */
  coverage(options?: CallOptions): Promise<AccountCoverage>;
  /** How many queries are running, and how many wait. */
  load(): Promise<{ readonly at_work: number; readonly waiting: number }>;

  /**
   * Ingests inputs and sources; with `follow` until `options.signal` is aborted, also where the process that reads them ends
   * and another one holds the store then.
   */
  ingest(request: IngestRequest, options?: IngestCallOptions): Promise<IngestReport>;
  /** Ingests pushed messages; they are durable once it resolves. Throws `busy` if the sender should retry later. */
  deliver(delivery: Delivery): Promise<{ readonly records: number }>;
  /** The followed sources, with their status. */
  sources(): Promise<readonly SourceStatus[]>;
  /** Pauses or resumes a followed source. Throws `not_found`. */
  setSourcePaused(id: string, paused: boolean): Promise<SourceStatus>;
  /** Records the result of searching an account whose sources are followed, for their statuses. */
  noteAccount(note: AccountNote): Promise<void>;
  /** Stores an inventory of addresses. */
  addInventory(request: InventoryRequest): Promise<InventoryReport>;
  retain(request: RetentionRequest): Promise<RetentionReport>;
  compact(): Promise<CompactionReport>;
}

export interface CallOptions {
  /** Aborting it cancels the work, wherever it runs. */
  readonly signal?: AbortSignal;
  /** The client id, for fair scheduling. */
  readonly client?: string;
  /** The priority; absent: that of a chart. */
  readonly urgency?: Urgency;
}

export interface AnswerOptions extends CallOptions {
  /** Ignore the cache. */
  readonly fresh?: boolean;
}

export interface KnocksOptions extends AnswerOptions {
  /** As `KnocksSettings`, checked where it is used; absent: none. */
  readonly settings?: unknown;
}

export interface IngestCallOptions extends CallOptions {
  readonly onProgress?: (progress: IngestProgress) => void;
  /** Of sources that are followed. */
  readonly onNotice?: (notice: SourceNotice) => void;
}

export interface IngestRequest {
  readonly names: readonly string[];
  /** The folder for relative paths. */
  readonly cwd: string;
  readonly format: string | null;
  /** Uploaded files, already on this machine: ingested too, once. */
  readonly uploads?: readonly SpooledFile[];
  /** Continues with later data. */
  readonly follow?: boolean;
  /** Whether sources that refuse access are retried forever; else that is an error. */
  readonly keepTrying?: boolean;
  /** Whether another process followed the sources before: what refuses now worked then, and is tried again. */
  readonly resumed?: boolean;
  /** Options for all sources, and overrides for single ones. */
  readonly source?: Partial<SourceOptions>;
  readonly sources?: readonly { readonly name: string; readonly options: Partial<SourceOptions> }[];
  /** Environment variables for sources (`AWS_…`, `KAFKA_…`). */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Pushed messages. */
export interface Delivery {
  /** The source id that they are counted under. */
  readonly source: string;
  readonly format: string | null;
  readonly messages: readonly {
    readonly name: string;
    readonly base64: string;
    /** Unix milliseconds; null: unknown. */
    readonly time: number | null;
  }[];
}

/** A document after it was put. */
export interface PutDocument {
  readonly document: StoredDocument;
  /** There was none of that id, or it was deleted. */
  readonly created: boolean;
}
