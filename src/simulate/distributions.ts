import type { Random } from './random.ts';

/** Tables have a power of two of entries: a draw is one random number and one look-up. */
const SIZE = 1 << 13;

/** A heavy-tailed amount: lognormal in the body, Pareto in the last percent. Values are 1 to 1e9. */
export class HeavyTail {
  private readonly table = new Int32Array(SIZE);

  /** `median` of the body; `spread` is the deviation of its logarithm; `alpha` is the tail's exponent. */
  constructor(random: Random, median: number, spread: number, alpha = 1.2) {
    for (let i = 0; i < SIZE; i++) {
      const body = median * Math.exp(spread * random.normal());
      const value = random.chance(0.01)
        ? median * Math.exp(2 * spread) * Math.pow(1 - random.float(), -1 / alpha)
        : body;
      this.table[i] = Math.max(1, Math.min(1e9, Math.round(value)));
    }
  }

  draw(random: Random): number {
    return this.table[random.int32() & (SIZE - 1)] as number;
  }
}

/** Zipf's law over the members of a list: the k-th is drawn in proportion to 1 / (k + 1)^exponent. */
export class Zipf {
  private readonly table: Int32Array;
  private readonly mask: number;

  constructor(members: readonly number[], exponent: number, bits = 16) {
    const size = 1 << bits;
    this.table = new Int32Array(size);
    this.mask = size - 1;
    let sum = 0;
    const cumulative = members.map((_, k) => (sum += Math.pow(k + 1, -exponent)));
    let k = 0;
    for (let i = 0; i < size; i++) {
      while (((i + 0.5) / size) * sum > (cumulative[k] as number)) k++;
      this.table[i] = members[k] as number;
    }
  }

  draw(random: Random): number {
    return this.table[random.int32() & this.mask] as number;
  }
}
