import type { SqlResult, SqlRows } from '../engine/engine.ts';
import type { CallQueue, Work } from './call-queue.ts';
import type { Deadline } from './deadline.ts';

/** Milliseconds after which a result that nobody reads on gives its place to others. */
const PATIENCE = 250;

/** Milliseconds after which a long result lets others go first who wait. */
const TURN = 1_000;

/** A place in the queue that can be given up and taken again. */
export class Place {
  readonly #queue: CallQueue;
  readonly #client: string;
  readonly #deadline: Deadline;
  #guessMs = 0;
  #since = 0;
  #leave: (() => void) | null = null;

  constructor(queue: CallQueue, client: string, deadline: Deadline) {
    this.#queue = queue;
    this.#client = client;
    this.#deadline = deadline;
  }

  /** Takes a place for so much work, instead of the one it has. */
  async take(guessMs: number): Promise<void> {
    this.leave();
    this.#guessMs = guessMs;
    await this.#enter({ client: this.#client, guessMs });
  }

  /** Takes the place again that was left, for the same work; lets others go first if it had it for long and they wait. */
  async return(): Promise<void> {
    if (this.#leave === null) await this.#enter(this.#work('resumed'));
    else if (performance.now() - this.#since > TURN && this.#queue.load.waiting > 0) {
      this.leave();
      await this.#enter(this.#work('yielded'));
    }
  }

  #work(before: 'resumed' | 'yielded'): Work {
    return { client: this.#client, guessMs: this.#guessMs, before };
  }

  async #enter(work: Work): Promise<void> {
    this.#leave = await this.#queue.enter(work, this.#deadline.leftMs, this.#deadline.signal);
    this.#since = performance.now();
  }

  leave(): void {
    this.#leave?.();
    this.#leave = null;
  }
}

/**
 * A result as it is read by somebody, who may be slow: the time limit holds for its first rows and then for each further
 * batch, and a place that isn't used is given to others. Calls `onEnd` once, however it ends.
 */
export function pacedResult(
  { columns, batches, close }: SqlResult,
  place: Place,
  deadline: Deadline,
  onEnd: () => void,
): SqlResult {
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await close();
    place.leave();
    deadline.end();
    onEnd();
  };
  async function* paced(): AsyncGenerator<SqlRows> {
    try {
      for await (const rows of batches) {
        deadline.pause();
        const leaving = setTimeout(() => place.leave(), PATIENCE).unref();
        yield rows;
        clearTimeout(leaving);
        // Others' work is not held against it: the clock goes on once it has its place.
        await place.return();
        deadline.restart();
      }
    } finally {
      await end();
    }
  }
  return { columns, batches: paced(), close: end };
}
