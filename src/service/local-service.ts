import type { RunOptions, SqlResult } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { CompactionReport } from '../engine/compaction-report.ts';
import type { RetentionReport, RetentionRequest } from '../engine/retention-request.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import type { AccountCoverage } from '../model/account-coverage.ts';
import type { PlacesAnswer } from '../model/places/places.ts';
import { measures } from '../model/catalog/measures.ts';
import type {
  DocumentKind,
  DocumentVersion,
  ExpectedVersion,
  StoredDocument,
} from '../model/document/document.ts';
import type { Explanation } from '../model/explain/explanation.ts';
import { parseExplain } from '../model/explain/parse-explain.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import type { Finding, Knocks } from '../model/knocks/knocks.ts';
import { parseStateChange } from '../model/knocks/parse-state-change.ts';
import type { Door } from '../model/visits/door.ts';
import type { DoorPlan } from '../model/visits/door-plan.ts';
import { parseDoorRequest } from '../model/visits/parse-door.ts';
import { parseKnocksSettings } from '../model/knocks/knocks-settings.ts';
import type { Answer } from '../model/query/answer.ts';
import { isDerivedName } from '../model/query/query-field.ts';
import type { Query, TimeRange } from '../model/query/query.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { parseRecordsRequest } from '../model/query/parse-records.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import type { SourceStatus } from '../model/source-status.ts';
import { version } from '../version.ts';
import { AnswerCache } from './answer-cache.ts';
import { CallQueue, LONG_CALL, queueLimits, type QueueLimits } from './call-queue.ts';
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
import { Deadline } from './deadline.ts';
import { explainFlows } from './explain-flows.ts';
import type { AccountNote } from './account-notes.ts';
import { keepInventory, type InventoryReport, type InventoryRequest } from './keep-inventory.ts';
import { DocumentStore } from '../documents/document-store.ts';
import { DoorService } from './door-service.ts';
import { planDoor } from './plan-door.ts';
import { findKnocks } from './find-knocks.ts';
import { FindingStates } from './finding-states.ts';
import { EnrichmentService } from './enrichment-service.ts';
import { MemoryGuard } from './memory-guard.ts';
import { QueryAnswers } from './query-answers.ts';
import { locateAddresses } from './locate-addresses.ts';
import { IdleMonitor } from './idle-monitor.ts';
import { schemaDimensions } from './schema-dimensions.ts';
import { SourceService } from './source-service.ts';
import { Place, pacedResult } from './sql-stream.ts';

/** What a question is worked out with. */
interface CallContext {
  readonly deadline: Deadline;
  readonly client: string;
}

export interface LocalServiceOptions {
  /** Milliseconds that a question may take from the moment of asking, waiting included; null: no limit. */
  readonly timeLimitMs: number | null;
  readonly queue: QueueLimits;
  /** Bytes for answers that are remembered. */
  readonly answerBytes: number;
  /** Bytes that the whole process may take: beyond it statements of users are stopped. */
  readonly processBytes: number;
}

/** What a value of an answer takes, roughly. */
const BYTES_PER_CELL = 50;
/** Flows that a question gets through in a millisecond, roughly: for a guess only. */
const FLOWS_PER_MS = 20_000;
/** An investigation reads the flows several times; coverage is read off their sums by the hour. */
const READS = { query: 1, records: 1, coverage: 0.1, explain: 10, knocks: 20 };
/** How often a question is worked out again because the store's file was replaced meanwhile. */
const MOST_TRIES = 3;

const defaultOptions: LocalServiceOptions = {
  timeLimitMs: null,
  queue: queueLimits(Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)),
  answerBytes: 100 * 1024 * 1024,
  processBytes: Infinity,
};

/** Asks a store that this process holds. */
export class LocalService implements StoreService {
  readonly #store: FlowStore;
  readonly #options: LocalServiceOptions;
  readonly #enrichment: EnrichmentService;
  readonly #queue: CallQueue;
  readonly #answers: QueryAnswers;
  readonly #knocks: AnswerCache<Knocks<Finding>>;
  readonly #findings: FindingStates;
  readonly #idle = new IdleMonitor();
  readonly #sources: SourceService;
  readonly #memory: MemoryGuard;
  readonly #door: DoorService;
  readonly #documents: DocumentStore;
  #status: { readonly key: string; readonly status: Promise<StoreStatus> } | null = null;

  constructor(store: FlowStore, options: Partial<LocalServiceOptions> = {}) {
    this.#store = store;
    this.#sources = new SourceService(store);
    this.#options = { ...defaultOptions, ...options };
    this.#queue = new CallQueue(this.#options.queue);
    this.#memory = new MemoryGuard(this.#options.processBytes);
    const cells = this.#options.answerBytes / BYTES_PER_CELL;
    this.#answers = new QueryAnswers(cells);
    this.#knocks = new AnswerCache(({ findings }) => JSON.stringify(findings).length / 8, cells / 10);
    this.#findings = new FindingStates(store);
    this.#enrichment = new EnrichmentService(store);
    this.#door = new DoorService(store);
    this.#documents = new DocumentStore(store.folder, store.readOnly);
    store.enrichFrom(async () => (await this.#enrichment.now()).addresses);
  }

  query(json: unknown, options: AnswerOptions = {}): Promise<Answer> {
    return this.#question(options, async (asked) => {
      const query = parseQuery(json);
      const ask = async (question: Query, signal: AbortSignal): Promise<Answer> => {
        const guessMs = await this.#guessMs(question.time, question.timezone, READS.query);
        return this.#inTurn(asked, signal, guessMs, (running) => this.#store.query(question, running));
      };
      const { signal } = asked.deadline;
      if (options.fresh === true) return ask(query, signal);
      return this.#answers.get(query, await this.#revisionFor(query), signal, ask);
    });
  }

  records(json: unknown, options: CallOptions = {}): Promise<RecordsPage> {
    return this.#question(options, async (asked) => {
      const request = parseRecordsRequest(json);
      const guessMs = await this.#guessMs(request.time, request.timezone, READS.records);
      return this.#inTurn(asked, asked.deadline.signal, guessMs, (running) =>
        this.#store.records(request, running),
      );
    });
  }

  async knocks(time: unknown, options: KnocksOptions = {}): Promise<Knocks> {
    return this.#findings.tell(await this.#investigate(time, options));
  }

  findings(): Promise<readonly KeptFinding[]> {
    return this.#idle.during(() => this.#findings.kept());
  }

  setFindingState(id: string, json: unknown, settings?: unknown): Promise<KeptFinding> {
    return this.#idle.during(async () => {
      const change = parseStateChange(json, Math.floor(Date.now() / 1000));
      return this.#findings.set(id, change, () => this.#investigate(change.time, { settings }));
    });
  }

  markFindingsTold(time: unknown, ids: readonly string[], settings?: unknown): Promise<void> {
    return this.#idle.during(async () =>
      this.#findings.markTold(await this.#investigate(time, { settings }), ids),
    );
  }

  /** An investigation, without what has become of its findings: that changes though the flows are the same. */
  #investigate(time: unknown, options: KnocksOptions = {}): Promise<Knocks<Finding>> {
    return this.#question(options, async (asked) => {
      const { investigation, addresses } = await this.#enrichment.now();
      const settings = parseKnocksSettings(options.settings);
      const query = parseQuery(time === null ? {} : { time });
      const guessMs = await this.#guessMs(query.time, query.timezone, READS.knocks);
      const find = (signal: AbortSignal): Promise<Knocks<Finding>> =>
        this.#inTurn(asked, signal, guessMs, (running) =>
          findKnocks(this.#store, time, running, investigation, settings),
        );
      if (options.fresh === true) return find(asked.deadline.signal);
      const key = `${this.#store.revision} ${addresses.revision} ${JSON.stringify([time, settings])}`;
      return this.#knocks.get(key, null, asked.deadline.signal, find);
    });
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

  door(json: unknown, options: CallOptions = {}): Promise<Door> {
    return this.#question(options, async ({ deadline, client }) => {
      const request = parseDoorRequest(json);
      const { signal } = deadline;
      const { investigation, names } = await this.#enrichment.now();
      const door = await this.#door.answer(request, { signal }, investigation, names(), () =>
        this.knocks(null, { signal, client }),
      );
      return this.#findings.solveByVisits(door);
    });
  }

  doorPlan(about: string, options: CallOptions = {}): Promise<DoorPlan> {
    return this.#question(options, async (asked) => {
      const { signal } = asked.deadline;
      const { client } = asked;
      const { names } = await this.#enrichment.now();
      const findings = async (): Promise<readonly Finding[]> =>
        (await this.knocks(null, { signal, client })).findings;
      const guessMs = await this.#guessMs(null, 'Etc/UTC', READS.query);
      return this.#inTurn(asked, signal, guessMs, (running) =>
        planDoor(this.#store, about, findings, new Map(names()), running),
      );
    });
  }

  /** Takes in what listeners beside the store wrote, so that it is there before they remove old files. */
  takeVisits(): Promise<void> {
    return this.#door.takeNew();
  }

  explain(json: unknown, options: CallOptions = {}): Promise<Explanation> {
    return this.#question(options, async (asked) => {
      const { time, timezone } = parseExplain(json);
      const guessMs = await this.#guessMs(time, timezone, READS.explain);
      return this.#inTurn(asked, asked.deadline.signal, guessMs, (running) =>
        explainFlows(this.#store, json, running),
      );
    });
  }

  sqlOf(query: unknown, options: CallOptions = {}): Promise<{ readonly sql: string }> {
    return this.#question(options, async () => ({ sql: await this.#store.toSql(parseQuery(query)) }));
  }

  coverage(options: CallOptions = {}): Promise<AccountCoverage> {
    return this.#question(options, async (asked) => {
      const guessMs = await this.#guessMs(null, 'Etc/UTC', READS.coverage);
      return this.#inTurn(asked, asked.deadline.signal, guessMs, (running) =>
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
    // What goes on for ever keeps nobody from anything that waits for a quiet moment.
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

  /** Ends the reading of sources and visits, once what is in hand is committed. */
  endSources(): void {
    this.#door.end();
    this.#sources.end();
  }

  addInventory(request: InventoryRequest): Promise<InventoryReport> {
    return this.#idle.during(() => keepInventory(this.#store, request));
  }

  retain(request: RetentionRequest): Promise<RetentionReport> {
    return this.#idle.during(() => this.#store.retain(request));
  }

  compact(): Promise<CompactionReport> {
    return this.#idle.during(() => this.#store.compact());
  }

  async load(): ReturnType<StoreService['load']> {
    return this.#queue.load;
  }

  async sql(text: string, { signal, client = '' }: CallOptions = {}): Promise<SqlResult> {
    const rest = this.#idle.begin();
    const deadline = new Deadline(this.#options.timeLimitMs, signal);
    const place = new Place(this.#queue, client, deadline);
    const unwatch = this.#memory.watch((error) => deadline.abort(error));
    const end = (): void => {
      unwatch();
      deadline.end();
      rest();
    };
    try {
      const result = await this.#onOneFile(async () => {
        await place.take(0);
        return this.#store.sql(text, {
          signal: deadline.signal,
          beforeRun: async (guessMs) => {
            if (guessMs > LONG_CALL) await place.take(guessMs);
          },
        });
      });
      return pacedResult(result, place, deadline, end);
    } catch (error) {
      place.leave();
      end();
      throw error;
    }
  }

  /**
   * Fills the enrichment tables ahead of questions about them, which would otherwise wait for it: once nobody has asked
   * anything for `quietMs`, since whoever asks meanwhile would wait for that. Rejects if aborted.
   */
  async prepare(quietMs: number, signal: AbortSignal): Promise<void> {
    await this.#idle.quietFor(quietMs, signal);
    await this.#store.prepare(signal);
  }

  /** Works out what somebody waits for, within the time limit. */
  #question<T>({ signal, client = '' }: CallOptions, work: (context: CallContext) => Promise<T>): Promise<T> {
    return this.#idle.during(async () => {
      const deadline = new Deadline(this.#options.timeLimitMs, signal);
      try {
        return await deadline.race(this.#onOneFile(() => work({ deadline, client })));
      } finally {
        deadline.end();
      }
    });
  }

  /** Works out a question, again if the store's file was replaced meanwhile: part of it may have come from either. */
  async #onOneFile<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      await this.#store.settled();
      const { generation } = this.#store;
      try {
        return await work();
      } catch (error) {
        await this.#store.settled();
        if (tries === MOST_TRIES || this.#store.generation === generation) throw error;
      }
    }
  }

  /** Does work of the engine once it is its turn. */
  async #inTurn<T>(
    { deadline, client }: CallContext,
    signal: AbortSignal,
    guessMs: number,
    work: (options: RunOptions) => Promise<T>,
  ): Promise<T> {
    const leave = await this.#queue.enter({ client, guessMs }, deadline.leftMs, signal);
    try {
      return await work({ signal });
    } finally {
      leave();
    }
  }

  /** Milliseconds that a question about flows of a time (null: all) may take, reading them so many times. */
  async #guessMs(time: TimeRange | null, timezone: string, reads: number): Promise<number> {
    return (reads * (await this.#store.flowsWithin(time, timezone))) / FLOWS_PER_MS;
  }

  /** Of what an answer depends on: the store, and for what is derived, databases beside it. */
  async #revisionFor({ filter, splits }: Query): Promise<string> {
    const { revision } = this.#store;
    if (![...filter, ...splits].some(({ field }) => isDerivedName(field))) return String(revision);
    return `${revision} ${(await this.#enrichment.now()).addresses.revision}`;
  }

  schema(): Promise<StoreSchema> {
    return this.#idle.during(() => this.#schema());
  }

  async #schema(): Promise<StoreSchema> {
    const [status, known] = await Promise.all([this.status(), this.#enrichment.now()]);
    return {
      version,
      dimensions: schemaDimensions(this.#store.columns.flow, known.addresses.has),
      measures,
      store: {
        flows: status.flows,
        untimed_flows: status.untimed_flows,
        from: status.range?.from ?? null,
        to: status.range?.to ?? null,
        bytes: status.bytes,
        gaps: status.gaps,
        skipdata: status.lossy,
        revision: status.revision,
        read_only: status.read_only,
      },
      timezone: 'Etc/UTC',
    };
  }

  /** Read once a state of the store: it must come at once, whatever else the engine has to do. */
  async status(): Promise<StoreStatus> {
    await this.#store.settled();
    const key = `${this.#store.generation} ${this.#store.revision}`;
    if (this.#status?.key !== key) {
      const status = this.#store.status();
      status.catch(() => (this.#status = null));
      this.#status = { key, status };
    }
    return this.#status.status;
  }
}
