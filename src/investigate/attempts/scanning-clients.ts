import { LEAST_TARGETS } from '../../sql/investigate/candidate-queries.ts';
import type { Key } from '../../sql/key.ts';
import { groupBy } from '../group-by.ts';
import type { CountedSuspect } from './collect.ts';
import { isConnecting } from './suspects.ts';

/**
 * Leaves out machines inside that fail at so many targets inside, each an address and a port, that they look for them: a
 * scanner or an inventory of services is no client that somebody configured wrongly, however small the network is.
 *
 * @param told sources that are told as scans
 * @returns the others; and those left out that are not told as scans, since the rules let in what they try
 */
export function withoutScanners(
  inside: readonly CountedSuspect[],
  isOurs: (key: Key) => boolean,
  told: ReadonlySet<Key>,
): { readonly suspects: readonly CountedSuspect[]; readonly left: readonly Key[] } {
  const sourceOf = ({ pairs: [pair] }: CountedSuspect): Key => pair?.src ?? 0;
  const connects = ({ pairs: [pair] }: CountedSuspect): boolean => isConnecting(pair?.protocol ?? -1);
  const wide = new Set<Key>();
  for (const [src, suspects] of groupBy(inside, sourceOf)) {
    const pairs = suspects
      .filter(connects)
      .flatMap((one) => one.pairs)
      .filter(({ dst }) => isOurs(dst));
    const targets = new Set(pairs.map(({ dst, port, protocol }) => `${dst} ${port} ${protocol}`));
    if (targets.size >= LEAST_TARGETS) wide.add(src);
  }
  return {
    suspects: inside.filter((one) => !connects(one) || !wide.has(sourceOf(one))),
    left: [...wide].filter((src) => !told.has(src)),
  };
}
