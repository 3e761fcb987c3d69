import type { AccountedPair } from '../../sql/investigate/account-queries.ts';
import type { Key } from '../../sql/key.ts';
import { attemptTimes, type ActiveHour } from '../attempt-times.ts';
import { byHour, bySource, queryOf, type Selection } from '../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { MOST_SOURCES, knockSource } from '../knock-source.ts';
import { part, scoreOf, volume } from '../score.ts';
import type { Found, RuleChange } from '../search.ts';
import { count, duration, iso, moment, portWords } from '../wording.ts';
import { changeMoment, unknownBetween } from './change-words.ts';

/** A port that let in whoever came from outside, and rejects everybody since. Times are Unix seconds, by the hour. */
export interface Closing {
  readonly interface: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  /** The first hour with accepted flows begins. */
  readonly acceptedFrom: number;
  readonly until: number;
  readonly from: number;
  /** Who is rejected since, most flows first. */
  readonly sources: readonly { readonly src: Key; readonly active: readonly ActiveHour[] }[];
}

/** Who tried within so many seconds of the end still tries. */
const STILL = 2 * 3600;

/** A port that was open to all outside, and is closed: no single source has to have come before and after. */
export function closedToOutside(closing: Closing, context: JudgeContext): Found {
  const { hours, range } = context;
  const faces = [closing.interface];
  const at = resolveTarget(closing, closing.from, context);
  const sources = closing.sources.slice(0, MOST_SOURCES).map((one) => knockSource(one.src, attemptTimes(one.active, hours, faces), faces, context)); // prettier-ignore
  const active = closing.sources.map((one) => one.active);
  const attempts = active.flat().reduce((sum, hour) => sum + hour.attempts, 0);
  const last = Math.max(...active.flat().map((hour) => hour.last));
  const still = last >= range.to - STILL;
  const accepted = closing.until - closing.acceptedFrom;
  const parts = [
    part('long', accepted / (48 * 3600), 0.25, `accepted for ${duration(accepted)} before`),
    part('trying', still ? 1 : 0.3, 0.25, still ? 'still tried at the end of the range' : `last tried ${moment(last)}`),
    part('inside', 0, 0.2, 'the sources are outside'),
    part('many', volume(attempts), 0.15, count(attempts, 'rejected flow')),
    part('sources', Math.log10(closing.sources.length) / 2 + 0.3, 0.15, count(closing.sources.length, 'source')),
  ]; // prettier-ignore
  const selection: Selection = {
    targets: [at.target.address],
    port: closing.port,
    protocol: closing.protocol,
    interfaceId: at.target.interface_id,
  };
  const since = { from: Math.max(range.from, Math.floor((closing.from - 1) / 3600) * 3600), to: range.to };
  const name = at.target.name ?? at.target.address;
  const port = portWords(closing.port, closing.protocol, at.target.likely_service);
  return {
    id: `rejected_after_change:${at.target.interface_id ?? '-'}:${at.target.address}:${closing.port}/${closing.protocol}:outside`,
    kind: 'rejected_after_change',
    score: scoreOf(parts, 0.75),
    score_parts: parts,
    verdict: 'rejected',
    target: at.target,
    target_count: 1,
    ports: [closing.port],
    sources,
    source_count: closing.sources.length,
    attempts,
    counted: 'records',
    amounts: [],
    first_seen: iso(Math.min(...active.flat().map((hour) => hour.first))),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly(active, faces, context, 'flows'),
    query: queryOf(since, { ...selection, action: 'REJECT', counted: 'records' }, []),
    summary: `Whoever comes from outside, accepted at ${port} of ${at.words} for ${duration(accepted)}, is rejected there since ${changeMoment(closing).replace('at about ', '')}: ${count(attempts, 'rejected flow')} of ${count(closing.sources.length, 'source')}${still ? ', until the end' : ''}.`,
    evidence: [
      {
        text: `Accepted until ${moment(closing.until)}, whoever came`,
        query: queryOf({ from: range.from, to: Math.min(range.to, closing.until + 3600) }, { ...selection, action: 'ACCEPT' }, [bySource, byHour], ['flows']),
      },
      {
        text: `Rejected since ${moment(closing.from)}, the last time in the hour of ${moment(Math.floor(last / 3600) * 3600)}`,
        query: queryOf(since, { ...selection, action: 'REJECT' }, [bySource, byHour], ['flows']),
      },
      ...unknownBetween(closing, faces, context),
      {
        text: 'Flow logs show that a security group or network ACL began to reject these flows; they cannot show which rule, who changed it, or whether it was meant.',
        query: null,
      },
    ],
    next_step: `Find which rule of ${name} for port ${closing.port} changed ${changeMoment(closing)} (CloudTrail: RevokeSecurityGroupIngress, ReplaceNetworkAclEntry, ModifyNetworkInterfaceAttribute), and whether that was meant: nobody outside reaches it any more.`,
  }; // prettier-ignore
}

/** What it explains: whom the change shuts out, where, and since when. */
export function closedBy(
  { interface: face, dst, port, protocol, from, sources }: Closing,
  { id }: Pick<Found, 'id'>,
  { address }: JudgeContext,
): RuleChange {
  return {
    id,
    now: 'rejected',
    sources: new Set(sources.map(({ src }) => address(src))),
    targets: new Set([address(dst)]),
    ports: new Set([port]),
    from,
    rejected: sources.map(({ src }): AccountedPair => ({ interface: face, src, dst, port, protocol })),
  };
}
