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
import type { SourceStatus } from '../model/source-status.ts';
import type { SpooledFile } from '../sources/files/spooled-input.ts';
import type { SourceOptions } from '../sources/source.ts';
import type { Urgency } from '../model/query/urgency.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import type { AccountNote } from './account-notes.ts';
import type { InventoryReport, InventoryRequest } from './keep-inventory.ts';

/**
 * All that can be asked of a store, in this process or in the one that holds it. Questions that people write (`unknown`)
 * are JSON, checked where they are answered. Errors are PeepholeErrors: `bad_query` for what is no such question.
 */
export interface StoreService {
  query(query: unknown, options?: AnswerOptions): Promise<Answer>;
  /** Flows, one by one. */
  records(request: unknown, options?: CallOptions): Promise<RecordsPage>;
  /** One SELECT over the views `flows`, `coverage` and `quarantine`; its rows come as they are worked out. */
  sql(text: string, options?: CallOptions): Promise<SqlResult>;
  /** The SELECT over the view `flows` that says the same as a query. */
  sqlOf(query: unknown, options?: CallOptions): Promise<{ readonly sql: string }>;
  /** The investigation; `time` is the time of a query, null: all. */
  knocks(time: unknown, options?: KnocksOptions): Promise<Knocks>;
  /** The findings of which a state is kept, the oldest first, whether they are still there or not. */
  findings(): Promise<readonly KeptFinding[]>;
  /**
   * Gives a finding a state (docs/knocks.md, "The life of a finding"): `change` is
   * `{"state": "acknowledged", "note": "…"}`, `{"state": "muted", "until": "…"}` and the like, with the `time` of the
   * investigation that reported it, if that was not all data; `settings` are those of that investigation. Throws `not_found`
   * if no finding has that id, and `read_only`.
   */
  setFindingState(id: string, change: unknown, settings?: unknown): Promise<KeptFinding>;
  /**
   * Keeps that these findings were reported, by their ids, which an investigation of `time` with the same settings
   * found: they are new no more. Throws `read_only`.
   */
  markFindingsKnown(time: unknown, ids: readonly string[], settings?: unknown): Promise<void>;
  /** The documents of a kind that people keep in the store (docs/documents.md). */
  documents(kind: DocumentKind): Promise<readonly StoredDocument[]>;
  /** One, as it is or as it was in a version. Throws `not_found`. */
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
   * Takes what a server read from its folder as the originals of these documents, in the place of what was read before
   * (null: nothing is read any more), and keeps it for the next process.
   */
  provideDocuments(provided: ProvidedDocuments | null): Promise<void>;
  /** What `provideDocuments` was given last; null: nothing. */
  providedDocuments(): Promise<ProvidedDocuments | null>;
  /** What came to ports that were opened (docs/door.md); `request` is a `DoorRequest`, all of it optional. */
  door(request: unknown, options?: CallOptions): Promise<Door>;
  /** What it takes to open a port, by a finding's id or `ADDRESS:PORT`. Throws `not_found` if there is no such finding. */
  doorPlan(about: string, options?: CallOptions): Promise<DoorPlan>;
  /** What makes some flows differ from others (docs/explain.md). */
  explain(request: unknown, options?: CallOptions): Promise<Explanation>;
  /** All about one address, interface, service, … (docs/address.md); `request` is `{"kind", "value", "time"}`. */
  about(request: unknown, options?: CallOptions): Promise<About>;
  /** The findings of that time, and the visits to open ports, that name it. */
  mentions(request: unknown, options?: KnocksOptions): Promise<AboutMentions>;

  /** The addresses that have a name in the inventory, with the one they have now. */
  names(): Promise<{ readonly names: readonly (readonly [address: string, name: string])[] }>;
  /** Where addresses are and who runs their networks (`places.ts`). */
  places(request: unknown, options?: CallOptions): Promise<PlacesAnswer>;
  schema(): Promise<StoreSchema>;
  status(): Promise<StoreStatus>;
  /** In which hours of the last days there are logs of each account and region. */
  coverage(options?: CallOptions): Promise<AccountCoverage>;
  /** How many questions are being worked on, and how many wait for that. */
  load(): Promise<{ readonly at_work: number; readonly waiting: number }>;

  /** Takes inputs and sources in; with `follow` until `options.signal` is aborted. */
  ingest(request: IngestRequest, options?: IngestCallOptions): Promise<IngestReport>;
  /** Takes messages in that somebody sent; they are durable once it resolves. Throws `busy` if they had better be sent again later. */
  deliver(delivery: Delivery): Promise<{ readonly records: number }>;
  /** The sources that are read again and again, and how that goes. */
  sources(): Promise<readonly SourceStatus[]>;
  /** Pauses a source that is followed, or lets it go on. Throws `not_found` if none of that id is. */
  setSourcePaused(id: string, paused: boolean): Promise<SourceStatus>;
  /** Says how the last look at an account went whose sources are followed: their statuses have what is wrong. */
  noteAccount(note: AccountNote): Promise<void>;
  /** Keeps what an inventory says of addresses. */
  addInventory(request: InventoryRequest): Promise<InventoryReport>;
  retain(request: RetentionRequest): Promise<RetentionReport>;
  compact(): Promise<CompactionReport>;
}

export interface CallOptions {
  /** Aborting it cancels the work, wherever it runs. */
  readonly signal?: AbortSignal;
  /** Who asks: where many do, they take turns. */
  readonly client?: string;
  /** How urgently the answer is waited for; absent: as a chart. */
  readonly urgency?: Urgency;
}

export interface AnswerOptions extends CallOptions {
  /** Worked out anew, whatever is remembered. */
  readonly fresh?: boolean;
}

export interface KnocksOptions extends AnswerOptions {
  /** As `KnocksSettings`, checked where it is used; absent: none. */
  readonly settings?: unknown;
}

export interface IngestCallOptions extends CallOptions {
  readonly onProgress?: (progress: IngestProgress) => void;
}

export interface IngestRequest {
  readonly names: readonly string[];
  /** The folder that relative names are below. */
  readonly cwd: string;
  readonly format: string | null;
  /** Files that somebody sent, on this machine by now: taken in besides, once. */
  readonly uploads?: readonly SpooledFile[];
  /** Goes on with what comes later. */
  readonly follow?: boolean;
  /** Whether sources that refuse are tried again for ever; else that is an error. */
  readonly keepTrying?: boolean;
  /** How sources are to be read; what of it is other for one of them. */
  readonly source?: Partial<SourceOptions>;
  readonly sources?: readonly { readonly name: string; readonly options: Partial<SourceOptions> }[];
  /** The variables of the environment that sources are read with (`AWS_…`, `KAFKA_…`). */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Messages that somebody sent. */
export interface Delivery {
  /** What they are counted under. */
  readonly source: string;
  readonly format: string | null;
  readonly messages: readonly {
    readonly name: string;
    readonly base64: string;
    /** Unix milliseconds; null: nobody knows. */
    readonly time: number | null;
  }[];
}

/** A document after it was put. */
export interface PutDocument {
  readonly document: StoredDocument;
  /** There was none of that id, or it was deleted. */
  readonly created: boolean;
}
