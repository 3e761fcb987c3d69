/** A value that is lent to many at once; whoever was lent it gives it back. */
export interface Lent<T> {
  readonly value: T;
  /** To be called when it is used no more; again does nothing. */
  giveBack(): Promise<void>;
}

interface Entry<T> {
  readonly key: string;
  readonly value: Promise<T>;
  users: number;
  stale: boolean;
}

/** A value that is dear to make, and good for one key: made when first asked for, disposed of when it is old and nobody uses it. */
export class SharedValue<T> {
  readonly #make: () => Promise<T>;
  readonly #dispose: (value: T) => Promise<void>;
  #entry: Entry<T> | null = null;
  #making: Promise<unknown> = Promise.resolve();

  constructor(make: () => Promise<T>, dispose: (value: T) => Promise<void>) {
    this.#make = make;
    this.#dispose = dispose;
  }

  /** One is made after the other. Rejects as making it does; the next who asks tries again. */
  async lend(key: string): Promise<Lent<T>> {
    const entry = this.#entry?.key === key ? this.#entry : await this.#replace(key);
    entry.users++;
    let given = false;
    const giveBack = async (): Promise<void> => {
      if (given) return;
      given = true;
      entry.users--;
      await this.#tidy(entry);
    };
    try {
      return { value: await entry.value, giveBack };
    } catch (error) {
      if (this.#entry === entry) this.#entry = null;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#retire();
  }

  async #replace(key: string): Promise<Entry<T>> {
    const before = this.#making;
    const value = before.then(this.#make, this.#make);
    value.catch(() => undefined);
    this.#making = value.catch(() => undefined);
    const entry = { key, value, users: 0, stale: false };
    const old = this.#entry;
    this.#entry = entry;
    if (old !== null) {
      old.stale = true;
      await this.#tidy(old);
    }
    return entry;
  }

  async #retire(): Promise<void> {
    const entry = this.#entry;
    this.#entry = null;
    if (entry === null) return;
    entry.stale = true;
    await this.#tidy(entry);
  }

  async #tidy(entry: Entry<T>): Promise<void> {
    if (!entry.stale || entry.users > 0) return;
    const made = await entry.value.then(
      (value) => ({ value }),
      () => null,
    );
    if (made !== null) await this.#dispose(made.value);
  }
}
