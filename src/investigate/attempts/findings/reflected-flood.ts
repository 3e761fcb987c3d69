import { formatBytes } from '../../../model/byte-text.ts';
import type { Finding, ScorePart } from '../../../model/knocks/knocks.ts';
import type { ActiveHour } from '../../attempt-times.ts';
import { part } from '../../score.ts';
import { count } from '../../wording.ts';

/** How much a flood by reflection matters beside other findings: it disturbs, and opens nothing. */
const IMPORTANCE = 0.7;
/** Bits a second, over the busiest hour: from here on each tenfold counts, and so much is all that the score tells. */
const [LEAST_BITS, MOST_BITS] = [1e4, 1e9];

/** What of a finding is said otherwise if large answers that nobody asked for came, in place of replies that harm nobody here. */
export interface FloodWords {
  readonly importance: number;
  readonly parts: readonly ScorePart[];
  readonly amounts: Finding['amounts'];
  readonly noun: readonly [one: string, many: string];
  readonly why: string;
  readonly evidence: string;
  readonly nextStep: string;
}

/**
 * Large answers by UDP that an address of ours never asked for: whoever forges it in small requests to many servers floods it
 * with what these answer. (CISA, alert TA14-017A "UDP-Based Amplification Attacks".)
 * @param whom the address, or several
 */
export function reflectedFlood(
  active: readonly ActiveHour[],
  sources: number,
  one: boolean,
  whom: string,
): FloodWords {
  const bytes = active.reduce((sum, hour) => sum + hour.bytes, 0);
  const hours = new Map<number, number>();
  for (const hour of active) hours.set(hour.hour, (hours.get(hour.hour) ?? 0) + hour.bytes);
  const peak = Math.max(0, ...hours.values());
  const bits = (peak * 8) / 3600;
  const [its, it] = one ? ['its address', 'it'] : ['these addresses', 'they'];
  return {
    importance: IMPORTANCE,
    parts: [
      part(
        'heavy',
        Math.log10(Math.max(1, bits / LEAST_BITS)) / Math.log10(MOST_BITS / LEAST_BITS),
        0.6,
        `${rateWords(bits)} on average over the busiest hour`,
      ),
      part('many', Math.log10(Math.max(1, sources)) / 3, 0.4, count(sources, 'server answers', 'servers answer')), // prettier-ignore
    ],
    amounts: [
      { name: 'bytes', value: bytes, unit: 'bytes', text: 'of answers that nobody here asked for' },
      { name: 'peak_bytes', value: peak, unit: 'bytes', text: 'in the busiest hour' },
    ], // prettier-ignore
    noun: ['record of large answers', 'records of large answers'],
    why: `nobody here asked for them as far as these logs show, so somebody sends small requests with ${its} as the forged source: a flood by reflection (${formatBytes(bytes)}, of these ${formatBytes(peak)} in the busiest hour)`,
    evidence: `Flow logs can't show who forges ${its}, nor whether ${it} ${one ? 'is' : 'are'} the goal of this flood or ${one ? 'one address' : 'some addresses'} of many.`,
    nextStep: `Watch the load of ${whom} and of its connection: the rules reject these packets, but only after they have come in. If the flood disturbs anything, have it filtered before (AWS Shield, a load balancer or CloudFront in front), or change the address; tell the operators of the busiest sources that their servers answer anybody.`,
  };
}

/** `2.6 Mbit/s`, `80 kbit/s`. */
function rateWords(bits: number): string {
  const [value, unit] = bits >= 1e9 ? [bits / 1e9, 'Gbit/s'] : bits >= 1e6 ? [bits / 1e6, 'Mbit/s'] : [bits / 1e3, 'kbit/s']; // prettier-ignore
  return `${value.toLocaleString('en-US', { maximumSignificantDigits: 2 })} ${unit}`;
}
