import type { SqlResult } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { CompactionReport } from '../engine/compaction-report.ts';
import type { RetentionReport, RetentionRequest } from '../engine/retention-request.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import type { About, AboutMentions } from '../model/about/about.ts';
import { parseAbout } from '../model/about/parse-about.ts';
import type { AccountCoverage } from '../model/account-coverage.ts';
import type { PlacesAnswer } from '../model/places/places.ts';
import { measures } from '../model/catalog/measures.ts';
import type {
  DocumentKind,
  DocumentVersion,
  ExpectedVersion,
  ProvidedDocuments,
  StoredDocument,
} from '../model/document/document.ts';
import type { Explanation } from '../model/explain/explanation.ts';
import { parseExplain } from '../model/explain/parse-explain.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { Door } from '../model/visits/door.ts';
import type { DoorPlan } from '../model/visits/door-plan.ts';
import type { Answer } from '../model/query/answer.ts';
import { isDerivedName } from '../model/query/query-field.ts';
import { fieldsUsed } from '../model/query/used-names.ts';
import type { Query } from '../model/query/query.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { parseRecordsRequest } from '../model/query/parse-records.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import type { SourceStatus } from '../model/source-status.ts';
import { version } from '../system/version.ts';
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
import { readAbout } from './about/read-about.ts';
import { hasVisits, readMentions } from './about/read-mentions.ts';
import { explainFlows } from './explain-flows.ts';
import type { AccountNote } from './account-notes.ts';
import { saveRetentionCut } from '../ingest/retention-cut.ts';
import { keepInventory, type InventoryReport, type InventoryRequest } from './keep-inventory.ts';
import { DocumentStore } from '../documents/document-store.ts';
import { readyMade } from '../documents/ready-made.ts';
import { InvestigationService } from './investigation-service.ts';
import { EnrichmentService } from './enrichment-service.ts';
import { QueryAnswers } from './query-answers.ts';
import { QuestionRunner } from './question-runner.ts';
import { type LocalServiceOptions, defaultOptions } from './local-service-options.ts';
import { locateAddresses } from './locate-addresses.ts';
import { IdleMonitor } from './idle-monitor.ts';
import { schemaDimensions } from './schema-dimensions.ts';
import type { SharedUrgency } from './shared-urgency.ts';
import { SourceService } from './source-service.ts';

/** Approximate bytes of a value in an answer. */
const BYTES_PER_CELL = 50;
/** How many times a request reads the flows, for estimates of its time; coverage reads hourly sums. */
const READS = { query: 1, records: 1, coverage: 0.1, explain: 10 };

/** The operations on a store that this process has open. */
export class LocalService implements StoreService {
  readonly #store: FlowStore;
  readonly #enrichment: EnrichmentService;
  readonly #questions: QuestionRunner;
  readonly #answers: QueryAnswers;
  readonly #investigations: InvestigationService;
  readonly #idle = new IdleMonitor();
  readonly #sources: SourceService;
  readonly #documents: DocumentStore;
  #status: { readonly key: string; readonly from: number; readonly status: Promise<StoreStatus> } | null =
    null;

  constructor(store: FlowStore, options: Partial<LocalServiceOptions> = {}) {
    this.#store = store;
    this.#sources = new SourceService(store);
    const limits = { ...defaultOptions, ...options };
    this.#questions = new QuestionRunner(store, this.#idle, limits);
    const cells = limits.answerBytes / BYTES_PER_CELL;
    this.#answers = new QueryAnswers(cells);
    this.#enrichment = new EnrichmentService(store);
    this.#investigations = new InvestigationService(store, this.#questions, this.#enrichment, cells / 10);
    this.#documents = new DocumentStore(store.folder, store.readOnly, readyMade);
    store.enrichFrom(async () => (await this.#enrichment.now()).addresses);
  }

  query(json: unknown, options: AnswerOptions = {}): Promise<Answer> {
    return this.#questions.ask(options, async (context) => {
      const query = parseQuery(json);
      const ask = async (question: Query, signal: AbortSignal, urgency: SharedUrgency): Promise<Answer> => {
        const guessMs = await this.#questions.guessMs(question.time, question.timezone, READS.query);
        return this.#questions.inTurn({ ...context, urgency }, signal, guessMs, (running) =>
          this.#store.query(question, running),
        );
      };
      const { urgency } = context;
      const { signal } = context.deadline;
      if (options.fresh === true) return ask(query, signal, urgency);
      return this.#answers.get(query, await this.#revisionFor(query), signal, urgency, ask);
    });
  }

  records(json: unknown, options: CallOptions = {}): Promise<RecordsPage> {
    return this.#questions.ask(options, async (context) => {
      const request = parseRecordsRequest(json);
      const guessMs = await this.#questions.guessMs(request.time, request.timezone, READS.records);
      return this.#questions.inTurn(context, context.deadline.signal, guessMs, (running) =>
        this.#store.records(request, running),
      );
    });
  }

  knocks(time: unknown, options: KnocksOptions = {}): Promise<Knocks> {
    return this.#investigations.knocks(time, options);
  }

  findings(): Promise<readonly KeptFinding[]> {
    return this.#idle.during(() => this.#investigations.findings());
  }

  setFindingState(id: string, change: unknown, settings?: unknown): Promise<KeptFinding> {
    return this.#idle.during(() => this.#investigations.setFindingState(id, change, settings));
  }

  markFindingsKnown(time: unknown, ids: readonly string[], settings?: unknown): Promise<void> {
    return this.#idle.during(() => this.#investigations.markFindingsKnown(time, ids, settings));
  }

  door(request: unknown, options: CallOptions = {}): Promise<Door> {
    return this.#investigations.door(request, options);
  }

  doorPlan(about: string, options: CallOptions = {}): Promise<DoorPlan> {
    return this.#investigations.doorPlan(about, options);
  }

  documents(kind: DocumentKind): Promise<readonly StoredDocument[]> {
    return this.#documents.list(kind);
  }

  document(kind: DocumentKind, id: string, version?: number): Promise<StoredDocument> {
    return this.#documents.get(kind, id, version);
  }

  documentVersions(kind: DocumentKind, id: string): Promise<readonly DocumentVersion[]> {
    return this.#documents.versions(kind, id);
  }

  putDocument(
    kind: DocumentKind,
    id: string,
    content: unknown,
    expected: ExpectedVersion,
  ): Promise<PutDocument> {
    return this.#documents.put(kind, id, content, expected);
  }

  deleteDocument(kind: DocumentKind, id: string, expected: ExpectedVersion): Promise<DocumentVersion> {
    return this.#documents.delete(kind, id, expected);
  }

  provideDocuments(provided: ProvidedDocuments | null): Promise<void> {
    return this.#documents.provide(provided);
  }

  providedDocuments(): Promise<ProvidedDocuments | null> {
    return this.#documents.provided();
  }

  /** Ingests what listeners wrote into the folder of the store, before they remove old files. */
  takeVisits(): Promise<void> {
    return this.#investigations.takeVisits();
  }

  explain(json: unknown, options: CallOptions = {}): Promise<Explanation> {
    return this.#questions.ask(options, async (context) => {
      const { time, timezone } = parseExplain(json);
      const guessMs = await this.#questions.guessMs(time, timezone, READS.explain);
      return this.#questions.inTurn(context, context.deadline.signal, guessMs, (running) =>
        explainFlows(this.#store, json, running),
      );
    });
  }

  /** Each of its queries is queued and cached like a single one. */
  about(json: unknown, options: CallOptions = {}): Promise<About> {
    return this.#idle.during(async () => {
      const { range, newest, gaps, lossy } = await this.status();
      return readAbout(json, {
        ask: (query) => this.query(query, options),
        logged: { range, newest, gaps, lossy },
        enrichment: await this.#enrichment.now(),
      });
    });
  }

  mentions(json: unknown, options: KnocksOptions = {}): Promise<AboutMentions> {
    return this.#idle.during(async () => {
      const request = parseAbout(json);
      const { time = null } = json as { readonly time?: unknown };
      const [knocks, door] = await Promise.all([
        this.knocks(time, options),
        hasVisits(request) ? this.door({ time }, options) : null,
      ]);
      return readMentions(request, knocks, door);
    });
  }

  sqlOf(query: unknown, options: CallOptions = {}): Promise<{ readonly sql: string }> {
    return this.#questions.ask(options, async () => ({ sql: await this.#store.toSql(parseQuery(query)) }));
  }

  coverage(options: CallOptions = {}): Promise<AccountCoverage> {
    return this.#questions.ask(options, async (context) => {
      const guessMs = await this.#questions.guessMs(null, 'Etc/UTC', READS.coverage);
      return this.#questions.inTurn(context, context.deadline.signal, guessMs, (running) =>
        this.#store.accountCoverage(running),
      );
    });
  }

  names(): ReturnType<StoreService['names']> {
    return this.#idle.during(async () => ({ names: (await this.#enrichment.now()).names() }));
  }

  places(request: unknown): Promise<PlacesAnswer> {
    return this.#idle.during(async () => locateAddresses(request, (await this.#enrichment.now()).addresses));
  }

  ingest(request: IngestRequest, options: IngestCallOptions = {}): Promise<IngestReport> {
    const work = (): Promise<IngestReport> => this.#sources.ingest(request, options);
    // An endless call does not count as activity for background work that waits for an idle time.
    return request.follow === true ? work() : this.#idle.during(work);
  }

  deliver(delivery: Delivery): ReturnType<StoreService['deliver']> {
    return this.#sources.deliver(delivery);
  }

  sources(): Promise<readonly SourceStatus[]> {
    return this.#sources.statuses();
  }

  setSourcePaused(id: string, paused: boolean): Promise<SourceStatus> {
    return this.#sources.setPaused(id, paused);
  }

  async noteAccount(note: AccountNote): Promise<void> {
    this.#sources.noteAccount(note);
  }

  /** Stops reading sources and visits, once the current batches are committed. */
  endSources(): void {
    this.#investigations.endVisits();
    this.#sources.end();
  }

  addInventory(request: InventoryRequest): Promise<InventoryReport> {
    return this.#idle.during(() => keepInventory(this.#store, request));
  }

  retain(request: RetentionRequest): Promise<RetentionReport> {
    return this.#idle.during(async () => {
      const report = await this.#store.retain(request);
      await saveRetentionCut(this.#store, report);
      return report;
    });
  }

  compact(): Promise<CompactionReport> {
    return this.#idle.during(() => this.#store.compact());
  }

  async load(): ReturnType<StoreService['load']> {
    return this.#questions.load;
  }

  sql(text: string, options: CallOptions = {}): Promise<SqlResult> {
    return this.#questions.sql(text, options);
  }

  /**
   * Fills the enrichment tables ahead of queries that need them: once there has been no request for `quietMs`, since
   * requests would have to wait for it. Rejects if aborted.
   */
  async prepare(quietMs: number, signal: AbortSignal): Promise<void> {
    await this.#idle.quietFor(quietMs, signal);
    await this.#store.prepare(signal);
  }

  /** The revision that an answer depends on: of the store, and for derived fields also of the enrichment databases. */
  async #revisionFor(query: Query): Promise<string> {
    const { revision } = this.#store;
    if (!fieldsUsed(query).some(isDerivedName)) return String(revision);
    return `${revision} ${(await this.#enrichment.now()).addresses.revision}`;
  }

  schema(): Promise<StoreSchema> {
    return this.#idle.during(() => this.#schema());
  }

  async #schema(): Promise<StoreSchema> {
    const [status, known] = await Promise.all([this.#statusOfRevision(Infinity), this.#enrichment.now()]);
    return {
      version,
      dimensions: schemaDimensions(this.#store.columns.flow, known.addresses.has),
      measures,
      store: {
        flows: status.flows,
        untimed_flows: status.untimed_flows,
        from: status.range?.from ?? null,
        to: status.range?.to ?? null,
        newest: status.newest,
        bytes: status.bytes,
        gaps: status.gaps,
        skipdata: status.lossy,
        revision: status.revision,
        read_only: status.read_only,
        engine: this.#store.kind,
        unsupported: this.#store.unsupported(status.flows),
      },
      timezone: 'Etc/UTC',
    };
  }

  status(): Promise<StoreStatus> {
    return this.#statusOfRevision(this.#store.statusLasts ?? Infinity);
  }

  /** Read once for each revision of the store: it must not wait for other work of the engine. @param lasts at most so old, in ms */
  async #statusOfRevision(lasts: number): Promise<StoreStatus> {
    await this.#store.settled();
    const key = `${this.#store.generation} ${this.#store.revision}`;
    const now = performance.now();
    if (this.#status?.key !== key || now - this.#status.from > lasts) {
      const status = this.#store.status();
      status.catch(() => (this.#status = null));
      this.#status = { key, from: now, status };
    }
    return this.#status.status;
  }
}
