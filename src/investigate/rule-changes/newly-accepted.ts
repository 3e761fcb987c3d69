import type { Found, RuleChange } from '../search.ts';
import type { Key } from '../../sql/key.ts';
import { attemptTimes, type ActiveHour } from '../attempt-times.ts';
import { byHour, bySource, queryOf, type Selection } from '../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { part, scoreOf } from '../score.ts';
import { MOST_NAMED, knockSource } from '../knock-source.ts';
import { count, duration, iso, list, moment, portWords } from '../wording.ts';
import { changeMoment, unknownBetween } from './change-words.ts';

/** A port of an address that let nobody of a group in for long, and since a moment does. Times are Unix seconds. */
export interface Opening {
  readonly interface: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  /** All outsiders, or some sources alone. */
  readonly who: 'outside' | 'some';
  readonly until: number;
  readonly from: number;
  /** Rejected before: flows, and since when. */
  readonly rejected: number;
  readonly rejectedSince: number;
  /** The last moment at which it was accepted before it was rejected; null: it never was, as far as the logs go. */
  readonly acceptedUntil: number | null;
  /** Most flows first. */
  readonly sources: readonly { readonly src: Key; readonly active: readonly ActiveHour[] }[];
}

/** So many sources are listed. */
const MOST_LISTED = 100;

/** A port that was opened: rejected before, accepted and answered since. */
export function newlyAccepted(opening: Opening, context: JudgeContext): Found {
  const { hours, range, isOurs } = context;
  const faces = [opening.interface];
  const at = resolveTarget(opening, opening.from, context);
  const sources = opening.sources.slice(0, MOST_LISTED).map((one) => knockSource(one.src, attemptTimes(one.active, hours, faces), faces, context)); // prettier-ignore
  const active = opening.sources.map((one) => one.active);
  const attempts = active.flat().reduce((sum, hour) => sum + hour.attempts, 0);
  const last = Math.max(...active.flat().map((hour) => hour.last));
  const outside = opening.sources.some(({ src }) => !isOurs(src));
  const closed = opening.from - opening.rejectedSince;
  const parts = [
    part('outside', outside ? 1 : 0.3, 0.35, outside ? 'sources outside your network come in' : 'the sources are inside your network'),
    part('everybody', opening.who === 'outside' ? 1 : 0.4, 0.2, opening.who === 'outside' ? 'no outside source is rejected since' : 'for these sources only'),
    part('long', closed / (48 * 3600), 0.2, `rejected for ${duration(closed)} before`),
    part('sources', Math.log10(opening.sources.length) / 2, 0.15, count(opening.sources.length, 'source')),
    part('late', hours.share(range.from, opening.from), 0.1, `since ${moment(opening.from)}`),
  ]; // prettier-ignore
  const selection: Selection = {
    targets: [at.target.address],
    port: opening.port,
    protocol: opening.protocol,
    interfaceId: at.target.interface_id,
    sources: sources.slice(0, MOST_NAMED).map((source) => source.address),
  };
  const everybody = opening.who === 'outside' ? { ...selection, sources: [] } : selection;
  const since = { from: Math.floor(opening.from / 3600) * 3600, to: range.to };
  const name = at.target.name ?? at.target.address;
  const who = opening.who === 'outside' ? 'outside sources' : opening.sources.length <= 3 ? list(sources.map((source) => source.address)) : count(opening.sources.length, 'source'); // prettier-ignore
  return {
    id: `newly_accepted:${at.target.interface_id ?? '-'}:${at.target.address}:${opening.port}/${opening.protocol}:${opening.who === 'outside' ? 'outside' : opening.from}`,
    kind: 'newly_accepted',
    score: scoreOf(parts, outside ? 0.75 : 0.45),
    score_parts: parts,
    verdict: 'accepted',
    target: at.target,
    target_count: 1,
    ports: [opening.port],
    sources,
    source_count: opening.sources.length,
    attempts,
    counted: 'records',
    amounts: [],
    first_seen: iso(opening.from),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly(active, faces, context, 'flows'),
    query: queryOf(since, { ...selection, action: 'ACCEPT', counted: 'records' }, []),
    summary: `${portWords(opening.port, opening.protocol, at.target.likely_service).replace(/^port/, 'Port')} of ${at.words} accepts and answers ${who} ${opening.acceptedUntil === null ? '' : 'again '}since ${changeMoment(opening).replace('at about ', '')}; before, they were rejected for ${duration(closed)} (${count(opening.rejected, 'flow')}).`,
    evidence: [
      ...(opening.acceptedUntil === null ? [] : [{ text: `Accepted before that too, until ${moment(opening.acceptedUntil)}: the rule changed twice.`, query: queryOf({ from: range.from, to: opening.acceptedUntil + 1 }, { ...everybody, action: 'ACCEPT' }, [bySource, byHour], ['flows']) }]),
      { text: `Rejected until ${moment(opening.until)}`, query: queryOf({ from: range.from, to: Math.min(range.to, opening.from + 1) }, { ...everybody, action: 'REJECT' }, [bySource, byHour], ['flows']) },
      { text: `Accepted since ${moment(opening.from)}`, query: queryOf(since, { ...selection, action: 'ACCEPT' }, [bySource, byHour], ['flows', 'bytes']) },
      { text: 'What went back to them since', query: queryOf(since, { action: 'ACCEPT', sources: selection.targets ?? [], targets: selection.sources ?? [], sourcePorts: [opening.port], protocol: opening.protocol }, [{ field: 'dstaddr', limit: 50 }], ['flows', 'packets', 'bytes']) },
      ...unknownBetween(opening, faces, context),
      { text: 'Flow logs show that a security group or network ACL began to let these flows in and that something answered; they cannot show which rule, who changed it, or whether it was meant.', query: null },
    ],
    next_step: `Find which rule of ${name} opened port ${opening.port} ${changeMoment(opening)} (CloudTrail: AuthorizeSecurityGroupIngress, ReplaceNetworkAclEntry, ModifyNetworkInterfaceAttribute), and whether that was meant.`,
  }; // prettier-ignore
}

/** What it explains: whom the change let in, where, and since when. */
export function letInBy(
  { dst, port, from, sources }: Opening,
  { id }: Pick<Found, 'id'>,
  { address }: JudgeContext,
): RuleChange {
  return {
    id,
    now: 'accepted',
    sources: new Set(sources.map(({ src }) => address(src))),
    targets: new Set([address(dst)]),
    ports: new Set([port]),
    from,
  };
}
