/** Which hours of a range can be known, at each interface. Hours are counted from 1970. */
export class Hours {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
  readonly #logged: ReadonlySet<number>;
  readonly #lost: ReadonlyMap<number, ReadonlySet<number>>;

  /**
   * @param logged hours with any record
   * @param lost by interface, hours in which it lost records
   */
  constructor(
    range: { readonly from: number; readonly to: number },
    logged: ReadonlySet<number>,
    lost: ReadonlyMap<number, ReadonlySet<number>>,
  ) {
    this.first = Math.floor(range.from / 3600);
    this.last = Math.floor((range.to - 1) / 3600);
    this.#logged = logged;
    this.#lost = lost;
  }

  get count(): number {
    return this.last - this.first + 1;
  }

  /** Whether an hour has logs and lost nothing at any of the interfaces. */
  isKnown(hour: number, interfaces: readonly number[]): boolean {
    return this.#logged.has(hour) && !interfaces.some((one) => this.#lost.get(one)?.has(hour) === true);
  }

  /** How many hours from one to another, both included, are known. */
  known(from: number, to: number, interfaces: readonly number[]): number {
    let count = 0;
    for (let hour = Math.max(from, this.first); hour <= Math.min(to, this.last); hour++) {
      if (this.isKnown(hour, interfaces)) count++;
    }
    return count;
  }

  coverage(interfaces: readonly number[]): { readonly hours: number; readonly unknown_hours: number } {
    return { hours: this.count, unknown_hours: this.count - this.known(this.first, this.last, interfaces) };
  }
}
