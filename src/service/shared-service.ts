import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlResult } from '../engine/engine.ts';
import type { CompactionReport } from '../engine/compaction-report.ts';
import type { RetentionReport, RetentionRequest } from '../engine/retention-request.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import { addReports, emptyReport } from '../model/add-reports.ts';
import type { IngestReport } from '../model/ingest-report.ts';
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
import type { StoreSchema } from '../model/store-schema.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import { StoreInUse, type StoreDriver, type StoreOptions } from '../engine/store-driver.ts';
import { PeepholeError, throwIfAborted } from '../model/errors.ts';
import type {
  AnswerOptions,
  CallOptions,
  Delivery,
  IngestCallOptions,
  IngestRequest,
  KnocksOptions,
  PutDocument,
  StoreService,
} from './store-service.ts';
import type { AccountNote } from './account-notes.ts';
import type { InventoryReport, InventoryRequest } from './keep-inventory.ts';
import { IpcClient, OwnerExited } from './ipc-client.ts';
import { IpcServer } from './ipc-server.ts';
import { LocalService } from './local-service.ts';
import { socketPath } from '../system/socket-path.ts';

/** Milliseconds to wait for a store whose owner does not answer. */
const PATIENCE = 20_000;
/** Milliseconds that a call lasts which does not make its process end. */
const HARMLESS = 60_000;
/** Milliseconds without requests before background work starts. */
const QUIET = 2_000;
/** Milliseconds between checks of the order of rows. */
const LOOK_EVERY = 60_000;

export interface SharedServiceOptions extends StoreOptions {
  readonly driver: StoreDriver;
  /** The time limit of a query in milliseconds, waiting included; absent or null: no limit. */
  readonly timeLimitMs?: number | null;
  /** Bytes of the cache of answers. */
  readonly answerBytes?: number;
  /** The memory limit of the process in bytes. */
  readonly processBytes?: number;
}

interface Held {
  readonly store: FlowStore;
  readonly service: LocalService;
  /** Null: the store is read-only; each process opens it itself. */
  readonly host: IpcServer | null;
}

/**
 * A store that several processes use at once. DuckDB lets only one process open a file: the first one owns the store and
 * listens on a socket in its folder, the others send their calls there. When the owner ends, even by kill -9, the next
 * call makes its process the owner; calls are safe to repeat.
 */
export class SharedService implements StoreService {
  readonly #options: SharedServiceOptions;
  #held: Held | null = null;
  #opening: Promise<StoreService> | null = null;

  constructor(options: SharedServiceOptions) {
    this.#options = options;
  }

  /** The store's folder on this machine. */
  get folder(): string {
    return this.#options.folder;
  }

  query(query: unknown, options: AnswerOptions = {}): Promise<Answer> {
    return this.#question(options, (service) => service.query(query, options));
  }

  records(request: unknown, options: CallOptions = {}): Promise<RecordsPage> {
    return this.#question(options, (service) => service.records(request, options));
  }

  sql(text: string, options: CallOptions = {}): Promise<SqlResult> {
    return this.#question(options, (service) => service.sql(text, options));
  }

  sqlOf(query: unknown, options: CallOptions = {}): Promise<{ readonly sql: string }> {
    return this.#question(options, (service) => service.sqlOf(query, options));
  }

  knocks(time: unknown, options: KnocksOptions = {}): Promise<Knocks> {
    return this.#question(options, (service) => service.knocks(time, options));
  }

  findings(): Promise<readonly KeptFinding[]> {
    return this.#again({}, (service) => service.findings());
  }

  setFindingState(id: string, change: unknown, settings?: unknown): Promise<KeptFinding> {
    return this.#again({}, (service) => service.setFindingState(id, change, settings));
  }

  markFindingsKnown(time: unknown, ids: readonly string[], settings?: unknown): Promise<void> {
    return this.#again({}, (service) => service.markFindingsKnown(time, ids, settings));
  }

  documents(kind: DocumentKind): Promise<readonly StoredDocument[]> {
    return this.#again({}, (service) => service.documents(kind));
  }

  document(kind: DocumentKind, id: string, version?: number): Promise<StoredDocument> {
    return this.#again({}, (service) => service.document(kind, id, version));
  }

  documentVersions(kind: DocumentKind, id: string): Promise<readonly DocumentVersion[]> {
    return this.#again({}, (service) => service.documentVersions(kind, id));
  }

  putDocument(
    kind: DocumentKind,
    id: string,
    content: unknown,
    expected: ExpectedVersion,
  ): Promise<PutDocument> {
    return this.#again({}, (service) => service.putDocument(kind, id, content, expected));
  }

  deleteDocument(kind: DocumentKind, id: string, expected: ExpectedVersion): Promise<DocumentVersion> {
    return this.#again({}, (service) => service.deleteDocument(kind, id, expected));
  }

  provideDocuments(provided: ProvidedDocuments | null): Promise<void> {
    return this.#again({}, (service) => service.provideDocuments(provided));
  }

  providedDocuments(): Promise<ProvidedDocuments | null> {
    return this.#again({}, (service) => service.providedDocuments());
  }

  doorPlan(about: string, options: CallOptions = {}): Promise<DoorPlan> {
    return this.#question(options, (service) => service.doorPlan(about, options));
  }

  door(request: unknown, options: CallOptions = {}): Promise<Door> {
    return this.#question(options, (service) => service.door(request, options));
  }

  explain(request: unknown, options: CallOptions = {}): Promise<Explanation> {
    return this.#question(options, (service) => service.explain(request, options));
  }

  about(request: unknown, options: CallOptions = {}): Promise<About> {
    return this.#question(options, (service) => service.about(request, options));
  }

  mentions(request: unknown, options: KnocksOptions = {}): Promise<AboutMentions> {
    return this.#question(options, (service) => service.mentions(request, options));
  }

  coverage(options: CallOptions = {}): Promise<AccountCoverage> {
    return this.#question(options, (service) => service.coverage(options));
  }

  names(): ReturnType<StoreService['names']> {
    return this.#again({}, (service) => service.names());
  }

  places(request: unknown, options: CallOptions = {}): Promise<PlacesAnswer> {
    return this.#again(options, (service) => service.places(request, options));
  }

  schema(): Promise<StoreSchema> {
    return this.#again({}, (service) => service.schema());
  }

  status(): Promise<StoreStatus> {
    return this.#again({}, (service) => service.status());
  }

  load(): ReturnType<StoreService['load']> {
    return this.#again({}, (service) => service.load());
  }

  ingest(request: IngestRequest, options: IngestCallOptions = {}): Promise<IngestReport> {
    return request.follow === true
      ? this.#follow(request, options)
      : this.#again(options, (service) => service.ingest(request, options));
  }

  deliver(delivery: Delivery): ReturnType<StoreService['deliver']> {
    return this.#again({}, (service) => service.deliver(delivery));
  }

  sources(): Promise<readonly SourceStatus[]> {
    return this.#again({}, (service) => service.sources());
  }

  setSourcePaused(id: string, paused: boolean): Promise<SourceStatus> {
    return this.#again({}, (service) => service.setSourcePaused(id, paused));
  }

  noteAccount(note: AccountNote): Promise<void> {
    return this.#again({}, (service) => service.noteAccount(note));
  }

  addInventory(request: InventoryRequest): Promise<InventoryReport> {
    return this.#again({}, (service) => service.addInventory(request));
  }

  retain(request: RetentionRequest): Promise<RetentionReport> {
    return this.#again({}, (service) => service.retain(request));
  }

  compact(): Promise<CompactionReport> {
    return this.#again({}, (service) => service.compact());
  }

  /** Sends a query, and does not repeat it if the owner ends before the answer. */
  #question<T>(options: CallOptions, ask: (service: StoreService) => Promise<T>): Promise<T> {
    return this.#asked(options, 'nowhere', ask);
  }

  /** Makes a call that is safe to repeat. */
  #again<T>(options: CallOptions, ask: (service: StoreService) => Promise<T>): Promise<T> {
    return this.#asked(options, 'here', ask);
  }

  /** Follows sources, in one owner of the store after the other; the report is of all that told theirs. */
  async #follow(request: IngestRequest, options: IngestCallOptions): Promise<IngestReport> {
    let before = emptyReport();
    let ended = false;
    let resumed = false;
    try {
      return await this.#asked(options, 'anywhere', async (service) => {
        if (ended) options.onNotice?.({ kind: 'owner_exited' });
        ended = false;
        try {
          return addReports(before, await service.ingest({ ...request, resumed }, options));
        } catch (error) {
          if (!(error instanceof PeepholeError) || error.code !== 'owner_exited') throw error;
          const { report } = error.details;
          if (report !== undefined) {
            before = addReports(before, report as IngestReport);
            resumed = true;
          }
          ended = true;
          throw error;
        }
      });
    } catch (error) {
      if (options.signal?.aborted === true && error instanceof PeepholeError && error.code === 'cancelled')
        return before;
      throw error;
    }
  }

  /**
   * Calls the owner of the store. If the owner ends during a call, the call may be the cause, so it is not sent to another
   * process. A call that changes the store (identified by its content) is then made by this process, if it becomes the owner
   * (`here`). One that the owner was able to answer as it ended, or that has lasted long, is not the cause. One that follows
   * sources (`anywhere`) then goes to the next owner, whichever process that is, however long it takes; and also the first time
   * that it may be the cause.
   */
  async #asked<T>(
    { signal }: CallOptions,
    repeat: 'nowhere' | 'here' | 'anywhere',
    ask: (service: StoreService) => Promise<T>,
  ): Promise<T> {
    let deadline = Date.now() + PATIENCE;
    let lost: PeepholeError | null = null;
    let suspicions = 0;
    for (;;) {
      const service = await this.#service();
      const began = Date.now();
      try {
        if (lost !== null && service instanceof IpcClient) {
          if (await service.reachable()) throw lost;
          throw new OwnerExited();
        }
        return await ask(service);
      } catch (error) {
        if (!(error instanceof OwnerExited)) {
          if (lost !== null || repeat === 'nowhere' || !isOwnerExit(error, service)) throw error;
          const harmless = error.details['report'] !== undefined || Date.now() - began > HARMLESS;
          suspicions = harmless ? 0 : suspicions + 1;
          if (repeat === 'anywhere' && suspicions < 2) deadline = Infinity;
          else {
            lost = error;
            deadline = Date.now() + PATIENCE;
          }
        }
      }
      throwIfAborted(signal);
      if (Date.now() > deadline) {
        throw new PeepholeError(
          'store_busy',
          `Another program holds the store in ${this.#options.folder} and does not answer. Stop it, or choose another --store.`,
        );
      }
      await sleep(50);
    }
  }

  /** Opens the store, or finds its owner. Gives which. */
  async open(): Promise<'owner' | 'client'> {
    await this.#service();
    return this.#held === null ? 'client' : 'owner';
  }

  /**
   * Background work of servers while they own the store: prepares enrichment, in the first idle time (of `quietMs`) and again
   * whenever the store's file is replaced; ingests what listeners write into the folder of the store; and checks regularly
   * whether the store should be sorted again, and does it. Returns a function that stops it, and resolves once nothing but
   * such sorting is still running.
   */
  maintain(quietMs = QUIET): () => Promise<void> {
    const ending = new AbortController();
    let preparing: Promise<void> | null = null;
    const prepare = (): void => {
      // A query that needs it will try again, and report the error.
      preparing ??= (this.#held?.service.prepare(quietMs, ending.signal) ?? Promise.resolve())
        .catch(() => undefined)
        .finally(() => (preparing = null));
    };
    let busy = false;
    const look = async (): Promise<void> => {
      const store = this.#held?.store;
      if (busy || store === undefined) return;
      busy = true;
      try {
        await this.#held?.service.takeVisits();
        if (await store.needsCompaction()) await store.compact();
        prepare();
      } catch {
        // A full disk, or a store that is closing: the old file stays, and the next check tries again.
      } finally {
        busy = false;
      }
    };
    prepare();
    const timer = setInterval(() => void look(), LOOK_EVERY);
    timer.unref();
    return async () => {
      clearInterval(timer);
      ending.abort();
      await preparing;
    };
  }

  /** Waits for the calls of others, then closes the store. */
  async close(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    if (held === null) return;
    held.service.endSources();
    await held.host?.stop();
    await held.store.close();
  }

  async #service(): Promise<StoreService> {
    if (this.#held !== null) return this.#held.service;
    this.#opening ??= this.#become().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #become(): Promise<StoreService> {
    try {
      const store = await this.#options.driver.open(this.#options);
      const service = new LocalService(store, this.#options);
      const host = store.readOnly ? null : await IpcServer.start(service, socketPath(this.#options.folder));
      this.#held = { store, service, host };
      return service;
    } catch (error) {
      if (!(error instanceof StoreInUse)) throw error;
      return new IpcClient(socketPath(this.#options.folder), this.#options.timeLimitMs ?? null);
    }
  }
}

/** Whether the process that was asked ended before it answered. */
function isOwnerExit(error: unknown, service: StoreService): error is PeepholeError {
  return service instanceof IpcClient && error instanceof PeepholeError && error.code === 'owner_exited';
}
