/** Milliseconds between evaluations after an error: 10 s, 20 s, …, 5 minutes. */
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 300_000;

/** When alerts whose evaluation failed are evaluated again. Not stored: after a restart they are evaluated at once. */
export class EvaluationRetries {
  readonly #failed = new Map<string, { readonly times: number; readonly next: number }>();

  isDue(id: string, now: number): boolean {
    return (this.#failed.get(id)?.next ?? 0) <= now;
  }

  failed(id: string, now: number): void {
    const times = (this.#failed.get(id)?.times ?? 0) + 1;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(20, times - 1));
    this.#failed.set(id, { times, next: now + wait });
  }

  succeeded(id: string): void {
    this.#failed.delete(id);
  }
}
