/** What is known of a partition before it is read. Offsets are those of the next message. */
export interface PartitionState {
  /** Where the store is; null: it has nothing of the partition. */
  readonly stored: number | null;
  /** Where the consumer group is; null: it committed nothing. */
  readonly committed: number | null;
  /** Of the first message that there is, and behind the last. */
  readonly earliest: number;
  readonly end: number;
  /** Whether the topic is not the one that the store read from: it was deleted, and made again. */
  readonly otherTopic: boolean;
}

/**
 * Where to begin, and what must be reported: messages that can't be read any more, or a topic that started again.
 */
export interface Start {
  readonly offset: number;
  readonly lost: { readonly from: number; readonly to: number } | null;
  /** Why it is read from its first message again, as a sentence; null: it is not. */
  readonly anew: string | null;
}

/** Where to begin with a partition: where the store is, else where the group is, else at the first message. */
export function startOf({ stored, committed, earliest, end, otherTopic }: PartitionState): Start {
  const beginning = { offset: earliest, lost: null };
  if (stored !== null && otherTopic)
    return {
      ...beginning,
      anew: `The topic was deleted and made again since it was read up to offset ${stored}: it has another id.`,
    };
  const wanted = stored ?? committed;
  if (wanted === null) return { ...beginning, anew: null };
  if (wanted > end) {
    const anew =
      stored === null
        ? `The consumer group is at offset ${wanted}, but the messages end at ${end}: the topic was made again since, or the group was set to where there is nothing.`
        : `The store is at offset ${wanted}, but the messages end at ${end}: the topic was made again since, or lost its last messages with a broker.`;
    return { ...beginning, anew };
  }
  if (wanted < earliest) return { offset: earliest, lost: { from: wanted, to: earliest - 1 }, anew: null };
  return { offset: wanted, lost: null, anew: null };
}
