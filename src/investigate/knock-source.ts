import { stateOf } from './state-of.ts';
import type { KnockSource } from '../model/knocks/knocks.ts';
import type { Key } from '../sql/key.ts';
import type { JudgeContext } from './judge-context.ts';
import type { AttemptTimes } from './attempt-times.ts';
import { iso } from './wording.ts';

/** More sources are counted and not listed. */
export const MOST_SOURCES = 1000;
/** A query names so many sources at most: it has to fit a link. */
export const MOST_NAMED = 300;

/** A source of attempts as a finding lists it. */
export function knockSource(
  src: Key,
  times: AttemptTimes,
  interfaces: readonly Key[],
  context: JudgeContext,
): KnockSource {
  return {
    ...whoIs(src, interfaces, times.first, context),
    attempts: times.attempts,
    per_hour: times.perHour,
    interval_seconds: times.intervalSeconds,
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    state: stateOf(times, context.hours, interfaces),
  };
}

/** Facts about an address, one of ours or not. */
export function whoIs(
  src: Key,
  interfaces: readonly Key[],
  at: number,
  { isOurs, address: textOf, interfaceId, enrichment }: JudgeContext,
): Pick<KnockSource, 'address' | 'name' | 'country' | 'asn' | 'as_name'> {
  const address = textOf(src);
  if (isOurs(src)) {
    const face = interfaces[0] === undefined ? null : interfaceId(interfaces[0]);
    const own = enrichment.ownAddress(address, face, at);
    return { address, name: own?.name ?? null, country: null, asn: null, as_name: null };
  }
  const outside = enrichment.outsideAddress(address);
  return {
    address,
    name: outside?.name ?? null,
    country: outside?.country ?? null,
    asn: outside?.asn ?? null,
    as_name: outside?.asName ?? null,
  };
}
