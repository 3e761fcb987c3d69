import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../model/errors.ts';

export interface GuessLimits {
  /** Wrong tokens without a delay, of one address and of all. */
  readonly freeOfOne: number;
  readonly freeOfAll: number;
  /** Milliseconds after which one wrong token is forgotten, of one address and of all. */
  readonly forgetOfOne: number;
  readonly forgetOfAll: number;
  /** Milliseconds that a guess beyond these waits before it is checked. */
  readonly delay: number;
  /** Guesses that may wait, of one address and of all; more are refused unseen. */
  readonly waitingOfOne: number;
  readonly waitingOfAll: number;
  /** Addresses that are remembered. */
  readonly addresses: number;
}

/** A finger slips, a script has an old token: nobody notices. A dictionary gets 8 words a second, from everywhere 64. */
export const usualLimits: GuessLimits = {
  freeOfOne: 10,
  freeOfAll: 100,
  forgetOfOne: 5_000,
  forgetOfAll: 200,
  delay: 1_000,
  waitingOfOne: 8,
  waitingOfAll: 64,
  addresses: 1_000,
};

interface Count {
  wrong: number;
  since: number;
  waiting: number;
}

/**
 * Slows down who guesses tokens, each remote address and all together. An address that gave the right token before is
 * never kept waiting with it: only its wrong ones are. Memory is bounded: the addresses heard of least recently are forgotten.
 */
export class GuessLimit {
  readonly #limits: GuessLimits;
  readonly #now: () => number;
  readonly #guessers = new Map<string, Count>();
  readonly #trusted = new Set<string>();
  readonly #all: Count = { wrong: 0, since: 0, waiting: 0 };

  constructor(limits: GuessLimits = usualLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Looks at what an address gives, when its turn has come: `isRight` is asked at once, or after a while. Returns what it
   * says. Throws `slow_down` if too many guesses wait already.
   */
  async look(remote: string, isRight: () => boolean): Promise<boolean> {
    const address = network(remote);
    const trusted = this.#trusted.has(address);
    if (!trusted && this.#owes(address)) await this.#wait(address);
    if (isRight()) {
      if (!trusted) this.#trust(address);
      return true;
    }
    if (trusted && this.#owes(address)) await this.#wait(address);
    this.#countWrong(address);
    return false;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#guessers.size + this.#trusted.size;
  }

  #owes(address: string): boolean {
    const { freeOfOne, freeOfAll, forgetOfOne, forgetOfAll } = this.#limits;
    const own = this.#guessers.get(address);
    return (
      (own !== undefined && this.#left(own, forgetOfOne) >= freeOfOne) ||
      this.#left(this.#all, forgetOfAll) >= freeOfAll
    );
  }

  async #wait(address: string): Promise<void> {
    const { delay, waitingOfOne, waitingOfAll } = this.#limits;
    const one = this.#guessers.get(address) ?? this.#remember(address);
    if (one.waiting >= waitingOfOne || this.#all.waiting >= waitingOfAll) {
      throw new PeepholeError('slow_down', 'Too many wrong tokens came from there. Try again in a while.', {
        retry_after: Math.ceil(delay / 1000),
      });
    }
    for (const count of [one, this.#all]) count.waiting++;
    try {
      await sleep(delay, undefined, { ref: false });
    } finally {
      for (const count of [one, this.#all]) count.waiting--;
    }
  }

  #countWrong(address: string): void {
    const { forgetOfOne, forgetOfAll } = this.#limits;
    const one = this.#remember(address);
    one.wrong = this.#left(one, forgetOfOne) + 1;
    this.#all.wrong = this.#left(this.#all, forgetOfAll) + 1;
    one.since = this.#all.since = this.#now();
  }

  /** How many wrong tokens still count. */
  #left({ wrong, since }: Count, forget: number): number {
    return Math.max(0, wrong - (this.#now() - since) / forget);
  }

  #remember(address: string): Count {
    const count = this.#guessers.get(address) ?? { wrong: 0, since: this.#now(), waiting: 0 };
    this.#guessers.delete(address);
    this.#guessers.set(address, count);
    forgetOldest(this.#guessers, this.#limits.addresses);
    return count;
  }

  #trust(address: string): void {
    this.#trusted.add(address);
    forgetOldest(this.#trusted, this.#limits.addresses);
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}

/** What one guesser can easily change is left out: of an IPv6 address, the lower half. */
function network(remote: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remote)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(remote) !== 6) return remote;
  const [head = '', tail] = remote.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled =
    tail === undefined
      ? first
      : [...first, ...Array<string>(8 - first.length - rest.length).fill('0'), ...rest];
  return filled
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':');
}
