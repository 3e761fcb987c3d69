import type { DuckDBConnection } from '@duckdb/node-api';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import { queryField } from '../../model/query/query-field.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import { type OpenFlows, conversations } from '../../sql/derived/initiator.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import type { Database } from './database.ts';
import { fromDuckDb } from './duckdb-errors.ts';
import { EnrichmentTables } from './enrichment-tables.ts';
import type { Store } from './store.ts';

interface Filled {
  readonly tables: EnrichmentTables;
  readonly database: Database;
  /** The revision of the enrichment, and of the store. */
  readonly enrichment: string;
  readonly revision: number;
}

/** Fields whose tables are filled ahead: addresses always are. Who began a conversation is worked out again after each commit. */
const PREPARED: readonly string[] = ['service_name'];

/** So often an answer is worked out again because flows came in meanwhile; the last time they wait for it. */
const TRIES = 3;

/**
 * Keeps the tables that derived fields are looked up in up to date with the store and the enrichment: filled when first asked
 * for, added to when flows come in, made again when an inventory does.
 */
export class EnrichmentUpdater {
  readonly #store: Store;
  readonly #enrichment: () => Promise<Enrichment>;
  readonly #table: string;
  readonly #open: OpenFlows | null;
  #filled: Filled | null = null;
  #conversations: Pick<Filled, 'database' | 'revision'> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * `enrichment` gives the current facts; asked before each use.
   *
   * @param table that has all addresses: its name, or a SELECT in brackets
   * @param open as for `conversations`
   */
  constructor(
    store: Store,
    enrichment: () => Promise<Enrichment>,
    table = 'flow_hour',
    open: OpenFlows | null = null,
  ) {
    this.#open = open;
    this.#store = store;
    this.#enrichment = enrichment;
    this.#table = table;
  }

  /**
   * Does work over tables that have every address of the store, again if that changed meanwhile. Not for work inside a write.
   * @param names the fields that the work is about
   */
  async whileCurrent<T>(names: readonly string[], work: (state: EnrichmentState) => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => work(await this.current(names));
    for (let tries = 1; tries < TRIES; tries++) {
      const { revision } = this.#store;
      const result = await attempt();
      if (this.#store.revision === revision) return result;
    }
    return this.#store.exclusively(attempt);
  }

  /**
   * Fills the tables ahead of the first question, unless they were filled since the store's file was opened. Questions
   * that come meanwhile wait for it. Rejects if `signal` is aborted before it is done, or if filling fails.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#filled?.database !== this.#store.database) await this.current(PREPARED, signal);
  }

  /** Sees to it that the tables have every address there is now. One at a time: who comes meanwhile finds them done. */
  current(names: readonly string[], signal?: AbortSignal): Promise<EnrichmentState> {
    const kinds = new Set(names.map(derivationOf));
    const fill = async (): Promise<EnrichmentState> => {
      const tables = await this.#fill(signal);
      if (kinds.has('port')) await this.#fillPorts(tables);
      if (kinds.has('start')) await this.#fillConversations();
      return tables.state;
    };
    const turn = this.#turn.then(fill, fill);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #fill(signal?: AbortSignal): Promise<EnrichmentTables> {
    signal?.throwIfAborted();
    const { database, revision, columns } = this.#store;
    const enrichment = await this.#enrichment();
    const before = this.#filled;
    if (before?.database !== database || before.enrichment !== enrichment.revision) {
      this.#filled = null;
      const tables = await this.#write(
        (api) => EnrichmentTables.create(api, enrichment, this.#table, columns.flow, signal),
        signal,
      );
      this.#filled = { tables, database, enrichment: enrichment.revision, revision };
      return tables;
    }
    if (before.revision === revision) return before.tables;
    this.#filled = null;
    await this.#write((api) => before.tables.update(api, this.#table, columns.flow));
    this.#filled = { ...before, revision };
    return before.tables;
  }

  async #fillPorts(tables: EnrichmentTables): Promise<void> {
    const before = this.#filled;
    this.#filled = null;
    await this.#write((api) => tables.addPorts(api));
    this.#filled = before;
  }

  /** Made again after each commit that comes before a question about them: only those flows are read that leave it open who began. */
  async #fillConversations(): Promise<void> {
    const { database, revision, columns } = this.#store;
    const before = this.#conversations;
    if (before?.database === database && before.revision === revision) return;
    const select = conversations(columns.flow, duckdb, this.#open);
    const statement = `CREATE OR REPLACE TABLE ${duckdb.tables.enrichment.conversation} AS ${select}`;
    if (select !== null) await this.#write((api) => api.run(statement));
    this.#conversations = { database, revision };
  }

  async #write<T>(work: (api: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      // A connection whose work failed is not used again, and so its transaction ends.
      return await this.#store.database.withConnection(async ({ api }) => {
        const interrupt = (): void => api.interrupt();
        signal?.addEventListener('abort', interrupt, { once: true });
        try {
          return await work(api);
        } finally {
          signal?.removeEventListener('abort', interrupt);
        }
      });
    } catch (error) {
      throw fromDuckDb(error, 'engine_failed');
    }
  }
}

/** How a derived field's values come about; undefined for any other name. */
function derivationOf(name: string): DerivedField['derivation']['kind'] | undefined {
  const field = queryField(name);
  return field !== undefined && isDerived(field) ? field.derivation.kind : undefined;
}
