/** Lets `rate` through a second, and twice as many at once after a pause. Times are milliseconds of one clock. */
export class TokenBucket {
  readonly #rate: number;
  #tokens: number;
  #at: number;

  constructor(rate: number, now: number) {
    this.#rate = rate;
    this.#tokens = rate * 2;
    this.#at = now;
  }

  /** Whether one more may pass now; if so, it counts. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#rate * 2, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
