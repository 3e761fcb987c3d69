import type { UnkeptVisits, VisitBound } from '../model/visits/visit.ts';

/** Past a bound, for one port and bound at most one line a second. */
const INTERVAL = 1_000;

type Count = { -readonly [Key in keyof Omit<UnkeptVisits, 'id'>]: UnkeptVisits[Key] };

/** Visits past a bound, counted by protocol, port and bound until a line says how many they were. */
export class UnkeptCounts {
  readonly #counts = new Map<string, Count>();
  /** When the last line of a key was written, in milliseconds of `performance.now()`. */
  readonly #written = new Map<string, number>();

  /** @param now in milliseconds of `Date` */
  add(protocol: 'tcp' | 'udp', port: number, bound: VisitBound, address: string | null, now: number): void {
    const at = new Date(now).toISOString();
    this.merge({ at, last_at: at, protocol, port, unkept: 1, bound, source_address: address });
  }

  /** Adds what was counted elsewhere, or could not be written after all. */
  merge(more: Omit<UnkeptVisits, 'id'>): void {
    const key = `${more.protocol}/${more.port}/${more.bound}`;
    const count = this.#counts.get(key);
    if (count === undefined) {
      this.#counts.set(key, { ...more });
      return;
    }
    if (more.at < count.at) count.at = more.at;
    if (more.last_at > count.last_at) count.last_at = more.last_at;
    count.unkept += more.unkept;
    if (count.source_address !== more.source_address) count.source_address = null;
  }

  /**
   * Gives each count whose time has come to `write`, and forgets those that it took.
   *
   * @param now of a clock that is never set
   * @param all those too whose last line is younger than a second
   */
  drain(now: number, all: boolean, write: (count: Omit<UnkeptVisits, 'id'>) => boolean): void {
    // As they are now: what can't be written is added again meanwhile.
    const counts = [...this.#counts];
    for (const [key, count] of counts) {
      if (!all && now - (this.#written.get(key) ?? -Infinity) < INTERVAL) continue;
      // Forgotten before it is written: what can't be written comes back by `merge`.
      this.#counts.delete(key);
      if (write(count)) this.#written.set(key, now);
      else this.merge(count);
    }
  }
}
