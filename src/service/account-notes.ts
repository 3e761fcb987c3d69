import type { SourceStatus } from '../model/source-status.ts';

/** The result of the last search of an account whose sources are followed. */
export interface AccountNote {
  /** The id of the searching process: a later note of the same id replaces this one. */
  readonly id: string;
  /** Its known sources. */
  readonly sources: readonly string[];
  /** Problems, as sentences. */
  readonly warnings: readonly string[];
  /** Milliseconds until the next search. */
  readonly every: number;
}

/** How many searches may be missing before a note expires, because the searching process has ended. */
const MOST_MISSED = 3;
/** The name of an account without sources yet. */
const ACCOUNT = 'aws:';

/** Problems of accounts that are searched for sources. */
export class AccountNotes {
  readonly #notes = new Map<string, { readonly note: AccountNote; readonly at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  keep(note: AccountNote): void {
    if (note.warnings.length === 0) this.#notes.delete(note.id);
    else this.#notes.set(note.id, { note, at: this.#now() });
  }

  /** Problems of the account of a source. */
  warningsOf(source: string): readonly string[] {
    return this.#current()
      .filter(({ note }) => note.sources.includes(source))
      .flatMap(({ note }) => note.warnings);
  }

  /** A status for accounts without a known source; null: none. */
  waiting(): SourceStatus | null {
    const without = this.#current().filter(({ note }) => note.sources.length === 0);
    const [first] = without;
    if (first === undefined) return null;
    const at = new Date(first.at).toISOString();
    return {
      id: ACCOUNT,
      kind: 'aws',
      state: 'waiting',
      paused: false,
      lag_seconds: null,
      lag_objects: null,
      records: 0,
      objects: 0,
      rate: 0,
      last_success: null,
      last_error: { code: 'source_refused', message: first.note.warnings[0] ?? '', at },
      unreadable: [],
      warnings: [...new Set(without.flatMap(({ note }) => note.warnings))].slice(1),
      next_try: new Date(first.at + first.note.every).toISOString(),
    };
  }

  #current() {
    const now = this.#now();
    return [...this.#notes.values()].filter(({ note, at }) => now - at < MOST_MISSED * note.every);
  }
}
