/** Single attempts at each address on average, from which on there is hardly one that they have missed: 5 % by chance. */
const ENOUGH = 3;
/** Of fewer addresses, chance says too little. */
const LEAST_ADDRESSES = 4;

/**
 * How many of our addresses a scan from outside can reach. Many machines have no way in from the internet, and what is sent to
 * them there is not logged: where the noise of the internet is loud enough to meet every address that can be reached, it is
 * those that it met. Otherwise it is all that anybody tried, or that flows show.
 * @param tried addresses that anybody tried
 * @param noisy addresses that outside sources tried that each came there a few times only
 * @param pairs how many such sources and targets there are
 * @param seen addresses of ours to which anything at all was sent
 */
export function reachableOf(counts: {
  readonly tried: number;
  readonly noisy: number;
  readonly pairs: number;
  readonly seen: number;
}): number {
  const { tried, noisy, pairs, seen } = counts;
  return noisy >= LEAST_ADDRESSES && pairs >= ENOUGH * noisy ? noisy : Math.max(tried, seen);
}
