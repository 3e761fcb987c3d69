import type { FlowNeed } from '../../sql/flow-need.ts';
import { hourRollup } from '../../sql/plan/usual-rollups.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';

/** Fills a table with the flows that a statement needs, or takes it away again. */
export interface FlowFetcher {
  fetch(table: string, need: FlowNeed<Dialect>): Promise<void>;
  drop(table: string): Promise<void>;
}

/**
 * The flows that the statements of a session need: those of a statement are fetched before it runs, and let go of after it, unless
 * others need the same.
 */
export class FetchedFlows {
  readonly dialect: Dialect;
  readonly #fetcher: FlowFetcher;
  readonly #needs = new Map<string, FlowNeed<Dialect>>();
  /** Names of tables, by what is needed by several statements. */
  readonly #shared = new Map<string, string>();
  readonly #there = new Set<string>();
  /** How often something was fetched that several statements need. */
  shares = 0;

  /**
   * @param dialect of the database that the statements run in
   * @param source where all flows are: no table there has this name
   */
  constructor(dialect: Dialect, source: string, fetcher: FlowFetcher) {
    this.#fetcher = fetcher;
    this.dialect = {
      ...dialect,
      tables: { ...dialect.tables, flows: source, flowHours: source, interfaceHours: source },
      // Rows are of the hour, and cut at the ends of ranges.
      rollups: [{ ...hourRollup, timed: true }],
      fetchedFlows: (need) => this.#tableOf(need),
    };
  }

  /** Runs a statement, with all that it needs. */
  async run<T>(sql: string, work: () => Promise<T>): Promise<T> {
    const named = [...new Set(sql.match(/\bfetched_\d+\b/g))];
    for (const table of named) await this.#fetch(table);
    try {
      return await work();
    } finally {
      for (const table of named) await this.#letGo(table);
    }
  }

  #tableOf(need: FlowNeed<Dialect>): string {
    const only = need.only?.(this.dialect);
    const key = need.shared === true ? JSON.stringify({ ...need, only }) : null;
    const known = key === null ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const table = `fetched_${this.#needs.size}`;
    this.#needs.set(table, need);
    if (key !== null) this.#shared.set(key, table);
    return table;
  }

  async #fetch(table: string): Promise<void> {
    const need = this.#needs.get(table);
    if (need === undefined || this.#there.has(table)) return;
    await this.#fetcher.fetch(table, need);
    this.#there.add(table);
    if (need.shared === true) this.shares++;
  }

  async #letGo(table: string): Promise<void> {
    if (this.#needs.get(table)?.shared === true || !this.#there.delete(table)) return;
    await this.#fetcher.drop(table);
  }
}
