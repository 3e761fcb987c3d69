import type { VisitBound } from '../model/visits/visit.ts';
import type { Bounds } from './bounds.ts';
import { TokenBucket } from './token-bucket.ts';

/** Of as many sources, and as many more, those seen last are remembered; and those with open visits. */
const HALF_OF_SOURCES = 32_768;

interface Source {
  open: number;
  readonly rate: TokenBucket;
}

/** Decides whether a visit is within the bounds of connections and rates, in all and of its source. */
export class Admission {
  readonly #bounds: Bounds;
  /**
   * By key. Those that were not seen since `#recent` was begun are in `#older`, which is dropped as a whole: taking the
   * oldest one by one out of a Map takes time in proportion to what was taken out before.
   */
  #recent = new Map<string, Source>();
  #older = new Map<string, Source>();
  readonly #rate: TokenBucket;
  #open = 0;

  constructor(bounds: Bounds, now: number) {
    this.#bounds = bounds;
    this.#rate = new TokenBucket(bounds.rate, now);
  }

  /** How many visits are open. */
  get open(): number {
    return this.#open;
  }

  /** How many sources are remembered. */
  get sources(): number {
    return this.#recent.size + this.#older.size;
  }

  /**
   * Null if a visit may begin, which counts as open until `leave`; else the bound that it is past. What one source has
   * too many of takes nothing from what others may have.
   */
  enter(address: string, now: number): VisitBound | null {
    const key = sourceKey(address);
    const source = this.#source(key, now);
    if (source.open >= this.#bounds.connectionsOfSource) return 'connections_of_source';
    if (!source.rate.take(now)) return 'rate_of_source';
    if (this.#open >= this.#bounds.connections) return 'connections';
    if (!this.#rate.take(now)) return 'rate';
    source.open += 1;
    this.#open += 1;
    return null;
  }

  leave(address: string): void {
    const key = sourceKey(address);
    const source = this.#recent.get(key) ?? this.#older.get(key);
    if (source !== undefined) source.open -= 1;
    this.#open -= 1;
  }

  #source(key: string, now: number): Source {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    const source = older ?? { open: 0, rate: new TokenBucket(this.#bounds.rateOfSource, now) };
    if (older !== undefined) this.#older.delete(key);
    else if (this.#recent.size >= HALF_OF_SOURCES) this.#forgetOlder();
    this.#recent.set(key, source);
    return source;
  }

  #forgetOlder(): void {
    const open = [...this.#older].filter(([, source]) => source.open > 0);
    this.#older = this.#recent;
    this.#recent = new Map(open);
  }
}

/** An IPv4 address, or the /64 of an IPv6 address: whoever has one address of it has them all. */
export function sourceKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (address.includes('::')) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups.slice(0, 4).join(':');
}
