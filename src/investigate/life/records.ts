import { SOLVED_BY_VISITS, type FindingRecord } from '../../model/knocks/finding-record.ts';
import { MOST_NOTE } from '../../model/knocks/finding-state.ts';
import type { StateChange } from '../../model/knocks/parse-state-change.ts';
import { recognize, secondsOf, type Recognized } from './recognize-finding.ts';
import { stateOf } from './state.ts';
import type { Finding } from '../../model/knocks/knocks.ts';

/** Addresses that are kept of a finding: those of the last runs first. */
const MOST_PARTS = 2000;
/** Known findings that no run reported for so many seconds are forgotten. */
const FORGET_AFTER = 180 * 86_400;
/** Logs that end no earlier than so many seconds ago are those of the present. */
const PRESENT = 86_400;

/** The moment of a change: by the clock of the machine, and by the logs. Unix seconds. */
export interface Clock {
  readonly now: number;
  /** The newest flow of the store. */
  readonly newest: number;
}

/**
 * The records after `knocks --new`: reported findings become known, and other findings that were seen again are updated. Returns those that change, and the ids of those to be forgotten.
 *
 * @param findings all that the investigation found
 * @param ids of those that were reported
 */
export function recordsOfKnown(
  findings: readonly Finding[],
  ids: ReadonlySet<string>,
  records: readonly FindingRecord[],
  now: number,
): { readonly changed: readonly FindingRecord[]; readonly forgotten: readonly string[] } {
  const changed = recognize(findings, records).flatMap((one): readonly FindingRecord[] => {
    const isNew = stateOf(one, now).state === 'new';
    if (isNew && !ids.has(one.id)) return [];
    const { record } = one;
    if (isNew || record === null)
      return [
        {
          ...recordOf(one),
          state: 'known',
          since: now,
          until: null,
          note: record?.note ?? null,
          quiet_from: null,
          first_told: record?.first_told ?? now,
          last_told: now,
        },
      ];
    // Of a solved one what was seen before stays as it was: what comes back is compared with it.
    if (record.state === 'solved' || record.id !== one.id) return [];
    return [{ ...record, ...recordOf(one), last_told: now }];
  });
  const seen = new Set(changed.map(({ id }) => id));
  const forgotten = records.filter(
    ({ id, state, since, last_told }) =>
      state === 'known' && !seen.has(id) && Math.max(since, last_told ?? 0) < now - FORGET_AFTER,
  );
  return { changed, forgotten: forgotten.map(({ id }) => id) };
}

/** The record of a finding whose state somebody changes, as it is seen now. */
export function recordChanged(one: Recognized, change: StateChange, clock: Clock): FindingRecord {
  return changedRecord({ ...newRecord(one), ...one.record, ...recordOf(one) }, change, clock);
}

/** A record whose state somebody changes. */
export function changedRecord(record: FindingRecord, change: StateChange, clock: Clock): FindingRecord {
  return {
    ...record,
    state: change.state,
    since: clock.now,
    until: change.until,
    note: change.note ?? record.note,
    quiet_from:
      change.state === 'solved'
        ? quietFrom(record, clock)
        : record.quiet_from === SOLVED_BY_VISITS
          ? SOLVED_BY_VISITS
          : null,
  };
}

/**
 * The record of a finding that visits to its port solve, once: null where somebody decided about it, or reopened what
 * visits had solved.
 *
 * @param evidence in the place of a note
 * @param now Unix seconds
 */
export function recordSolvedByVisits(one: Recognized, evidence: string, now: number): FindingRecord | null {
  const { state } = stateOf(one, now);
  const { record } = one;
  if (state !== 'new' && (state !== 'known' || record?.quiet_from === SOLVED_BY_VISITS)) return null;
  const before = record?.note ?? null;
  return {
    ...newRecord(one),
    ...record,
    ...recordOf(one),
    state: 'solved',
    since: now,
    until: null,
    note: (before === null ? evidence : `${evidence} Earlier note: ${before}`).slice(0, MOST_NOTE),
    quiet_from: SOLVED_BY_VISITS,
  };
}

/**
 * From which second of the logs a solved finding has to be silent. What is seen up to the moment of solving came before
 * it, though its logs may come later; of logs that ended long ago the moment says nothing, and their end counts.
 */
function quietFrom({ last_seen }: FindingRecord, { now, newest }: Clock): number {
  return Math.max(last_seen, newest >= now - PRESENT ? now : newest);
}

function newRecord(one: Recognized): Omit<FindingRecord, keyof ReturnType<typeof recordOf>> {
  return {
    state: 'known',
    since: 0,
    until: null,
    note: one.record?.note ?? null,
    quiet_from: null,
    first_told: null,
    last_told: null,
  };
}

/** The new record of a finding, based on its earlier record. */
function recordOf({
  finding,
  identity,
  id,
  record,
}: Recognized): Pick<
  FindingRecord,
  'id' | 'identity' | 'parts' | 'kind' | 'score' | 'summary' | 'first_seen' | 'last_seen'
> {
  const { kind, score, summary } = finding;
  return {
    id,
    identity: identity.exact,
    parts: [...new Set([...identity.parts, ...(record?.parts ?? [])])].slice(0, MOST_PARTS),
    kind,
    score,
    summary,
    first_seen: Math.min(secondsOf(finding.first_seen), record?.first_seen ?? Infinity),
    last_seen: Math.max(secondsOf(finding.last_seen), record?.last_seen ?? 0),
  };
}
