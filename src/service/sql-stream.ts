import type { SqlResult, SqlRows } from '../engine/engine.ts';
import type { CallQueue, Work } from './call-queue.ts';
import type { Deadline } from './deadline.ts';

/** Milliseconds after which a result without a reader releases its slot. */
const PATIENCE = 250;

/** Milliseconds after which a long result gives way to waiting calls. */
const TURN = 1_000;

/** A slot of the queue that can be released and taken again. */
export class QueueSlot {
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

  /** Takes a slot for so much work, instead of the one it has. */
  async take(guessMs: number): Promise<void> {
    this.leave();
    this.#guessMs = guessMs;
    await this.#enter({ client: this.#client, guessMs });
  }

  /** Takes the released slot again for the same work; waiting calls go first if it had the slot for long. */
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
 * A result whose reader may be slow: the time limit applies to its first rows and then to each further batch, and an unused
 * slot is released. Calls `onEnd` once, however it ends.
 */
export function pacedResult(
  { columns, batches, close }: SqlResult,
  slot: QueueSlot,
  deadline: Deadline,
  onEnd: () => void,
): SqlResult {
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await close();
    slot.leave();
    deadline.end();
    onEnd();
  };
  async function* paced(): AsyncGenerator<SqlRows> {
    try {
      for await (const rows of batches) {
        deadline.pause();
        const leaving = setTimeout(() => slot.leave(), PATIENCE).unref();
        yield rows;
        clearTimeout(leaving);
        // Waiting for a slot does not count: the clock continues once it has one.
        await slot.return();
        deadline.restart();
      }
    } finally {
      await end();
    }
  }
  return { columns, batches: paced(), close: end };
}
