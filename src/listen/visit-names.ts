/** The ids of visits. One that is written as open has its id from then on; any other has none before its end. */
export class VisitNames {
  readonly #listener: string;
  readonly #open = new WeakMap<object, OpenName>();
  #number = 0;

  /** @param listener the part that all ids begin with */
  constructor(listener: string) {
    this.#listener = listener;
  }

  next(): string {
    this.#number += 1;
    return `${this.#listener}-${this.#number}`;
  }

  /** Of a visit that is written as open, the same each time. */
  ofOpen(visit: object): OpenName {
    const name = this.#open.get(visit) ?? { id: this.next(), lines: 0 };
    this.#open.set(visit, name);
    return name;
  }

  /** Of a visit that has ended; null: it was not written as open. */
  known(visit: object): OpenName | null {
    return this.#open.get(visit) ?? null;
  }
}

export interface OpenName {
  readonly id: string;
  /** How many of its lines were taken, and could be written. */
  lines: number;
}
