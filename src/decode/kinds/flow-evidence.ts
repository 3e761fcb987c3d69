import { PeepholeError } from '../../model/errors.ts';

/** So many lines or values without any sign of a flow log: then no flow log is to be expected. */
const MOST_FOREIGN = 1000;

/**
 * Whether an input is a flow log at all. A bad line in a flow log is quarantined; but what holds nothing that looks like
 * a record is something else, and is refused as a whole, by what it is.
 */
export class FlowEvidence {
  #decided = false;
  #foreign = 0;
  #kind: string | null = null;

  /** There was a record, good or bad, or a header that names fields of one. */
  get decided(): boolean {
    return this.#decided;
  }

  tell(): void {
    this.#decided = true;
  }

  /** There was something that is none. `kind`: what it is, if that is known. */
  note(kind: string | null): void {
    this.#foreign += 1;
    this.#kind ??= kind;
  }

  /**
   * To be asked between chunks, and at the end (`ended`).
   *
   * @throws PeepholeError `unreadable_input` if this is something else.
   */
  check(ended: boolean, otherwise: string): void {
    if (this.#decided || this.#foreign < (ended ? 1 : MOST_FOREIGN)) return;
    throw notFlowLogs(this.#kind ?? otherwise);
  }
}

/**
 * That an input is something else: `kind` in words that follow "This is". Where it was not named itself it is skipped.
 *
 * @param why how that was found, or what to do
 */
export function notFlowLogs(kind: string, why?: string): PeepholeError {
  const message = `This is ${kind}, no flow log${why === undefined ? '.' : `: ${why}`}`;
  return new PeepholeError('unreadable_input', message, { notFlowLogs: true, kind });
}

/** What an input was found to be when a store kept this reason for not reading it; null: a flow log, or nobody knows. */
export function otherKindIn(reason: string): string | null {
  return /^This is ([^]+?), no flow log[.:]/.exec(reason)?.[1] ?? null;
}
