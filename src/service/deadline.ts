import { setMaxListeners } from 'node:events';
import { PeepholeError, abortReason } from '../model/errors.ts';

/**
 * The time limit of a request, including waiting in the queue; for an answer in parts, it restarts with each
 * part. `signal` is aborted with code `timeout` when the time is over, and with `cancelled` when the
 * given signal is.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #limitMs: number | null;
  readonly #given: AbortSignal | undefined;
  readonly #cancel = (): void => {
    if (this.#given !== undefined) this.#controller.abort(abortReason(this.#given));
  };
  #leftMs: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs null: for ever */
  constructor(limitMs: number | null, given?: AbortSignal) {
    this.#limitMs = limitMs;
    this.#leftMs = limitMs ?? Infinity;
    this.#given = given;
    // An answer may take many statements at once.
    setMaxListeners(0, this.signal);
    if (given?.aborted === true) this.#cancel();
    else given?.addEventListener('abort', this.#cancel, { once: true });
    this.resume();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Remaining milliseconds; Infinity without a limit. */
  get leftMs(): number {
    return this.#timer === undefined ? this.#leftMs : this.#leftMs - (performance.now() - this.#since);
  }

  /** Ends it before its time. */
  abort(error: PeepholeError): void {
    this.#controller.abort(error);
  }

  /** Pauses the clock: the client is not waiting now. */
  pause(): void {
    this.#leftMs = this.leftMs;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Restarts the clock: a part of the answer was sent, and the next one is awaited. */
  restart(): void {
    this.pause();
    this.#leftMs = this.#limitMs ?? Infinity;
    this.resume();
  }

  resume(): void {
    if (this.#limitMs === null || this.#timer !== undefined || this.signal.aborted) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, this.#leftMs));
  }

  /** The result of `work`, or the reason of the signal if it is aborted first; the work then stops on its own. */
  async race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    let stop: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(abortReason(signal));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  }

  /** Disposes of the timer: nothing is aborted any more. */
  end(): void {
    this.pause();
    this.#given?.removeEventListener('abort', this.#cancel);
  }

  #expire(): void {
    const seconds = (this.#limitMs ?? 0) / 1000;
    this.#controller.abort(
      new PeepholeError(
        'timeout',
        `No answer within ${seconds} s, waiting included, so it was stopped. Narrow the time range or raise --query-timeout.`,
      ),
    );
  }
}
