import { type Urgency, urgencies } from '../model/query/urgency.ts';

/** The last rank of what somebody waits for; what comes after it is done in the background. */
const LAST_WAITED_FOR = urgencies.indexOf('totals');

/** How urgent work is that several may wait for: as urgent as it is to any of them. It never becomes less urgent. */
export class SharedUrgency {
  #urgency: Urgency;
  readonly #followers = new Set<() => void>();

  constructor(urgency: Urgency = 'chart') {
    this.#urgency = urgency;
  }

  get urgency(): Urgency {
    return this.#urgency;
  }

  /** 0 is the most urgent. */
  get rank(): number {
    return urgencies.indexOf(this.#urgency);
  }

  get isBackground(): boolean {
    return this.rank > LAST_WAITED_FOR;
  }

  /** Becomes as urgent as another, now and whenever that becomes more urgent. Returns what ends it. */
  follow(other: SharedUrgency): () => void {
    this.#raise(other);
    return other.onRaise(() => this.#raise(other));
  }

  /** Calls whenever it has become more urgent. Returns what ends it. */
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
