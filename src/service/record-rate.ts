/** Milliseconds over which a rate is an average. */
const WINDOW = 60_000;
const MOST_SAMPLES = 240;

/** Records a second over the last minute, from totals noted now and then. */
export class RecordRate {
  readonly #now: () => number;
  #samples: { readonly at: number; readonly total: number }[];

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#samples = [{ at: now(), total: 0 }];
  }

  /** There are so many records now, in all since the beginning. */
  note(total: number): void {
    this.#forget();
    const last = this.#samples.at(-1);
    if (last !== undefined && this.#samples.length > 1 && this.#now() - last.at < WINDOW / MOST_SAMPLES)
      this.#samples.pop();
    this.#samples.push({ at: this.#now(), total });
  }

  get perSecond(): number {
    this.#forget();
    const first = this.#samples[0]!;
    const last = this.#samples.at(-1)!;
    // Before the first minute is over the average is of what there is, of ten seconds at least.
    const seconds = Math.max(10_000, Math.min(WINDOW, this.#now() - first.at)) / 1000;
    return (last.total - first.total) / seconds;
  }

  /** Keeps one sample that is older than the window: what the total was when it began. */
  #forget(): void {
    const from = this.#now() - WINDOW;
    while (this.#samples.length > 1 && this.#samples[1]!.at <= from) this.#samples.shift();
  }
}
