/** The window of the average, in milliseconds. */
const WINDOW = 60_000;
const MOST_SAMPLES = 240;

/** Records per second over the last minute, from samples of the total. */
export class RecordRate {
  readonly #now: () => number;
  #samples: { readonly at: number; readonly total: number }[];

  /** @param now milliseconds of a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#samples = [{ at: now(), total: 0 }];
  }

  /** Adds a sample: the number of records since the start. */
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
    // In the first minute the average is over the elapsed time, at least ten seconds.
    const seconds = Math.max(10_000, Math.min(WINDOW, this.#now() - first.at)) / 1000;
    return (last.total - first.total) / seconds;
  }

  /** Keeps one sample older than the window: the total at its start. */
  #forget(): void {
    const from = this.#now() - WINDOW;
    while (this.#samples.length > 1 && this.#samples[1]!.at <= from) this.#samples.shift();
  }
}
