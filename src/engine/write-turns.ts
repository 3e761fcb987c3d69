/** Writers of a store, one after the other. */
export class WriteTurns {
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether somebody waits for what is at work. */
  get isAwaited(): boolean {
    return this.#waiting > 0;
  }

  /** Does something once all before it have ended, whether they failed or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const begin = (): Promise<T> => {
      this.#waiting--;
      return work();
    };
    const turn = this.#turn.then(begin, begin);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** All that have asked for a turn have ended. */
  async ended(): Promise<void> {
    await this.#turn;
  }
}
