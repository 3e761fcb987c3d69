import {
  type AskLeader,
  type Brokers,
  type OfLeaders,
  type OfPartition,
  type Outcome,
  askLeader,
  combine,
  ofLeaders,
  silentLeader,
} from './leaders.ts';

/** Milliseconds after which a leader that has not answered is reported as silent; its answer still counts. */
const SILENT = 5_000;

interface Pending {
  /** Those whose answer counts. */
  readonly partitions: Set<number>;
  readonly since: number;
}

/**
 * Requests to the leaders of partitions, one to each leader at a time. What has been answered is there at once: a leader
 * that is slow, or silent, holds up its own partitions alone.
 */
export class LeaderRequests<Wanted extends { readonly partition: number }, Answer extends OfPartition> {
  readonly #brokers: Brokers;
  /** What leaders were asked and have not answered. */
  #pending = new Map<number, Pending>();
  #outcomes: Outcome<Answer>[] = [];
  #wake: () => void = () => undefined;

  constructor(brokers: Brokers) {
    this.#brokers = brokers;
  }

  /** What was asked and is not answered does not count any more. */
  forget(): void {
    this.#pending = new Map();
    this.#outcomes = [];
  }

  /**
   * Asks about partitions whose leader is not being asked, and gives what was answered since the last time. Waits up to
   * `within` ms for the first answer, perhaps in vain.
   *
   * @param leaderOf the number of a partition's leader; -1: it has none. Once it is another one, that is asked.
   * @throws as `askLeaders`
   */
  async ask(
    wanted: readonly Wanted[],
    leaderOf: (partition: number) => number,
    ask: AskLeader<Wanted, Answer>,
    within: number,
  ): Promise<OfLeaders<Answer>> {
    for (const [leader, { partitions }] of this.#pending)
      for (const partition of partitions) if (leaderOf(partition) !== leader) partitions.delete(partition);
    const asked = new Set([...this.#pending.values()].flatMap(({ partitions }) => [...partitions]));
    const { byLeader, waiting } = ofLeaders(
      wanted.filter(({ partition }) => !asked.has(partition)),
      leaderOf,
    );
    for (const [leader, own] of byLeader) if (!this.#pending.has(leader)) void this.#send(leader, own, ask);
    if (this.#outcomes.length === 0 && this.#pending.size > 0) await this.#answer(within);
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    return combine(outcomes, new Map([...waiting, ...this.#silent()]), this.#pending.size > 0);
  }

  #silent(): readonly (readonly [number, string])[] {
    const now = performance.now();
    return [...this.#pending]
      .filter(([, { since }]) => now - since > SILENT)
      .flatMap(([leader, { partitions }]) =>
        [...partitions].map((one) => [one, silentLeader(leader)] as const),
      );
  }

  async #send(leader: number, wanted: readonly Wanted[], ask: AskLeader<Wanted, Answer>): Promise<void> {
    const pending = this.#pending;
    const partitions = new Set(wanted.map(({ partition }) => partition));
    pending.set(leader, { partitions, since: performance.now() });
    const { answers, waiting, failure } = await askLeader(this.#brokers, leader, wanted, ask);
    // It was forgotten.
    if (pending !== this.#pending) return;
    pending.delete(leader);
    this.#outcomes.push({
      answers: answers.filter(({ partition }) => partitions.has(partition)),
      waiting: new Map([...waiting].filter(([partition]) => partitions.has(partition))),
      failure,
    });
    this.#wake();
  }

  async #answer(within: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, within);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
