/**
 * A small seeded generator (sfc32, by Chris Doty-Humphrey): the same seed and label give the same numbers
 * on every machine. Every part of the simulation draws from a stream of its own, named by a label,
 * so that a change in one part leaves the others as they were.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: string, label: string) {
    const next = mixer(`${seed}/${label}`);
    this.a = next();
    this.b = next();
    this.c = next();
    this.counter = 1;
    for (let i = 0; i < 12; i++) this.int32();
  }

  /** A signed 32-bit integer. */
  int32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum;
  }

  /** A number in [0, 1). */
  float(): number {
    return (this.int32() >>> 0) / 4_294_967_296;
  }

  /** A whole number in [0, n), n at most 2^31. */
  below(n: number): number {
    return Math.floor(((this.int32() >>> 0) / 4_294_967_296) * n);
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** One of a list that isn't empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A standard normal deviate (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }

  /** An exponential deviate of that mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.float());
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += (this.int32() >>> 0).toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  }
}

/** Seeds from a text: xmur3, by bryc. */
function mixer(text: string): () => number {
  let h = 1_779_033_703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3_432_918_353);
    h = (h << 13) | (h >>> 19);
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2_246_822_507);
    h = Math.imul(h ^ (h >>> 13), 3_266_489_909);
    h ^= h >>> 16;
    return h | 0;
  };
}
