import type { SourceStatus } from '../model/source-status.ts';

/** What the last look at an account came to, whose sources are followed. */
export interface AccountNote {
  /** Of whoever looks: another note of the same replaces this one. */
  readonly id: string;
  /** The sources that are known of it. */
  readonly sources: readonly string[];
  /** What is wrong, as sentences; none: nothing is. */
  readonly warnings: readonly string[];
  /** Milliseconds until the next look. */
  readonly every: number;
}

/** Looks that may be missing before a note counts no more: whoever looked has ended then. */
const MOST_MISSED = 3;
/** What an account is called that has no sources yet. */
const ACCOUNT = 'aws:';

/** What is wrong with the accounts that sources were found in, for as long as somebody looks at them. */
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

  /** What is wrong with the account of a source. */
  warningsOf(source: string): readonly string[] {
    return this.#current()
      .filter(({ note }) => note.sources.includes(source))
      .flatMap(({ note }) => note.warnings);
  }

  /** Stands for the accounts of which no source is known yet; null: there is none. */
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
      warnings: [...new Set(without.flatMap(({ note }) => note.warnings))].slice(1),
      next_try: new Date(first.at + first.note.every).toISOString(),
    };
  }

  #current() {
    const now = this.#now();
    return [...this.#notes.values()].filter(({ note, at }) => now - at < MOST_MISSED * note.every);
  }
}
