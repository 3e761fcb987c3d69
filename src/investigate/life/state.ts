import { SOLVED_BY_VISITS, type FindingRecord } from '../../model/knocks/finding-record.ts';
import { stateWords, type FindingState, type WithState } from '../../model/knocks/finding-state.ts';
import type { KeptFinding } from '../../model/knocks/kept-finding.ts';
import type { Finding, FindingWithState } from '../../model/knocks/knocks.ts';
import { count, iso, moment } from '../wording.ts';
import { recognize, SAME_EVENT, secondsOf, type Recognized } from './recognize-finding.ts';

/**
 * Findings with their states, under the ids that they have in all runs.
 *
 * @param now Unix seconds
 */
export function withStates(
  findings: readonly Finding[],
  records: readonly FindingRecord[],
  now: number,
): readonly FindingWithState[] {
  return recognize(findings, records).map((one) => {
    const stated = { ...one.finding, id: one.id, ...stateOf(one, now) };
    return stated.state_info.solved_by === 'visits' ? { ...stated, next_step: afterVisits(one.id) } : stated;
  });
}

/** What to do about a finding that visits solved: its port was opened, so that this is no advice any more. */
function afterVisits(id: string): string {
  return `Read what the sources want (\`peephole door\`), close the port if it is still open, and tell whoever runs the host that they mean. If the evidence is wrong, reopen the finding: \`peephole findings reopen ${id}\`.`;
}

/** The state of a finding. */
export function stateOf(recognized: Recognized, now: number): WithState {
  const { record, similar } = recognized;
  if (record === null)
    return {
      state: 'new',
      state_info: {
        since: null,
        until: null,
        note: null,
        reason: similar === null ? null : likeReason(recognized, similar),
        first_told: null,
      },
    };
  const kept = keptState(record, now);
  const reason = newReason(recognized, record);
  return reason === null ? kept : { state: 'new', state_info: { ...kept.state_info, until: null, reason } };
}

/** What a record says by itself: one that was muted until a moment is known after it. */
function keptState(record: FindingRecord, now: number): WithState {
  const { until } = record;
  const isOver = record.state === 'muted' && until !== null && until <= now;
  return {
    state: isOver ? 'known' : record.state,
    state_info: {
      since: iso(isOver ? until : record.since),
      until: isOver || until === null ? null : iso(until),
      note: record.note,
      reason: null,
      first_told: record.first_told === null ? null : iso(record.first_told),
      ...(record.state === 'solved' && record.quiet_from === SOLVED_BY_VISITS
        ? { solved_by: 'visits' as const }
        : {}),
    },
  };
}

/** A record as it is listed. */
export function keptFinding(record: FindingRecord, now: number): KeptFinding {
  const { id, kind, score, summary } = record;
  return {
    id,
    kind,
    score,
    summary,
    first_seen: iso(record.first_seen),
    last_seen: iso(record.last_seen),
    ...keptState(record, now),
  };
}

/** Why a finding is new though a record is kept of it; null: it is not. */
function newReason({ finding, identity }: Recognized, record: FindingRecord): string | null {
  const last = secondsOf(finding.last_seen);
  if (record.state === 'solved') {
    if (last <= (record.quiet_from ?? record.last_seen)) return null;
    return `Solved ${moment(record.since)}, and seen again since, the last time ${moment(last)}.`;
  }
  const kept = new Set(record.parts);
  const before = `${was(record.state)} ${moment(record.since)}`;
  switch (identity.partsAre) {
    case 'ports': {
      const more = identity.parts.filter((port) => !kept.has(port));
      if (more.length > 0)
        return `${count(more.length, 'port')} of it ${more.length === 1 ? 'was' : 'were'} not open when it was ${before}: ${more.join(', ')}.`;
      break;
    }
    case 'sources': {
      const more = finding.sources.filter(
        ({ address, first_seen }) => !kept.has(address) && secondsOf(first_seen) > record.last_seen,
      );
      if (more.length > 0 && more.length >= identity.parts.length / 2)
        return `${more.length.toLocaleString('en-US')} of ${count(finding.source_count, 'source')} came after it was ${before}.`;
      break;
    }
    case 'none':
      break;
  }
  if (identity.happened === 'during' && last > record.last_seen + SAME_EVENT)
    return `It went on, or happened again, after it was ${before}.`;
  return null;
}

/** Of a finding that looks like one before, and is another. */
function likeReason({ identity }: Recognized, similar: FindingRecord): string {
  const other = identity.partsAre === 'sources' && identity.happened === 'lasts' ? 'other sources' : 'another time'; // prettier-ignore
  return `Like ${similar.id}, which is ${stateWords[similar.state].toLowerCase()}, but of ${other}.`;
}

function was(state: Exclude<FindingState, 'new'>): string {
  return state === 'known' ? 'reported' : state;
}
