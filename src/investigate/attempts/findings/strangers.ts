import { entryOf } from '../../../model/catalog/interface-services.ts';
import type { FindingKind } from '../../../model/knocks/finding-kinds.ts';
import type { Finding, ScorePart } from '../../../model/knocks/knocks.ts';
import { queryOf, type Selection } from '../../evidence.ts';
import type { Found } from '../../search.ts';
import { hourly, type JudgeContext } from '../../judge-context.ts';
import { median, roundInterval } from '../../../model/time/interval.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { MOST_SOURCES, knockSource } from '../../knock-source.ts';
import { presence, stateOf } from '../../state-of.ts';
import { between, count, duration, every, iso, moment, sentenceCase } from '../../wording.ts';
import { areLetInSince, letInUntil, mayBeOneConnection } from '../single-connections.ts';
import { areAllIcmp, countedOf } from '../how-counted.ts';
import { comesInBursts, withInterval } from '../bursts.ts';
import type { Collected, CountedSuspect } from '../collect.ts';
import type { Visitor } from '../judge.ts';
import { mergeHours, timesTogether, type TimedVisitor } from '../merge-hours.ts';
import { targetsOf, type Targets } from '../targets.ts';
import { timeOfDay } from '../../time-of-day.ts';
import { verdictOf } from '../verdict.ts';
import { isConnectedTo, isServed, namesOf, strangerEvidence } from './stranger-evidence.ts';
import { nextStep } from './stranger-next-step.ts';

/** How much each kind matters beside the others. */
const importance = { persistent_stranger: 1, new_stranger: 0.85, stopped_stranger: 0.55 } as const;

/**
 * Outside sources that keep trying the same target, or the same few targets, are one finding. Where the logs have no accepted flows, in all
 * or at the interfaces of the targets, these may be clients that are served at other ports.
 * @param logged where accepted flows are; null: at the interfaces of all targets
 */
export function strangers(
  group: readonly Visitor[],
  context: JudgeContext,
  logged: Pick<Collected, 'anyAccepted' | 'accepting'> | null = null,
): Found {
  const anyAccepted = logged?.anyAccepted ?? true;
  const { hours } = context;
  const visitors = group
    .map((visitor): TimedVisitor => ({ ...visitor, times: timesTogether(visitor.suspects, hours) }))
    .toSorted((a, b) => b.times.attempts - a.times.attempts || a.times.first - b.times.first);
  const suspects = visitors.flatMap((visitor) => visitor.suspects);
  const first = Math.min(...visitors.map(({ times }) => times.first));
  const last = Math.max(...visitors.map(({ times }) => times.last));
  // There are no attempts for no longer than the shortest of their longest pauses.
  const longestPause = Math.min(...visitors.map(({ times }) => times.longestPause));
  const at = targetsOf(suspects, last, context);
  const active = mergeHours(suspects.map((one) => one.active));
  const when = timeOfDay(active, hours);
  const workingHours = when === null ? [] : active.map(({ hour }) => hour);
  const state = stateOf({ first, last, longestPause, workingHours }, hours, at.interfaces);
  const kind: FindingKind =
    state === 'steady' ? 'persistent_stranger' : state === 'new' ? 'new_stranger' : 'stopped_stranger';
  const verdicts = suspects.map(verdictOf);
  const verdict = verdicts.includes('rejected')
    ? 'rejected'
    : verdicts.includes('refused')
      ? 'refused'
      : 'unanswered';
  const attempts = visitors.reduce((sum, { times }) => sum + times.attempts, 0);
  const parts = [
    ...scoreParts(visitors, { first, last }, at, context),
    ...(anyAccepted
      ? []
      : [part('perhaps_clients', 0, SERVED, 'without accepted flows, these may be clients that are served at other ports')]),
  ]; // prettier-ignore
  const mayBeOne = suspects.every(mayBeOneConnection);
  const counted = countedOf(suspects);
  const selection: Selection = {
    ...at.selection,
    action: verdict === 'rejected' ? 'REJECT' : 'ACCEPT',
    counted,
  };
  const letInSince = verdict === 'rejected' && areLetInSince(suspects);
  const othersAnswered = suspects.some((one) => one.othersAnswered > 0);
  // Accepted flows are logged, but none at these interfaces.
  const noneHere =
    verdict === 'rejected' &&
    logged?.anyAccepted === true &&
    !at.interfaces.some((face) => logged.accepting.has(face));
  const what = { first, last, kind, verdict, letInSince, othersAnswered, when, noneHere } as const;
  const score = scoreOf(parts, importance[kind]);
  return {
    id: `${kind}:${at.id}`,
    kind,
    score,
    score_parts: parts,
    verdict,
    target: at.target,
    target_count: at.count,
    ports: at.ports,
    sources: visitors
      .slice(0, MOST_SOURCES)
      .map((one) => knockSource(one.src, withInterval(one.times, isInBursts(one)), at.interfaces, context)),
    source_count: visitors.length,
    attempts,
    counted,
    amounts: [],
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(at.interfaces),
    hourly: hourly(
      suspects.map((one) => one.active),
      at.interfaces,
      context,
    ),
    query: queryOf(context.range, { ...selection, sources: namesOf(visitors, context) }, []),
    summary: summary(visitors, what, at, context),
    evidence: strangerEvidence(visitors, what, selection, at, context),
    next_step: nextStep(kind, at, {
      protocol: suspects[0]?.pairs[0]?.protocol ?? 6,
      cutOff: suspects.every((one) => letInUntil(one) !== null),
      letInSince,
      othersAnswered,
      verdict,
      mayBeOne,
      areServed: visitors.every(isServed),
      areConnectedTo: visitors.every(isConnectedTo),
      anyAccepted,
      noneHere,
      isStrong: score >= STRONG && attempts >= STRONG_ATTEMPTS,
    }),
  };
}

function scoreParts(
  visitors: readonly TimedVisitor[],
  span: { readonly first: number; readonly last: number },
  { first: { ownAddress }, machine }: Targets,
  { hours }: JudgeContext,
): readonly ScorePart[] {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const attempts = visitors.reduce((sum, { times }) => sum + times.attempts, 0);
  const lasting = hours.share(span.first, span.last);
  const steady = mean(visitors.map(({ times }) => times.steadyShare));
  const even = mean(visitors.map(({ times }) => 1 - (times.variation ?? 0.5)));
  const focus = mean(
    visitors.map(({ suspects }) => {
      const pairs = suspects.flatMap((one) => one.pairs);
      const here = pairs.reduce((sum, { records }) => sum + records, 0);
      return here / Math.max(1, here, ...pairs.map(({ total }) => total));
    }),
  );
  const rates = visitors.flatMap(({ times }) => (times.perHour === null ? [] : [times.perHour.median]));
  const middle = rates.length === 0 ? 0 : median(rates);
  const alike =
    rates.length < 2
      ? 0.5
      : mean(rates.map((rate) => 1 - Math.min(1, Math.abs(rate - middle) / Math.max(1, middle))));
  const suspects = visitors.flatMap((visitor) => visitor.suspects);
  const accepted = suspects.every((one) => verdictOf(one) !== 'rejected');
  return [
    part('lasting', lasting, 0.3, `seen over ${percent(lasting)} of the hours with logs`),
    part(
      'steady',
      steady,
      0.2,
      `in ${percent(steady)} of the known hours attempts in three five-minute pieces or more`,
    ),
    part('even', even, 0.15, `hourly counts vary by ${percent(1 - even)}`),
    part(
      'focused',
      focus,
      0.15,
      `${percent(focus)} of the flow records of these sources without success are at this target`,
    ),
    part('many', volume(attempts), 0.15, count(attempts, 'attempt')),
    part(
      'alike',
      alike,
      0.05,
      visitors.length < 2 ? 'one source alone' : `the sources' rates are ${percent(alike)} similar`,
    ),
    ...(ownAddress?.since == null || ownAddress.since <= span.first
      ? []
      : [part('younger', 1, 0.2, `${ownAddress.sinceWhat ?? 'it was created'} after the attempts began`)]),
    ...(accepted
      ? [part('let_in', 0, 0.1, 'accepted and not answered: perhaps no listener, or the reply is filtered')]
      : []),
    ...(suspects.every(mayBeOneConnection)
      ? [part('perhaps_one', 0, DOUBT, 'without source ports, this may be one long connection')]
      : []),
    ...(machine === null && entryOf(ownAddress?.service ?? null) === 'none'
      ? [
          part(
            'no_entry',
            0,
            DOUBT,
            'no connection comes in there, by what the inventory says of the address',
          ),
        ]
      : []),
    ...(areAllIcmp(suspects)
      ? [part('perhaps_errors', 0, DOUBT, 'flow logs do not tell pings from errors of routers')]
      : []),
    ...(visitors.every(isServed)
      ? [part('served', 0, SERVED, 'the target serves these sources at other ports: they may mean no harm')]
      : []),
    ...(visitors.every(isConnectedTo)
      ? [part('connected_to', 0, SERVED, 'the target itself connects to these sources: they may call back')]
      : []),
    ...(hours.loggedCount < 6 ? [part('short', 0, 0.15, 'there are few hours of logs')] : []),
  ];
}

const TCP = 6;

/** The weight of it that the target serves all of them elsewhere, or connects to them. */
const SERVED = 0.4;

function isInBursts({ suspects }: Visitor): boolean {
  return comesInBursts(suspects.flatMap(({ active }) => active));
}

/** So near is the number of records an hour to that of windows, if there is one in each. */
const EACH_WINDOW = 0.05;

/**
 * Whether a protocol without connections left a record in each window: how often it was sent within one is unknown.
 * @returns the seconds of a window; null: not so
 */
function windowOfEach(suspects: readonly CountedSuspect[]): number | null {
  const windows = suspects.map(({ pairs: [pair], times: { perHour, window }, portless }) =>
    portless === null && (pair?.protocol ?? TCP) > 0 && pair?.protocol !== TCP && perHour !== null && Math.abs((perHour.median * window) / 3600 - 1) <= EACH_WINDOW ? window : null,
  ); // prettier-ignore
  return windows.every((one) => one === windows[0]) ? (windows[0] ?? null) : null;
}

/** The weight of a doubt whether anybody tries anything, or could get in: as much as everything that speaks for it, so the score is half. */
const DOUBT = 1;

/** If rates differ by more than this factor, no rate per source is given. */
const MIXED_RATES = 1.5;

function summary(
  visitors: readonly TimedVisitor[],
  what: {
    readonly first: number;
    readonly last: number;
    readonly kind: FindingKind;
    readonly verdict: Finding['verdict'];
    readonly letInSince: boolean;
    readonly othersAnswered: boolean;
    readonly when: string | null;
  },
  at: Targets,
  { address, hours }: JudgeContext,
): string {
  const since = `since ${moment(what.first)}`;
  const until = `from ${moment(what.first)} until ${moment(what.last)}`;
  const longestPause = Math.min(...visitors.map(({ times }) => times.longestPause));
  const rates = visitors.flatMap(({ times }) => (times.perHour === null ? [] : [times.perHour]));
  const intervals = visitors.flatMap(({ times }) => times.intervalSeconds ?? []);
  const medians = rates.map((rate) => rate.median);
  const mixed = Math.max(...medians) > MIXED_RATES * Math.min(...medians);
  const total = visitors.reduce((sum, { times }) => sum + times.attempts, 0);
  const span = between(Math.min(...rates.map(({ min }) => min)), Math.max(...rates.map(({ max }) => max)));
  const slow = Math.max(...rates.map(({ max }) => max), 0) < 3;
  const regular = visitors.length === 1 || !mixed;
  const interval = visitors.every(isInBursts)
    ? ', in bursts'
    : intervals.length === 0 || !regular
      ? ''
      : `, ${every(roundInterval(median(intervals)))}`;
  const window = windowOfEach(visitors.flatMap(({ suspects }) => suspects));
  const rate =
    window !== null && what.when === null
      ? `at least once every ${window > 60 ? 'ten minutes' : 'minute'} (${span} flow records an hour)`
      : rates.length === 0 || slow || what.when !== null
        ? `${count(total, 'time')}${interval}`
        : mixed && visitors.length > 1
          ? `${count(total, 'time')}, ${slowestAndFastest(medians)}`
          : `${span} times an hour${interval}`;
  const [only] = visitors;
  const each = !mixed && rates.length === visitors.length && !slow && what.when === null;
  const phase =
    what.kind === 'persistent_stranger' ? presence({ ...what, longestPause }, hours, at.interfaces) : null;
  const over = what.kind === 'stopped_stranger' || phase === 'stopped' || phase === 'passing';
  const single = visitors.length === 1;
  const tries = over ? 'tried' : single ? 'tries' : 'try';
  const who = single
    ? `${address(only?.src ?? 0)} ${tries}`
    : `${count(visitors.length, 'outside address', 'outside addresses')}${each ? ' each' : ' together'} ${tries}`;
  const are = over ? (single ? 'was' : 'were') : single ? 'is' : 'are';
  const how = {
    rejected: `${are} rejected`,
    refused: `${are} let in by the rules but refused, ${what.othersAnswered ? `although others ${over ? 'were' : 'are'} answered there` : `since nothing ${over ? 'listened' : 'listens'} there`}`,
    unanswered: `${are} accepted but never answered`,
    accepted: `${are} accepted`,
  }[what.verdict];
  const when = phase === 'steady' ? `in all logs of this range (${logsOf(hours)})` : over ? until : since;
  const daily = what.when === null ? '' : `, ${what.when}`;
  if (what.letInSince) {
    const [were, have] = visitors.length === 1 ? ['it was', 'has'] : ['they were', 'have'];
    return `${sentenceCase(who)} ${at.words} ${rate}${daily}; ${were} rejected until ${moment(what.last)}, and ${have} been let in since.`;
  }
  return `${sentenceCase(who)} ${at.words} ${rate}${daily}, ${when}, and ${how}.`;
}

/** A range that has logs for less of it than this has gaps worth a word. */
const NEARLY_ALL = 0.9;

/** How much time the logs cover: `10 days`; with gaps `6 days of logs within 34 days`. */
function logsOf({ seconds, loggedSeconds }: JudgeContext['hours']): string {
  const all = duration(seconds);
  const logged = duration(loggedSeconds);
  return loggedSeconds >= NEARLY_ALL * seconds || logged === all ? all : `${logged} of logs within ${all}`;
}

/** Rates that differ, by the usual hour of each source. */
function slowestAndFastest(perHour: readonly number[]): string {
  const [least, most] = [Math.min(...perHour), Math.max(...perHour)].map((rate) => Math.round(rate));
  const slowest =
    least === 0
      ? 'some not even once in most hours'
      : `the slowest usually ${count(least ?? 0, 'time')} an hour`;
  return `${slowest}, the fastest ${count(most ?? 0, 'time')}`;
}

/** A machine is taken out of service for no weaker evidence than this. */
const STRONG = 0.5;
const STRONG_ATTEMPTS = 100;

function percent(share: number): string {
  return `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %`;
}
