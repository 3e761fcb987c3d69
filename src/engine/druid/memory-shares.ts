/** With less memory than this a working store is of little use. */
const LEAST = 128 * 1024 * 1024;
/** Questions that are worked out at once. */
const MOST_QUESTIONS = 4;

/** How the memory that a store may use, in bytes, is divided among the databases that it has at the same time. */
export interface MemoryShares {
  /** The ledger, and all else that is in the store's own file. */
  readonly ledger: number;
  /** All flows, for `sql` and investigations. */
  readonly whole: number;
  /** Each of the questions that are worked out at once, and how many these may be: others wait. */
  readonly question: number;
  readonly questions: number;
}

/** The shares add up to the memory, from half a gibibyte on. */
export function shareMemory(bytes: number): MemoryShares {
  const questions = Math.max(1, Math.min(MOST_QUESTIONS, Math.floor(bytes / 2 / LEAST)));
  return {
    ledger: Math.floor(bytes / 4),
    whole: Math.max(LEAST, Math.floor(bytes / 4)),
    question: Math.max(LEAST, Math.floor(bytes / 2 / questions)),
    questions,
  };
}
