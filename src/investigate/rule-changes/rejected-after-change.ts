import type { Found, RuleChange } from '../search.ts';
import { attemptTimes, type ActiveHour } from '../attempt-times.ts';
import { byHour, byPort, bySource, queryOf, type Selection } from '../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { part, scoreOf, volume } from '../score.ts';
import { MOST_NAMED, MOST_SOURCES, knockSource } from '../knock-source.ts';
import { count, duration, iso, list, moment, portWords } from '../wording.ts';
import { groupBy } from '../group-by.ts';
import { changeMoment, unknownBetween } from './change-words.ts';
import { LEAST_RECORDS, type Change } from './changes.ts';

/** Who tried within so many seconds of the end still tries. */
const STILL = 2 * 3600;

/**
 * Sources that were accepted for long, and are rejected since one moment.
 * @param activeOf hours with rejected flows of a pair, by its id
 * @param others how many sources are still accepted at the same ports after the hour of the change
 */
export function rejectedAfterChange(
  change: Change,
  activeOf: (id: number) => readonly ActiveHour[],
  others: number,
  context: JudgeContext,
): Found {
  const { hours, range, isOurs, address, enrichment } = context;
  const { pairs, from, end } = change;
  const [pair] = pairs;
  if (pair === undefined) throw new TypeError('a change without a pair');
  const faces = [...new Set(pairs.map((one) => one.interface))];
  const targets = [...new Set(pairs.map(({ dst }) => dst))];
  const isOne = targets.length === 1;
  const ports = [...new Set(pairs.map(({ port }) => port))].toSorted((a, b) => a - b);
  const at = resolveTarget({ ...pair, port: ports.length === 1 ? pair.port : null }, from, context);
  const bySrc = [...groupBy(pairs, ({ src }) => src)].map(([src, some]) => {
    const active = merged(some.flatMap(({ id }) => activeOf(id)));
    return { src, active, attempts: active.reduce((sum, hour) => sum + hour.attempts, 0) };
  }).toSorted((a, b) => b.attempts - a.attempts || (address(a.src) < address(b.src) ? -1 : 1)); // prettier-ignore
  const sources = bySrc.slice(0, MOST_SOURCES).map((one) => knockSource(one.src, attemptTimes(one.active, hours, faces), faces, context)); // prettier-ignore
  const active = bySrc.map((one) => one.active);
  const attempts = bySrc.reduce((sum, one) => sum + one.attempts, 0);
  const last = Math.max(...pairs.map(({ after }) => after?.last ?? 0));
  const refusedBefore = refusedUntil(pairs);
  const still = last >= range.to - STILL;
  const accepted = Math.max(...pairs.map((one) => one.lastAccepted - one.firstAccepted));
  const inside = pairs.filter(({ src }) => isOurs(src)).length / pairs.length;
  const selection: Selection = {
    targets: targets.slice(0, MOST_NAMED).map(address),
    ports,
    protocol: pair.protocol,
    interfaceId: faces.length === 1 ? at.target.interface_id : null,
    sources: sources.slice(0, MOST_NAMED).map((source) => source.address),
  };
  const parts = [
    part('long', accepted / (48 * 3600), 0.25, `accepted for ${duration(accepted)} before`),
    part('trying', still ? 1 : 0.3, 0.25, still ? 'still tried at the end of the range' : `last tried ${moment(last)}`),
    part('inside', inside, 0.2, inside === 1 ? 'the sources are inside your network' : inside === 0 ? 'the sources are outside' : 'some of the sources are inside your network'),
    part('many', volume(attempts), 0.15, count(attempts, 'rejected flow')),
    part('sources', Math.log10(bySrc.length) / 2 + 0.3, 0.15, count(bySrc.length, 'source')),
  ]; // prettier-ignore
  const who =
    bySrc.length <= 3 ? list(sources.map((source) => source.address)) : count(bySrc.length, 'source');
  const names = targets.map((dst) => enrichment.ownAddress(address(dst), null, from)?.name ?? address(dst));
  const where = `${ports.length === 1 ? portWords(pair.port, pair.protocol, at.target.likely_service) : list(ports.map((port) => `port ${port}`))} of ${isOne ? at.words : `${count(targets.length, 'address', 'addresses')} (${list(names)})`}`;
  const verb = bySrc.length === 1 ? 'is' : 'are';
  const name = isOne ? (at.target.name ?? at.target.address) : `these ${targets.length} addresses`;
  return {
    id: `rejected_after_change:${isOne ? `${at.target.interface_id ?? '-'}:${at.target.address}` : 'several'}:${ports.slice(0, 20).join('+')}/${pair.protocol}:${from}`,
    kind: 'rejected_after_change',
    score: scoreOf(parts, 0.75),
    score_parts: parts,
    verdict: 'rejected',
    target: isOne ? at.target : null,
    target_count: targets.length,
    ports,
    sources,
    source_count: bySrc.length,
    attempts,
    counted: 'records',
    amounts: [],
    first_seen: iso(from),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly(active, faces, context, 'flows'),
    query: queryOf({ from: Math.max(range.from, Math.floor(from / 3600) * 3600), to: range.to }, { ...selection, action: 'REJECT', counted: 'records' }, []),
    summary: `${who}, accepted ${end === 'source' ? 'on the way to' : 'at'} ${where} for ${duration(accepted)}, ${verb} rejected ${end === 'source' ? `at ${bySrc.length === 1 ? 'its' : 'their'} own interface${faces.length === 1 ? '' : 's'}` : 'there'} since ${changeMoment(change).replace('at about ', '')}${still ? `, and still ${bySrc.length === 1 ? 'tries' : 'try'}` : ''}: ${count(attempts, 'rejected flow')}.`,
    evidence: [
      { text: `Accepted until ${moment(change.until)}`, query: queryOf({ from: range.from, to: Math.min(range.to, change.until + 3600) }, { ...selection, action: 'ACCEPT' }, [bySource, byHour], ['flows']) },
      { text: `Rejected since ${moment(from)}, the last time ${moment(last)}`, query: queryOf({ from, to: range.to }, { ...selection, action: 'REJECT' }, [bySource, byHour], ['flows']) },
      {
        text: others === 0 ? `Nobody is accepted at the same ${ports.length * targets.length === 1 ? 'port' : 'ports'} since.` : `${count(others, 'source is', 'sources are')} accepted at the same ${ports.length * targets.length === 1 ? 'port' : 'ports'} since: the change is about these sources only.`,
        query: queryOf({ from, to: range.to }, { ...selection, sources: [], action: 'ACCEPT' }, [byPort, bySource], ['flows']),
      },
      ...(refusedBefore === null ? [] : [{ text: `Rejected there before it was accepted too, until ${moment(refusedBefore)}: the rule changed twice.`, query: queryOf({ from: range.from, to: refusedBefore + 1 }, { ...selection, action: 'REJECT' }, [bySource, byHour], ['flows']) }]),
      ...unknownBetween(change, faces, context),
      { text: 'Flow logs show that a security group or network ACL began to reject these flows; they cannot show which rule, who changed it, or whether it was meant.', query: null },
    ],
    next_step: nextStep(change, name, sources.map((source) => source.name ?? source.address), bySrc.length),
  }; // prettier-ignore
}

/** Whose rules to look at, and which calls of AWS's API change such. */
function nextStep(change: Change, target: string, sources: readonly string[], sourceCount: number): string {
  const { end, pairs } = change;
  const source = sourceCount === 1 ? (sources[0] ?? '?') : `these ${sourceCount} sources`;
  const ends = { target, source };
  const whose = end === null ? `${target} or of ${source}` : ends[end];
  const isOne =
    end === null || new Set(pairs.map(({ src, dst }) => (end === 'source' ? src : dst))).size === 1;
  const calls = [
    ...(end === 'source' ? [] : ['RevokeSecurityGroupIngress']),
    ...(end === 'target' ? [] : ['RevokeSecurityGroupEgress']),
    'ReplaceNetworkAclEntry',
    'ModifyNetworkInterfaceAttribute',
  ];
  return `Find which ${isOne ? 'security group or network ACL' : 'network ACL or shared security group'} of ${whose} changed ${changeMoment(change)} (CloudTrail: ${calls.join(', ')}), and whether ${sourceCount === 1 ? 'this source' : 'these sources'} should be cut off.`;
}

/** The last moment at which any of them was rejected before it was accepted; null: none was, but for a packet or two. */
function refusedUntil(pairs: Change['pairs']): number | null {
  const before = pairs.flatMap((pair) => (pair.before === null || pair.before.records < LEAST_RECORDS ? [] : [pair.before.last]));
  return before.length === 0 ? null : Math.max(...before);
} // prettier-ignore

/** Hours of several pairs as hours of one. */
function merged(active: readonly ActiveHour[]): readonly ActiveHour[] {
  return [...groupBy(active, ({ hour }) => hour)]
    .map(([hour, some]) => ({
      hour,
      attempts: some.reduce((sum, { attempts }) => sum + attempts, 0),
      first: Math.min(...some.map(({ first }) => first)),
      last: Math.max(...some.map(({ last }) => last)),
      slots: 1,
      bytes: 0,
      longest: 0,
    }))
    .toSorted((a, b) => a.hour - b.hour);
}

/** What it explains: whom the change shut out, where, and since when. */
export function shutOutBy(
  { pairs, from }: Change,
  { id }: Pick<Found, 'id'>,
  { address }: JudgeContext,
): RuleChange {
  return {
    id,
    now: 'rejected',
    sources: new Set(pairs.map(({ src }) => address(src))),
    targets: new Set(pairs.map(({ dst }) => address(dst))),
    ports: new Set(pairs.map(({ port }) => port)),
    from,
  };
}
