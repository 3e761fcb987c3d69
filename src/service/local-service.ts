import { compact } from '../engine/duckdb/compaction.ts';
import { DuckDbEngine } from '../engine/duckdb/duckdb-engine.ts';
import { KnownAddresses } from '../engine/duckdb/known-addresses.ts';
import { retain } from '../engine/duckdb/retention.ts';
import { storeStatus } from '../engine/duckdb/status.ts';
import type { Store } from '../engine/duckdb/store.ts';
import type { RunOptions } from '../engine/engine.ts';
import { ingest } from '../ingest/ingest.ts';
import { measures } from '../model/catalog/measures.ts';
import type { Answer } from '../model/query/answer.ts';
import { formatQuery } from '../model/query/format-query.ts';
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
import { schemaDimensions } from './schema.ts';

type Handlers = {
  readonly [M in Method]: (params: Calls[M]['params'], options: CallOptions) => Promise<Calls[M]['result']>;
};

/** Asks a store that this process holds. */
export class LocalService implements StoreService {
  readonly #store: Store;
  readonly #knowledge: KnowledgeBase;
  readonly #addresses: KnownAddresses;
  readonly #engine: DuckDbEngine;
  readonly #answers = new AnswerCache();
  readonly #handlers: Handlers = {
    query: (params, options) => this.#query(params, options),
    records: ({ request, timeoutMs }, options) =>
      this.#engine.records(parseRecordsRequest(request), running(options, timeoutMs)),
    sql: ({ text, timeoutMs }, options) => this.#engine.sql(text, running(options, timeoutMs)),
    knocks: async ({ time, timeoutMs }, options) => {
      const { investigation } = await this.#knowledge.now();
      return findKnocks(this.#store, this.#engine, time, running(options, timeoutMs), investigation);
    },
    explain_query: async ({ query }) => ({ sql: await this.#engine.describe(parseQuery(query)) }),
    explain: ({ request, timeoutMs }, options) =>
      explainFlows(this.#store, request, running(options, timeoutMs)),
    inventory_add: (request) => keepInventory(this.#store, request),
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
    return this.#handlers[method](params, options);
  }

  async #query(
    { query: json, timeoutMs, fresh }: Calls['query']['params'],
    options: CallOptions,
  ): Promise<Answer> {
    const query = parseQuery(json);
    if (fresh === true) return this.#engine.query(query, running(options, timeoutMs));
    const key = `${this.#store.revision} ${JSON.stringify(formatQuery(query))}`;
    return this.#answers.get(key, options.signal, (signal) =>
      this.#engine.query(query, running({ ...options, signal }, timeoutMs)),
    );
  }

  async #schema(): Promise<StoreSchema> {
    const status = await storeStatus(this.#store);
    return {
      version,
      dimensions: schemaDimensions(this.#store.columns.flow),
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
