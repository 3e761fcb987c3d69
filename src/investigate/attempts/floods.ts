import { replyKinds } from '../../sql/investigate/pairs.ts';
import type { CountedReplies } from './collect.ts';

/** Of the smaller of two sets of senders this share is shared, or they answer two floods. */
const SHARED = 0.5;

/**
 * Refused replies by what caused them. What one address asked for is its own. What nobody asked for answers somebody who forges
 * addresses: whoever does it to all of a network makes the same servers reply to many addresses, which is one cause.
 * Only where all senders are listed, so that those of several addresses can be counted.
 */
export function floodsOf(replies: readonly CountedReplies[]): readonly (readonly CountedReplies[])[] {
  const floods: { readonly all: CountedReplies[]; readonly senders: Set<CountedReplies['dst']> | null }[] =
    [];
  for (const one of replies) {
    const isWhole = one.reply !== replyKinds.asked && one.from.length === one.sources;
    const senders = isWhole ? new Set(one.from.map(({ src }) => src)) : null;
    const flood = floods.find(
      (other) =>
        senders !== null &&
        other.senders !== null &&
        other.all[0]?.reply === one.reply &&
        isShared(senders, other.senders),
    );
    if (flood === undefined) floods.push({ all: [one], senders });
    else {
      flood.all.push(one);
      for (const src of senders ?? []) flood.senders?.add(src);
    }
  }
  return floods.map(({ all }) => all);
}

function isShared<Key>(some: ReadonlySet<Key>, others: ReadonlySet<Key>): boolean {
  const shared = [...some].filter((one) => others.has(one)).length;
  return shared > 0 && shared >= SHARED * Math.min(some.size, others.size);
}
