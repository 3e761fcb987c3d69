import { type Urgency, urgencies } from '../model/query/urgency.ts';

/** The lowest priority of calls that a client waits for; lower ones are background work. */
const LAST_WAITED_FOR = urgencies.indexOf('totals');

/** The priority of work with several waiting clients: the highest of theirs. It never decreases. */
export class SharedUrgency {
  #urgency: Urgency;
  readonly #followers = new Set<() => void>();

  constructor(urgency: Urgency = 'chart') {
    this.#urgency = urgency;
  }

  get urgency(): Urgency {
    return this.#urgency;
  }

  /** 0 is the highest priority. */
  get rank(): number {
    return urgencies.indexOf(this.#urgency);
  }

  get isBackground(): boolean {
    return this.rank > LAST_WAITED_FOR;
  }

  /** Raises it to the priority of another, now and whenever that increases. Returns a function that ends this. */
  follow(other: SharedUrgency): () => void {
    this.#raise(other);
    return other.onRaise(() => this.#raise(other));
  }

  /** Calls a listener whenever the priority has increased. Returns a function that ends this. */
  onRaise(raised: () => void): () => void {
    this.#followers.add(raised);
    return () => this.#followers.delete(raised);
  }

  #raise(other: SharedUrgency): void {
    if (other.rank >= this.rank) return;
    this.#urgency = other.urgency;
    for (const raised of this.#followers) raised();
  }
}
