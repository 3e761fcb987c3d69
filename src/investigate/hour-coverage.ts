import type { Key } from '../sql/key.ts';

/** Which hours of a range can be known, at each interface. Hours are counted from 1970. */
export class HourCoverage {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
  /** An hour at the edge of the range may contain only a few seconds of it, so silence there means nothing. */
  readonly #firstWhole: number;
  readonly #lastWhole: number;
  readonly #range: { readonly from: number; readonly to: number };
  readonly #logged: ReadonlySet<number>;
  readonly #lost: ReadonlyMap<Key, ReadonlySet<number>>;
  /** For each hour of the range, how many before it have records: what is known of a time is asked for each suspect. */
  readonly #loggedBefore: Uint32Array;

  /**
   * @param logged hours with any record
   * @param lost by interface, hours in which it lost records
   */
  constructor(
    range: { readonly from: number; readonly to: number },
    logged: ReadonlySet<number>,
    lost: ReadonlyMap<Key, ReadonlySet<number>>,
  ) {
    this.first = Math.floor(range.from / 3600);
    this.last = Math.floor((range.to - 1) / 3600);
    this.#firstWhole = Math.ceil(range.from / 3600);
    this.#lastWhole = Math.floor(range.to / 3600) - 1;
    this.#range = range;
    this.#logged = logged;
    this.#lost = lost;
    this.#loggedBefore = new Uint32Array(this.count + 1);
    for (let at = 0; at < this.count; at++)
      this.#loggedBefore[at + 1] = (this.#loggedBefore[at] ?? 0) + (logged.has(this.first + at) ? 1 : 0);
  }

  /** How many whole hours before one are known. */
  knownBefore(hour: number, interfaces: readonly Key[]): number {
    return this.known(this.#firstWhole, hour - 1, interfaces);
  }

  /** How many whole hours after one are known. */
  knownAfter(hour: number, interfaces: readonly Key[]): number {
    return this.known(hour + 1, this.#lastWhole, interfaces);
  }

  /** Hours of which nothing is known, at whichever interface. */
  unknown(): readonly number[] {
    return Array.from({ length: this.count }, (_, at) => this.first + at).filter((hour) => !this.#logged.has(hour)); // prettier-ignore
  }

  /** By interface, hours in which it lost records. */
  get lost(): ReadonlyMap<Key, ReadonlySet<number>> {
    return this.#lost;
  }

  /** Seconds from the first known hour's beginning to the last one's end, within the range. */
  get seconds(): number {
    const logged = [...this.#logged];
    const { from, to } = this.#range;
    const first = logged.reduce((least, hour) => Math.min(least, hour), Infinity);
    const last = logged.reduce((most, hour) => Math.max(most, hour), -Infinity);
    return logged.length === 0 ? to - from : Math.min(to, (last + 1) * 3600) - Math.max(from, first * 3600);
  }

  /** Hours of the range, known or not. */
  get count(): number {
    return this.last - this.first + 1;
  }

  /** Hours of the range with logs: what a share of all time is a share of, since one flow years away makes the range long. */
  get loggedCount(): number {
    return this.#loggedBefore[this.count] ?? 0;
  }

  /** Seconds of the range that lie in hours with logs. */
  get loggedSeconds(): number {
    return this.#secondsLogged(this.#range.from, this.#range.to);
  }

  /** Which share of the seconds with logs lie from one moment (Unix seconds) to another: 0 to 1. */
  share(from: number, to: number): number {
    return this.#secondsLogged(from, to) / Math.max(1, this.loggedSeconds);
  }

  #secondsLogged(from: number, to: number): number {
    const [start, end] = [Math.max(from, this.#range.from), Math.min(to, this.#range.to)];
    if (end <= start) return 0;
    const [first, last] = [Math.floor(start / 3600), Math.ceil(end / 3600) - 1];
    const before = this.#logged.has(first) ? start - first * 3600 : 0;
    const after = this.#logged.has(last) ? (last + 1) * 3600 - end : 0;
    return this.known(first, last, []) * 3600 - before - after;
  }

  /** Whether an hour has logs and lost nothing at any of the interfaces. */
  isKnown(hour: number, interfaces: readonly Key[]): boolean {
    return this.#logged.has(hour) && !interfaces.some((one) => this.#lost.get(one)?.has(hour) === true);
  }

  /** How many hours from one to another, both included, are known. */
  known(from: number, to: number, interfaces: readonly Key[]): number {
    const [first, last] = [Math.max(from, this.first), Math.min(to, this.last)];
    if (last < first) return 0;
    const before = (hour: number): number => this.#loggedBefore[hour - this.first] ?? 0;
    const lost = new Set<number>();
    for (const one of interfaces)
      for (const hour of this.#lost.get(one) ?? [])
        if (hour >= first && hour <= last && this.#logged.has(hour)) lost.add(hour);
    return before(last + 1) - before(first) - lost.size;
  }

  coverage(interfaces: readonly Key[]): { readonly hours: number; readonly unknown_hours: number } {
    return { hours: this.count, unknown_hours: this.count - this.known(this.first, this.last, interfaces) };
  }
}
