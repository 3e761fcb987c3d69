import type { KnockSource } from '../model/knocks/knocks.ts';
import type { Key } from '../sql/key.ts';
import type { JudgeContext } from './judge-context.ts';
import type { Rhythm } from './attempt-rhythm.ts';
import { stateOf } from './classify.ts';
import { iso } from './wording.ts';

/** More sources are counted and not listed. */
export const MOST_SOURCES = 1000;
/** A query names so many sources at most: it has to fit a link. */
export const MOST_NAMED = 300;

/** A source of attempts as a finding lists it. */
export function knockSource(
  src: Key,
  rhythm: Rhythm,
  interfaces: readonly Key[],
  context: JudgeContext,
): KnockSource {
  return {
    ...whoIs(src, interfaces, rhythm.first, context),
    attempts: rhythm.attempts,
    per_hour: rhythm.perHour,
    interval_seconds: rhythm.intervalSeconds,
    first_seen: iso(rhythm.first),
    last_seen: iso(rhythm.last),
    state: stateOf(rhythm, context.collected.hours, interfaces),
  };
}

/** Facts about an address, one of ours or not. */
export function whoIs(
  src: Key,
  interfaces: readonly Key[],
  at: number,
  { collected, enrichment }: JudgeContext,
): Pick<KnockSource, 'address' | 'name' | 'country' | 'asn' | 'as_name'> {
  const address = collected.address(src);
  if (collected.isOurs(src)) {
    const face = interfaces[0] === undefined ? null : collected.interfaceId(interfaces[0]);
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
