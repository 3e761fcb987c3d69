/** What is known of a partition before it is read. Offsets are those of the next message. */
export interface PartitionState {
  /** Where the store is; null: it has nothing of the partition. */
  readonly stored: number | null;
  /** Where the consumer group is; null: it committed nothing. */
  readonly committed: number | null;
  /** Of the first message that there is, and behind the last. */
  readonly earliest: number;
  readonly end: number;
  /** Whether the topic is not the one that the store read from: it was deleted, and made anew. */
  readonly otherTopic: boolean;
}

/** Where to begin, and what must be said of it: messages that nobody can read any more, or a topic that began anew. */
export interface Start {
  readonly offset: number;
  readonly lost: { readonly from: number; readonly to: number } | null;
  readonly anew: boolean;
}

/** Where to begin with a partition: where the store is, else where the group is, else at the first message. */
export function startOf({ stored, committed, earliest, end, otherTopic }: PartitionState): Start {
  if (stored !== null && otherTopic) return { offset: earliest, lost: null, anew: true };
  const wanted = stored ?? committed;
  if (wanted === null) return { offset: earliest, lost: null, anew: false };
  if (wanted > end) return { offset: earliest, lost: null, anew: true };
  if (wanted < earliest) return { offset: earliest, lost: { from: wanted, to: earliest - 1 }, anew: false };
  return { offset: wanted, lost: null, anew: false };
}
