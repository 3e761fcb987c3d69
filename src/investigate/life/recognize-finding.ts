import type { FindingRecord } from '../../model/knocks/finding-record.ts';
import type { Finding } from '../../model/knocks/knocks.ts';
import { groupBy } from '../group-by.ts';
import { identityOf, shortId, type Identity } from './finding-identity.ts';

/** A finding, and its record from earlier runs. */
export interface Recognized {
  readonly finding: Finding;
  readonly identity: Identity;
  /** Its id in this and all other runs. */
  readonly id: string;
  /** Null: nothing is kept of it. */
  readonly record: FindingRecord | null;
  /** Another one of the same target whose sources or time are others; null: none, or `record` is there. */
  readonly similar: FindingRecord | null;
}

/** Seconds that a moment may differ by from range to range: records cover minutes, and a change is between two. */
const SAME_MOMENT = 3600;
/** Activity within so many seconds still belongs to the same event. */
export const SAME_EVENT = 24 * 3600;
/** Of the smaller of two sets of sources this share is shared, or they are of two findings. */
const SHARED = 0.5;

interface Pair {
  readonly at: number;
  readonly record: FindingRecord;
  readonly shared: number;
}

/**
 * Finds the record of each finding. Each record goes to the finding that shares most with it; another finding
 * that was part of the same one gets the same record, under an id of its own.
 */
export function recognize(
  findings: readonly Finding[],
  records: readonly FindingRecord[],
): readonly Recognized[] {
  const byIdentity = groupBy(records, ({ identity }) => identity);
  const identities = findings.map(identityOf);
  const candidates = identities.flatMap((identity, at) =>
    (byIdentity.get(identity.exact) ?? []).flatMap((record): readonly Pair[] => {
      const finding = findings[at]!;
      const shared = sharedWith(identity, record);
      return isSameTime(finding, identity, record) && shared !== null ? [{ at, record, shared }] : [];
    }),
  );
  const best = candidates.toSorted(
    (a, b) =>
      b.shared - a.shared ||
      (b.record.last_told ?? b.record.since) - (a.record.last_told ?? a.record.since) ||
      a.at - b.at,
  );
  const own = new Map<number, FindingRecord>();
  const taken = new Set<string>();
  for (const { at, record } of best) {
    if (own.has(at) || taken.has(record.id)) continue;
    own.set(at, record);
    taken.add(record.id);
  }
  const inherited = new Map<number, FindingRecord>();
  for (const { at, record } of best) if (!own.has(at) && !inherited.has(at)) inherited.set(at, record);
  const ids = new Set(records.map(({ id }) => id));
  return findings.map((finding, at) => {
    const identity = identities[at]!;
    const mine = own.get(at);
    const record = mine ?? inherited.get(at) ?? null;
    return {
      finding,
      identity,
      id: mine?.id ?? freeId(shortId(finding, identity), ids),
      record,
      similar: record === null ? (byIdentity.get(identity.exact)?.at(-1) ?? null) : null,
    };
  });
}

/** An id that no record and no other finding has. */
function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  taken.add(id);
  return id;
}

/** How many parts a finding and a record share; null: too few for them to be the same. */
function sharedWith({ parts, partsAre }: Identity, record: FindingRecord): number | null {
  if (partsAre === 'none') return 0;
  const kept = new Set(record.parts);
  const shared = parts.filter((part) => kept.has(part)).length;
  return shared >= SHARED * Math.min(parts.length, kept.size) ? shared : null;
}

function isSameTime(finding: Finding, { happened }: Identity, record: FindingRecord): boolean {
  const first = secondsOf(finding.first_seen);
  const last = secondsOf(finding.last_seen);
  switch (happened) {
    case 'at_first':
      return Math.abs(first - record.first_seen) <= SAME_MOMENT;
    case 'at_last':
      return Math.abs(last - record.last_seen) <= SAME_MOMENT;
    case 'during':
      return first <= record.last_seen + SAME_EVENT && last >= record.first_seen - SAME_EVENT;
    case 'lasts':
      return true;
  }
}

/** Unix seconds of an ISO 8601 time. */
export function secondsOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
