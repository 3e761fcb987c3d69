import type { PeepholeError } from '../../model/errors.ts';
import { toSourceError } from './kafka-errors.ts';
import type { Waiting } from './leaders.ts';
import type { PartitionEnds, TopicClient } from './topic-client.ts';

/** Milliseconds between two checks. */
const BETWEEN = 500;

/**
 * Partitions that wait for a leader. It asks for them again and again, aside from the reading of the others: a broker that
 * can't be reached takes seconds to be known as such.
 */
export class LeaderWatch {
  readonly #client: Pick<TopicClient, 'ends'>;
  #waiting = new Map<number, string>();
  #found: PartitionEnds[] = [];
  #failure: PeepholeError | null = null;
  #looking = false;
  #lookedAt = -Infinity;
  /** How often it was begun anew: what was asked before does not count any more. */
  #begun = 0;

  constructor(client: Pick<TopicClient, 'ends'>) {
    this.#client = client;
  }

  get waiting(): Waiting {
    return this.#waiting;
  }

  /** These wait, and no others. */
  begin(waiting: Waiting): void {
    this.#begun += 1;
    this.#waiting = new Map(waiting);
    this.#found = [];
    this.#failure = null;
  }

  /** These wait, too. */
  add(waiting: Waiting): void {
    for (const [partition, reason] of waiting) this.#waiting.set(partition, reason);
  }

  /** Those that wait no longer. Throws what will not get better by itself. */
  found(): readonly PartitionEnds[] {
    if (this.#failure !== null) throw this.#failure;
    const found = this.#found;
    this.#found = [];
    for (const { partition } of found) this.#waiting.delete(partition);
    if (!this.#looking && this.#waiting.size > 0 && performance.now() - this.#lookedAt >= BETWEEN)
      void this.#look(this.#begun);
    return found;
  }

  async #look(begun: number): Promise<void> {
    this.#looking = true;
    try {
      const { answers, waiting } = await this.#client.ends([...this.#waiting.keys()]);
      if (begun !== this.#begun) return;
      this.#found = [...answers];
      this.add(waiting);
    } catch (error) {
      const failure = toSourceError(error, 'The topic');
      // Else their leader is away still.
      if (begun === this.#begun && failure.code !== 'source_failed') this.#failure = failure;
    } finally {
      this.#looking = false;
      this.#lookedAt = performance.now();
    }
  }
}
