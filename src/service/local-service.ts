import { compact } from '../engine/duckdb/compaction.ts';
import { DuckDbEngine } from '../engine/duckdb/duckdb-engine.ts';
import { KnownAddresses, isDerivedName } from '../engine/duckdb/known-addresses.ts';
import { retain } from '../engine/duckdb/retention.ts';
import { storeStatus } from '../engine/duckdb/status.ts';
import type { Store } from '../engine/duckdb/store.ts';
import type { RunOptions } from '../engine/engine.ts';
import { ingest } from '../ingest/ingest.ts';
import { measures } from '../model/catalog/measures.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import type { Answer } from '../model/query/answer.ts';
import { formatQuery } from '../model/query/format-query.ts';
import type { Query } from '../model/query/query.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { parseRecordsRequest } from '../model/query/parse-records.ts';
import type { StoreSchema } from '../model/store-schema.ts';
import { findFiles } from '../sources/files.ts';
import { version } from '../version.ts';
import { AnswerCache } from './answer-cache.ts';
import type { CallOptions, Calls, Method, StoreService } from './calls.ts';
import { explainFlows } from './explain.ts';
import { keepInventory } from './inventory.ts';
import { findKnocks } from './knocks.ts';
import { KnowledgeBase } from './knowledge.ts';
import { isPartOf, partOfAnswer, selectionOf } from './part-of-answer.ts';
import { Rest } from './rest.ts';
import { schemaDimensions } from './schema.ts';

/** A query, and which flows it is about, in which state of the store. */
interface Selecting {
  readonly query: Query;
  readonly selection: string;
}

type Handlers = {
  readonly [M in Method]: (params: Calls[M]['params'], options: CallOptions) => Promise<Calls[M]['result']>;
};

/** Asks a store that this process holds. */
export class LocalService implements StoreService {
  readonly #store: Store;
  readonly #knowledge: KnowledgeBase;
  readonly #addresses: KnownAddresses;
  readonly #engine: DuckDbEngine;
  readonly #answers = new AnswerCache<Answer, Selecting>(({ rows, columns }) => rows.length * columns.length);
  readonly #knocks = new AnswerCache<Knocks>(({ findings }) => JSON.stringify(findings).length / 8);
  readonly #rest = new Rest();
  readonly #handlers: Handlers = {
    query: (params, options) => this.#query(params, options),
    records: ({ request, timeoutMs }, options) =>
      this.#engine.records(parseRecordsRequest(request), running(options, timeoutMs)),
    sql: ({ text, timeoutMs }, options) => this.#engine.sql(text, running(options, timeoutMs)),
    knocks: (params, options) => this.#findKnocks(params, options),
    explain_query: async ({ query }) => ({ sql: await this.#engine.describe(parseQuery(query)) }),
    explain: ({ request, timeoutMs }, options) =>
      explainFlows(this.#store, this.#addresses, request, running(options, timeoutMs)),
    inventory_add: (request) => keepInventory(this.#store, request),
    names: async () => ({ names: (await this.#knowledge.now()).names() }),
    schema: () => this.#schema(),
    status: () => storeStatus(this.#store),
    ingest: async ({ names, cwd, format }, options) =>
      ingest(this.#store, await findFiles(names, cwd, this.#store.options.folder), { format, ...options }),
    compact: () => compact(this.#store),
    retain: (request) => retain(this.#store, request),
  };

  constructor(store: Store) {
    this.#store = store;
    this.#knowledge = new KnowledgeBase(store);
    this.#addresses = new KnownAddresses(store, async () => (await this.#knowledge.now()).addresses);
    this.#engine = new DuckDbEngine(store, this.#addresses);
  }

  call<M extends Method>(
    method: M,
    params: Calls[M]['params'],
    options: CallOptions = {},
  ): Promise<Calls[M]['result']> {
    return this.#rest.during(() => this.#handlers[method](params, options));
  }

  /**
   * Gets ready for questions about what is known of addresses, which would otherwise wait for it: once nobody has asked
   * anything for `quietMs`, since whoever asks meanwhile would wait for that. Rejects if aborted.
   */
  async prepare(quietMs: number, signal: AbortSignal): Promise<void> {
    await this.#rest.quietFor(quietMs, signal);
    await this.#addresses.prepare(signal);
  }

  async #findKnocks(
    { time, timeoutMs, fresh }: Calls['knocks']['params'],
    options: CallOptions,
  ): Promise<Knocks> {
    const { investigation, addresses } = await this.#knowledge.now();
    const find = (signal: AbortSignal | undefined): Promise<Knocks> =>
      findKnocks(
        this.#store,
        this.#engine,
        time,
        running({ ...options, ...(signal === undefined ? {} : { signal }) }, timeoutMs),
        investigation,
      );
    if (fresh === true) return find(options.signal);
    const key = `${this.#store.revision} ${addresses.revision} ${JSON.stringify(time)}`;
    return this.#knocks.get(key, null, options.signal, find);
  }

  async #query(
    { query: json, timeoutMs, fresh }: Calls['query']['params'],
    options: CallOptions,
  ): Promise<Answer> {
    const query = parseQuery(json);
    if (fresh === true) return this.#engine.query(query, running(options, timeoutMs));
    const revision = await this.#revisionFor(query);
    const key = `${revision} ${JSON.stringify(formatQuery(query))}`;
    const selection = `${revision} ${selectionOf(query)}`;
    return this.#answers.get(key, { query, selection }, options.signal, async (signal) => {
      const wider = this.#answers.find(
        (other, done) =>
          other.selection === selection &&
          isPartOf(query, other.query) &&
          // What is quick to ask must not wait for what is slow.
          (done || query.splits.length === other.query.splits.length || other.query.splits.length <= 1),
      );
      const ask = (asked: Query): Promise<Answer> =>
        this.#engine.query(asked, running({ ...options, signal }, timeoutMs));
      if (wider === null) return ask(query);
      const { key: widerKey, question } = wider;
      try {
        const answer = await this.#answers.get(widerKey, question, signal, () => ask(question.query));
        return partOfAnswer(query, question.query, answer);
      } catch (error) {
        // The other's troubles (its time limit) are not this one's.
        if (signal.aborted) throw error;
        return ask(query);
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
    const [status, known] = await Promise.all([storeStatus(this.#store), this.#knowledge.now()]);
    return {
      version,
      dimensions: schemaDimensions(this.#store.columns.flow, known.addresses.has),
      measures,
      store: {
        flows: status.flows,
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
}

function running(options: CallOptions, timeoutMs: number | null): RunOptions {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(timeoutMs === null ? {} : { timeoutMs }),
  };
}
