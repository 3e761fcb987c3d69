import type { SqlResult, SqlRows } from '../engine/engine.ts';
import type { CallQueue, Work } from './call-queue.ts';
import type { Deadline } from './deadline.ts';

/** Milliseconds after which a result that nobody reads on gives its place to others. */
const PATIENCE = 250;

/** A place in the queue that can be given up and taken again. */
export class Place {
  readonly #queue: CallQueue;
  readonly #client: string;
  readonly #deadline: Deadline;
  #guessMs = 0;
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

  /** Takes the place again that was left, for the same work. */
  async return(): Promise<void> {
    if (this.#leave === null)
      await this.#enter({ client: this.#client, guessMs: this.#guessMs, resumed: true });
  }

  async #enter(work: Work): Promise<void> {
    this.#leave = await this.#queue.enter(work, this.#deadline.leftMs, this.#deadline.signal);
  }

  leave(): void {
    this.#leave?.();
    this.#leave = null;
  }
}

/**
 * A result as it is read by somebody, who may be slow: the time in which nothing is asked of the engine doesn't count
 * against the time limit, and a place that isn't used is given to others. Calls `onEnd` once, however it ends.
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
        deadline.resume();
        await place.return();
      }
    } finally {
      await end();
    }
  }
  return { columns, batches: paced(), close: end };
}
