import type { Finding, FindingKind, ScorePart } from '../../../model/knocks/knocks.ts';
import { queryOf, type Selection } from '../../evidence.ts';
import type { CountedSuspect } from '../collect.ts';
import { hourly, resolveTarget, type JudgeContext, type ResolvedTarget } from '../../judge-context.ts';
import { median, roundInterval } from '../../../model/time/interval.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { MOST_SOURCES, knockSource } from '../../sources.ts';
import { mayBeOneConnection, verdictOf } from '../classify.ts';
import { stateOf } from '../../state-of.ts';
import { between, count, duration, every, iso, moment, portWords, sentenceCase } from '../../wording.ts';
import { namesOf, strangerEvidence } from './stranger-evidence.ts';

/** Strangers at one port of one address of ours: one finding, since they want the same. */
export function strangers(suspects: readonly CountedSuspect[], context: JudgeContext): readonly Finding[] {
  const groups = new Map<string, CountedSuspect[]>();
  for (const suspect of suspects) {
    const [pair] = suspect.pairs;
    const key = `${pair?.interface} ${pair?.dst} ${pair?.port} ${pair?.protocol}`;
    groups.set(key, [...(groups.get(key) ?? []), suspect]);
  }
  return [...groups.values()].map((group) => finding(group, context));
}

/** How much each kind matters beside the others. */
const importance = { persistent_stranger: 1, new_stranger: 0.85, stopped_stranger: 0.55 } as const;

function finding(group: readonly CountedSuspect[], context: JudgeContext): Finding {
  const { hours } = context;
  const knocking = group.toSorted((a, b) => b.times.attempts - a.times.attempts);
  const pair = knocking[0]?.pairs[0];
  if (pair === undefined) throw new TypeError('a group without a suspect');
  const faces = [pair.interface];
  const first = Math.min(...group.map(({ times }) => times.first));
  const last = Math.max(...group.map(({ times }) => times.last));
  // There are no attempts for no longer than the shortest of their longest pauses.
  const longestPause = Math.min(...group.map(({ times }) => times.longestPause));
  const state = stateOf({ first, last, longestPause }, hours, faces);
  const kind: FindingKind =
    state === 'steady' ? 'persistent_stranger' : state === 'new' ? 'new_stranger' : 'stopped_stranger';
  const at = resolveTarget(pair, last, context);
  const verdicts = group.map(verdictOf);
  const verdict = verdicts.includes('rejected') ? 'rejected' : 'unanswered';
  const attempts = group.reduce((sum, { times }) => sum + times.attempts, 0);
  const parts = scoreParts(knocking, { first, last }, at, context);
  const selection: Selection = {
    action: verdict === 'rejected' ? 'REJECT' : 'ACCEPT',
    targets: [at.target.address],
    port: pair.port,
    protocol: pair.protocol,
    interfaceId: at.target.interface_id,
    portless: group.some((one) => one.portless !== null),
  };
  return {
    id: `${kind}:${at.target.interface_id ?? '-'}:${at.target.address}:${pair.port}/${pair.protocol}`,
    kind,
    score: scoreOf(parts, importance[kind]),
    score_parts: parts,
    verdict,
    target: at.target,
    target_count: 1,
    ports: pair.port < 0 ? [] : [pair.port],
    sources: knocking
      .slice(0, MOST_SOURCES)
      .map((one) => knockSource(one.pairs[0]?.src ?? 0, one.times, faces, context)),
    source_count: group.length,
    attempts,
    counted: selection.portless === true ? 'records' : 'connections',
    amounts: [],
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly(
      group.map(({ active }) => active),
      faces,
      context,
    ),
    query: queryOf(context.range, { ...selection, sources: namesOf(knocking, context) }, []),
    summary: summary(knocking, { first, last, kind, verdict }, at, pair, context),
    evidence: strangerEvidence(knocking, { first, last, verdict }, selection, at, context),
    next_step: nextStep(kind, at, { ...pair, cutOff: group.every(({ letInUntil }) => letInUntil !== null) }),
  };
}

function scoreParts(
  group: readonly CountedSuspect[],
  span: { readonly first: number; readonly last: number },
  { ownAddress }: ResolvedTarget,
  { hours, range }: JudgeContext,
): readonly ScorePart[] {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const attempts = group.reduce((sum, { times }) => sum + times.attempts, 0);
  const lasting = (span.last - span.first) / Math.max(1, range.to - range.from);
  const steady = mean(group.map(({ times }) => times.steadyShare));
  const even = mean(group.map(({ times }) => 1 - (times.variation ?? 0.5)));
  const focus = mean(
    group.map(({ pairs, times }) => times.attempts / Math.max(times.attempts, pairs[0]?.total ?? 1)),
  );
  const rates = group.flatMap(({ times }) => (times.perHour === null ? [] : [times.perHour.median]));
  const middle = rates.length === 0 ? 0 : median(rates);
  const alike =
    rates.length < 2
      ? 0.5
      : mean(rates.map((rate) => 1 - Math.min(1, Math.abs(rate - middle) / Math.max(1, middle))));
  const silent = group.every((one) => verdictOf(one) === 'unanswered');
  return [
    part('lasting', lasting, 0.3, `seen over ${percent(lasting)} of the range`),
    part('steady', steady, 0.2, `attempts throughout ${percent(steady)} of the known hours`),
    part('even', even, 0.15, `hourly counts vary by ${percent(1 - even)}`),
    part(
      'focused',
      focus,
      0.15,
      `${percent(focus)} of the rejected attempts of these sources are at this port`,
    ),
    part('many', volume(attempts), 0.15, count(attempts, 'attempt')),
    part(
      'alike',
      alike,
      0.05,
      group.length < 2 ? 'one source alone' : `the sources' rates are ${percent(alike)} similar`,
    ),
    ...(ownAddress?.since == null || ownAddress.since <= span.first
      ? []
      : [part('younger', 1, 0.2, `${ownAddress.sinceWhat ?? 'it was created'} after the attempts began`)]),
    ...(silent
      ? [part('let_in', 0, 0.1, 'accepted and never answered: perhaps no listener, or the reply is filtered')]
      : []),
    ...(group.every(mayBeOneConnection)
      ? [part('perhaps_one', 0, 0.3, 'without source ports, this may be one long connection')]
      : []),
    ...(hours.count < 6 ? [part('short', 0, 0.15, 'the range is short')] : []),
  ];
}

function summary(
  group: readonly CountedSuspect[],
  what: {
    readonly first: number;
    readonly last: number;
    readonly kind: FindingKind;
    readonly verdict: 'rejected' | 'unanswered';
  },
  at: ResolvedTarget,
  pair: { readonly port: number; readonly protocol: number },
  { address, range }: JudgeContext,
): string {
  const rates = group.flatMap(({ times }) => (times.perHour === null ? [] : [times.perHour]));
  const rate =
    rates.length === 0
      ? count(
          group.reduce((sum, { times }) => sum + times.attempts, 0),
          'time',
        )
      : `${between(Math.min(...rates.map(({ min }) => min)), Math.max(...rates.map(({ max }) => max)))} times an hour`;
  const intervals = group.flatMap(({ times }) => times.intervalSeconds ?? []);
  const times = intervals.length === 0 ? '' : `, ${every(roundInterval(median(intervals)))}`;
  const who =
    group.length === 1
      ? `${address(group[0]?.pairs[0]?.src ?? 0)} tries`
      : `${count(group.length, 'outside address', 'outside addresses')}${rates.length === group.length ? ' each' : ''} try`;
  const how = what.verdict === 'rejected' ? 'and is rejected' : 'and is accepted but never answered';
  const when = {
    persistent_stranger: `in all logs of this range (${duration(range.to - range.from)})`,
    new_stranger: `since ${moment(what.first)}`,
    stopped_stranger: `from ${moment(what.first)} until ${moment(what.last)}`,
  }[what.kind as keyof typeof importance];
  const plural = group.length === 1 ? how : how.replace('is ', 'are ');
  return `${sentenceCase(who)} ${portWords(pair.port, pair.protocol, at.target.likely_service)} of ${at.words} ${rate}${times}, ${when}, ${plural}.`;
}

function nextStep(
  kind: FindingKind,
  { target }: ResolvedTarget,
  pair: { readonly port: number; readonly protocol: number; readonly cutOff: boolean },
): string {
  const name = target.name ?? target.address;
  if (kind === 'stopped_stranger')
    return `Nothing to do now; if it returns, listen on ${name} to learn which service is expected there.`;
  if (pair.cutOff)
    return `Find out which rule of ${name} changed when the rejections began, and whether these sources are legitimate clients.`;
  if (pair.protocol !== 6 || pair.port < 0)
    return `Take ${name} out of service, allow these sources, and capture what they send (tcpdump): flow logs have no payload.`;
  return `Take ${name} out of service, isolate it, run \`peephole listen --port ${pair.port}\` on it and open the port to the internet: the host name that the sources request (HTTP Host, TLS server name) shows which service they expect.`;
}

function percent(share: number): string {
  return `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %`;
}
