import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddressKnowledge } from '../../model/catalog/address-facts.ts';
import { isDerived } from '../../model/catalog/derived-field.ts';
import { queryField } from '../../model/query/query-field.ts';
import type { KnownState } from '../../sql/compile-context.ts';
import { createConversations } from '../../sql/dialects/duckdb-started.ts';
import type { Database } from './database.ts';
import { fromDuckDb } from './duckdb-errors.ts';
import { KnownTables } from './known-tables.ts';
import type { Store } from './store.ts';

interface Filled {
  readonly tables: KnownTables;
  readonly database: Database;
  readonly knowledge: string;
  readonly revision: number;
}

/** So often an answer is worked out again because flows came in meanwhile; the last time they wait for it. */
const TRIES = 3;

/**
 * Keeps the tables that derived fields are looked up in as the store and the knowledge are: filled when first asked
 * for, added to when flows come in, made anew when an inventory does.
 */
export class KnownAddresses {
  readonly #store: Store;
  readonly #knowledge: () => Promise<AddressKnowledge>;
  #filled: Filled | null = null;
  #conversations: Pick<Filled, 'database' | 'revision'> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** `knowledge` gives what is known as of now; asked before each use. */
  constructor(store: Store, knowledge: () => Promise<AddressKnowledge>) {
    this.#store = store;
    this.#knowledge = knowledge;
  }

  /**
   * Does work over tables that know every address of the store, again if that changed meanwhile. Not for work inside a write.
   * @param names the fields that the work is about
   */
  async whileCurrent<T>(names: readonly string[], work: (known: KnownState) => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => work(await this.#current(names));
    for (let tries = 1; tries < TRIES; tries++) {
      const { revision } = this.#store;
      const result = await attempt();
      if (this.#store.revision === revision) return result;
    }
    return this.#store.exclusively(attempt);
  }

  /** Sees to it that the tables know every address there is now. One at a time: who comes meanwhile finds them done. */
  #current(names: readonly string[]): Promise<KnownState> {
    const fill = async (): Promise<KnownState> => {
      const state = await this.#fill();
      if (names.some(needsConversations)) await this.#fillConversations();
      return state;
    };
    const turn = this.#turn.then(fill, fill);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #fill(): Promise<KnownState> {
    const { database, revision, columns } = this.#store;
    const knowledge = await this.#knowledge();
    const before = this.#filled;
    if (before?.database !== database || before.knowledge !== knowledge.revision) {
      this.#filled = null;
      const tables = await this.#write((api) =>
        KnownTables.create(api, knowledge, 'flow_hour', columns.flow),
      );
      this.#filled = { tables, database, knowledge: knowledge.revision, revision };
      return tables.state;
    }
    if (before.revision === revision) return before.tables.state;
    this.#filled = null;
    await this.#write((api) => before.tables.update(api, 'flow_hour', columns.flow));
    this.#filled = { ...before, revision };
    return before.tables.state;
  }

  /** Made anew after each commit that comes before a question about them: only those flows are read that leave it open who began. */
  async #fillConversations(): Promise<void> {
    const { database, revision, columns } = this.#store;
    const before = this.#conversations;
    if (before?.database === database && before.revision === revision) return;
    const statement = createConversations(columns.flow);
    if (statement !== null) await this.#write((api) => api.run(statement));
    this.#conversations = { database, revision };
  }

  async #write<T>(work: (api: DuckDBConnection) => Promise<T>): Promise<T> {
    try {
      // A connection whose work failed is not used again, and so its transaction ends.
      return await this.#store.database.withConnection(({ api }) => work(api));
    } catch (error) {
      throw fromDuckDb(error, 'engine_failed');
    }
  }
}

/** Whether a query's field name means a derived field. */
export function isDerivedName(name: string): boolean {
  const field = queryField(name);
  return field !== undefined && isDerived(field);
}

/** Whether a field may need to know what other flows say about who began. */
function needsConversations(name: string): boolean {
  const field = queryField(name);
  return field !== undefined && isDerived(field) && field.derivation.kind === 'start';
}
