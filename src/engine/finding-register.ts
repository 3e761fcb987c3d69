import type { FindingRecord } from '../model/knocks/finding-record.ts';

/** What a store keeps of findings, from one run of the investigation to the next. */
export interface FindingRegister {
  /** All of them, the oldest first. */
  all(): Promise<readonly FindingRecord[]>;
  /**
   * Changes them in one transaction: `change` gets all and says what is to be otherwise. Changes wait for each other and
   * while the file is being replaced, but not for inputs that are being taken in. Counts as no commit, since no answer
   * about flows becomes old by it. Throws `read_only`, and what `change` throws.
   */
  change<T extends FindingChanges>(change: (records: readonly FindingRecord[]) => T): Promise<T>;
}

export interface FindingChanges {
  /** New ones, and those that take the place of the one with the same id. */
  readonly changed: readonly FindingRecord[];
  /** Ids of those that are kept no longer. */
  readonly forgotten: readonly string[];
}
