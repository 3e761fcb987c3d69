import type { Key } from '../sql/key.ts';
import type { Finding, KnockTarget } from '../model/knocks/knocks.ts';
import type { HourCoverage } from './hour-coverage.ts';
import type { InvestigationEnrichment, OwnAddress } from './investigation-enrichment.ts';
import type { ActiveHour } from './attempt-times.ts';
import { iso } from './wording.ts';

/** What is needed to judge findings and to write their texts. */
export interface JudgeContext {
  readonly hours: HourCoverage;
  readonly isOurs: (key: Key) => boolean;
  readonly enrichment: InvestigationEnrichment;
  /** Unix seconds, `to` exclusive. */
  readonly range: { readonly from: number; readonly to: number };
  /** As of an `InvestigationScope`. */
  readonly sumsFrom: number | null;
  /** The text of an address key that was asked for. */
  readonly address: (key: Key) => string;
  /** The text of an interface's key that was asked for; null where none was logged. */
  readonly interfaceId: (key: Key) => string | null;
}

export interface ResolvedTarget {
  readonly target: KnockTarget;
  readonly ownAddress: OwnAddress | null;
  /** Its name in a sentence: `metrics-collector-3 (10.0.0.5, public 54.172.1.2)`. */
  readonly words: string;
}

/** An address of ours, with its names and services at a moment. */
export function resolveTarget(
  place: {
    readonly dst: Key;
    /** Null: which is not known. */
    readonly interface: Key | null;
    readonly port: number | null;
    readonly protocol: number | null;
    /** The address that packets were really sent to, where it is another one of the same interface. */
    readonly real?: Key | null;
  },
  at: number,
  { address: textOf, interfaceId: interfaceOf, enrichment }: JudgeContext,
): ResolvedTarget {
  const address = textOf(place.dst);
  const interfaceId = place.interface === null ? null : interfaceOf(place.interface);
  const real = place.real == null ? address : textOf(place.real);
  const ownAddress =
    enrichment.ownAddress(real, interfaceId, at) ?? enrichment.ownAddress(address, interfaceId, at);
  const port = place.port !== null && place.port >= 0 ? place.port : null;
  const protocol = place.protocol !== null && place.protocol >= 0 ? place.protocol : null;
  const target: KnockTarget = {
    address,
    port,
    likely_service: port === null ? null : enrichment.portName(protocol ?? 6, port),
    protocol,
    interface_id: interfaceId,
    public_address: ownAddress?.publicAddress ?? null,
    name: ownAddress?.name ?? null,
    service: ownAddress?.service ?? null,
    since: ownAddress?.since == null ? null : iso(ownAddress.since),
  };
  const parts = [
    ...(target.name === null ? [] : [address]),
    ...(real === address ? [] : [`by its address ${real}`]),
    ...(target.public_address === null ? [] : [`public ${target.public_address}`]),
  ];
  const words = `${target.name ?? address}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
  return { target, ownAddress, words };
}

/** Attempts in every hour of the range, and which hours are unknown at the interfaces. */
export function hourly(
  active: readonly (readonly Pick<ActiveHour, 'hour' | 'attempts'>[])[],
  interfaces: readonly Key[],
  { hours }: JudgeContext,
  measure: Finding['hourly']['measure'] = 'attempts',
): Finding['hourly'] {
  const sums = new Map<number, number>();
  for (const { hour, attempts } of active.flat()) sums.set(hour, (sums.get(hour) ?? 0) + attempts);
  const places = Array.from({ length: hours.count }, (_, index) => index);
  const unknown = places.filter((index) => !hours.isKnown(hours.first + index, interfaces));
  const isUnknown = new Set(unknown);
  const attempts = places.map((index) => sums.get(hours.first + index) ?? (isUnknown.has(index) ? null : 0));
  return { measure, from: iso(hours.first * 3600), attempts, unknown };
}
