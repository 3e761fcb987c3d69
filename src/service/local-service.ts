import type { RunOptions, SqlResult } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { StoreStatus } from '../engine/store-status.ts';
import { ingest } from '../ingest/ingest.ts';
import { measures } from '../model/catalog/measures.ts';
import type { Explanation } from '../model/explain/explain.ts';
import { parseExplain } from '../model/explain/parse-explain.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { Answer } from '../model/query/answer.ts';
import { isDerivedName } from '../model/query/query-field.ts';
import { formatQuery } from '../model/query/format-query.ts';
import type { Query, TimeRange } from '../model/query/query.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { parseRecordsRequest } from '../model/query/parse-records.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import { findFiles } from '../sources/files/find-files.ts';
import { version } from '../version.ts';
import { AnswerCache } from './answer-cache.ts';
import { CallQueue, LONG_CALL, queueLimits, type QueueLimits } from './call-queue.ts';
import { questions, type CallOptions, type Calls, type Method, type StoreService } from './calls.ts';
import { Deadline } from './deadline.ts';
import { explainFlows } from './explain.ts';
import { keepInventory } from './inventory.ts';
import { findKnocks } from './knocks.ts';
import { KnowledgeBase } from './knowledge.ts';
import { MemoryGuard } from './memory-guard.ts';
import { isPartOf, partOfAnswer, selectionOf } from './part-of-answer.ts';
import { placesOf } from './places.ts';
import { Rest } from './rest.ts';
import { schemaDimensions } from './schema.ts';
import { Place, pacedResult } from './sql-stream.ts';

/** A query, and which flows it is about, in which state of the store. */
interface Selecting {
  readonly query: Query;
  readonly selection: string;
}

/** What a question is worked out with. */
interface Asked {
  readonly deadline: Deadline;
  readonly client: string;
}

type Handlers = {
  readonly [M in Method]: (
    params: Calls[M]['params'],
    options: CallOptions,
    asked: Asked,
  ) => Promise<Calls[M]['result']>;
};

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
/** An investigation reads the flows several times. */
const READS = { query: 1, records: 1, explain: 10, knocks: 20 };
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
  readonly #knowledge: KnowledgeBase;
  readonly #queue: CallQueue;
  readonly #answers: AnswerCache<Answer, Selecting>;
  readonly #knocks: AnswerCache<Knocks>;
  readonly #rest = new Rest();
  readonly #memory: MemoryGuard;
  #status: { readonly key: string; readonly status: Promise<StoreStatus> } | null = null;
  readonly #handlers: Handlers = {
    query: (params, _, asked) => this.#query(params, asked),
    records: ({ request }, _, asked) => this.#records(request, asked),
    knocks: (params, _, asked) => this.#findKnocks(params, asked),
    explain_query: async ({ query }) => ({ sql: await this.#store.describe(parseQuery(query)) }),
    explain: ({ request }, _, asked) => this.#explain(request, asked),
    inventory_add: (request) => keepInventory(this.#store, request),
    names: async () => ({ names: (await this.#knowledge.now()).names() }),
    places: async ({ request }) => placesOf(request, (await this.#knowledge.now()).addresses),
    schema: () => this.#schema(),
    status: () => this.#storeStatus(),
    load: async () => this.#queue.load,
    ingest: async ({ names, cwd, format }, options) =>
      ingest(this.#store, await findFiles(names, cwd, this.#store.folder), { format, ...options }),
    compact: () => this.#store.compact(),
    retain: (request) => this.#store.retain(request),
  };

  constructor(store: FlowStore, options: Partial<LocalServiceOptions> = {}) {
    this.#store = store;
    this.#options = { ...defaultOptions, ...options };
    this.#queue = new CallQueue(this.#options.queue);
    this.#memory = new MemoryGuard(this.#options.processBytes);
    const cells = this.#options.answerBytes / BYTES_PER_CELL;
    this.#answers = new AnswerCache(({ rows, columns }) => rows.length * columns.length, cells);
    this.#knocks = new AnswerCache(({ findings }) => JSON.stringify(findings).length / 8, cells / 10);
    this.#knowledge = new KnowledgeBase(store);
    store.enrichFrom(async () => (await this.#knowledge.now()).addresses);
  }

  call<M extends Method>(
    method: M,
    params: Calls[M]['params'],
    options: CallOptions = {},
  ): Promise<Calls[M]['result']> {
    return this.#rest.during(async () => {
      const { signal, client = '' } = options;
      const deadline = new Deadline(questions.has(method) ? this.#options.timeLimitMs : null, signal);
      const work = (): Promise<Calls[M]['result']> =>
        this.#handlers[method](params, options, { deadline, client });
      try {
        return await (questions.has(method) ? deadline.race(this.#onOneFile(work)) : work());
      } finally {
        deadline.end();
      }
    });
  }

  async sql(text: string, { signal, client = '' }: CallOptions = {}): Promise<SqlResult> {
    const rest = this.#rest.begin();
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
   * Gets ready for questions about what is known of addresses, which would otherwise wait for it: once nobody has asked
   * anything for `quietMs`, since whoever asks meanwhile would wait for that. Rejects if aborted.
   */
  async prepare(quietMs: number, signal: AbortSignal): Promise<void> {
    await this.#rest.quietFor(quietMs, signal);
    await this.#store.prepare(signal);
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
    { deadline, client }: Asked,
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

  async #records(json: unknown, asked: Asked): Promise<RecordsPage> {
    const request = parseRecordsRequest(json);
    const guessMs = await this.#guessMs(request.time, request.timezone, READS.records);
    return this.#inTurn(asked, asked.deadline.signal, guessMs, (options) =>
      this.#store.records(request, options),
    );
  }

  async #explain(json: unknown, asked: Asked): Promise<Explanation> {
    const { time, timezone } = parseExplain(json);
    const guessMs = await this.#guessMs(time, timezone, READS.explain);
    return this.#inTurn(asked, asked.deadline.signal, guessMs, (options) =>
      explainFlows(this.#store, json, options),
    );
  }

  async #findKnocks({ time, fresh }: Calls['knocks']['params'], asked: Asked): Promise<Knocks> {
    const { investigation, addresses } = await this.#knowledge.now();
    const query = parseQuery(time === null ? {} : { time });
    const guessMs = await this.#guessMs(query.time, query.timezone, READS.knocks);
    const find = (signal: AbortSignal): Promise<Knocks> =>
      this.#inTurn(asked, signal, guessMs, (options) =>
        findKnocks(this.#store, time, options, investigation),
      );
    if (fresh === true) return find(asked.deadline.signal);
    const key = `${this.#store.revision} ${addresses.revision} ${JSON.stringify(time)}`;
    return this.#knocks.get(key, null, asked.deadline.signal, find);
  }

  async #query({ query: json, fresh }: Calls['query']['params'], asked: Asked): Promise<Answer> {
    const query = parseQuery(json);
    const ask = async (question: Query, signal: AbortSignal): Promise<Answer> => {
      const guessMs = await this.#guessMs(question.time, question.timezone, READS.query);
      return this.#inTurn(asked, signal, guessMs, (options) => this.#store.query(question, options));
    };
    if (fresh === true) return ask(query, asked.deadline.signal);
    const revision = await this.#revisionFor(query);
    const key = `${revision} ${JSON.stringify(formatQuery(query))}`;
    const selection = `${revision} ${selectionOf(query)}`;
    return this.#answers.get(key, { query, selection }, asked.deadline.signal, async (signal) => {
      const wider = this.#answers.find(
        (other, done) =>
          other.selection === selection &&
          isPartOf(query, other.query) &&
          // What is quick to ask must not wait for what is slow.
          (done || query.splits.length === other.query.splits.length || other.query.splits.length <= 1),
      );
      if (wider === null) return ask(query, signal);
      const { key: widerKey, question } = wider;
      try {
        const answer = await this.#answers.get(widerKey, question, signal, (shared) =>
          ask(question.query, shared),
        );
        return partOfAnswer(query, question.query, answer);
      } catch (error) {
        // The other's troubles (its time limit) are not this one's.
        if (signal.aborted) throw error;
        return ask(query, signal);
      }
    });
  }

  /** Of what an answer depends on: the store, and for what is derived, databases beside it. */
  async #revisionFor({ filter, splits }: Query): Promise<string> {
    const { revision } = this.#store;
    if (![...filter, ...splits].some(({ field }) => isDerivedName(field))) return String(revision);
    return `${revision} ${(await this.#knowledge.now()).addresses.revision}`;
  }

  async #schema(): Promise<StoreSchema> {
    const [status, known] = await Promise.all([this.#storeStatus(), this.#knowledge.now()]);
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
      },
      timezone: 'Etc/UTC',
    };
  }

  /** Read once a state of the store: it must come at once, whatever else the engine has to do. */
  async #storeStatus(): Promise<StoreStatus> {
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
