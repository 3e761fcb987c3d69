import type { Evidence, Finding, FindingKind, ScorePart } from '../../model/knocks/knocks.ts';
import { byHour, bySource, byTarget, portlessEvidence, queryOf, type Selection } from '../evidence.ts';
import type { CountedSuspect } from '../gather.ts';
import { hourly, knownTarget, type JudgeContext, type KnownTarget } from '../judge-context.ts';
import { median } from '../rhythm.ts';
import { part, scoreOf, volume } from '../score.ts';
import { MOST_NAMED, MOST_SOURCES, knockSource } from '../sources.ts';
import { mayBeOneConnection, stateOf, verdictOf } from '../suspicion.ts';
import { between, count, duration, every, iso, list, moment, portWords, sentenceCase } from '../wording.ts';

/** Strangers at one port of one address of ours: one finding, since they want the same. */
export function strangers(suspects: readonly CountedSuspect[], context: JudgeContext): readonly Finding[] {
  const doors = new Map<string, CountedSuspect[]>();
  for (const suspect of suspects) {
    const [pair] = suspect.pairs;
    const key = `${pair?.interface} ${pair?.dst} ${pair?.port} ${pair?.protocol}`;
    doors.set(key, [...(doors.get(key) ?? []), suspect]);
  }
  return [...doors.values()].map((door) => finding(door, context));
}

/** How much each kind matters beside the others. */
const importance = { persistent_stranger: 1, new_stranger: 0.85, stopped_stranger: 0.55 } as const;

function finding(door: readonly CountedSuspect[], context: JudgeContext): Finding {
  const { hours } = context.gathered;
  const knocking = door.toSorted((a, b) => b.rhythm.attempts - a.rhythm.attempts);
  const pair = knocking[0]?.pairs[0];
  if (pair === undefined) throw new TypeError('a door without anybody at it');
  const faces = [pair.interface];
  const first = Math.min(...door.map(({ rhythm }) => rhythm.first));
  const last = Math.max(...door.map(({ rhythm }) => rhythm.last));
  const state = stateOf({ first, last }, hours, faces);
  const kind: FindingKind =
    state === 'steady' ? 'persistent_stranger' : state === 'new' ? 'new_stranger' : 'stopped_stranger';
  const at = knownTarget(pair, last, context);
  const verdicts = door.map(verdictOf);
  const verdict = verdicts.includes('rejected') ? 'rejected' : 'unanswered';
  const attempts = door.reduce((sum, { rhythm }) => sum + rhythm.attempts, 0);
  const parts = scoreParts(knocking, { first, last }, at, context);
  const selection: Selection = {
    action: verdict === 'rejected' ? 'REJECT' : 'ACCEPT',
    targets: [at.target.address],
    port: pair.port,
    protocol: pair.protocol,
    interfaceId: at.target.interface_id,
    portless: door.some((one) => one.portless !== null),
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
      .map((one) => knockSource(one.pairs[0]?.src ?? 0, one.rhythm, faces, context)),
    source_count: door.length,
    attempts,
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly(
      door.map(({ active }) => active),
      faces,
      context,
    ),
    query: queryOf(context.range, { ...selection, sources: namesOf(knocking, context) }, []),
    summary: summary(knocking, { first, last, kind, verdict }, at, pair, context),
    evidence: evidence(knocking, { first, last, verdict }, selection, at, context),
    next_step: nextStep(kind, at, { ...pair, cutOff: door.every(({ letInUntil }) => letInUntil !== null) }),
  };
}

function scoreParts(
  door: readonly CountedSuspect[],
  span: { readonly first: number; readonly last: number },
  { known }: KnownTarget,
  { gathered, range }: JudgeContext,
): readonly ScorePart[] {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const attempts = door.reduce((sum, { rhythm }) => sum + rhythm.attempts, 0);
  const lasting = (span.last - span.first) / Math.max(1, range.to - range.from);
  const steady = mean(door.map(({ rhythm }) => rhythm.steadyShare));
  const even = mean(door.map(({ rhythm }) => 1 - (rhythm.variation ?? 0.5)));
  const focus = mean(
    door.map(({ pairs, rhythm }) => rhythm.attempts / Math.max(rhythm.attempts, pairs[0]?.total ?? 1)),
  );
  const rates = door.flatMap(({ rhythm }) => (rhythm.perHour === null ? [] : [rhythm.perHour.median]));
  const middle = rates.length === 0 ? 0 : median(rates);
  const alike =
    rates.length < 2
      ? 0.5
      : mean(rates.map((rate) => 1 - Math.min(1, Math.abs(rate - middle) / Math.max(1, middle))));
  const silent = door.every((one) => verdictOf(one) === 'unanswered');
  return [
    part('lasting', lasting, 0.3, `seen over ${percent(lasting)} of the range`),
    part('steady', steady, 0.2, `attempts throughout ${percent(steady)} of the known hours`),
    part('even', even, 0.15, `hourly counts vary by ${percent(1 - even)}`),
    part('focused', focus, 0.15, `${percent(focus)} of what these sources are refused is at this port`),
    part('many', volume(attempts), 0.15, count(attempts, 'attempt')),
    part(
      'alike',
      alike,
      0.05,
      door.length < 2 ? 'one source alone' : `the sources' rates are ${percent(alike)} alike`,
    ),
    ...(known?.since == null || known.since <= span.first
      ? []
      : [part('younger', 1, 0.2, `${known.sinceWhat ?? 'it came'} after the knocking began`)]),
    ...(silent
      ? [part('let_in', 0, 0.1, 'let in and never answered: nobody may listen, or the answer is filtered')]
      : []),
    ...(door.every(mayBeOneConnection)
      ? [part('perhaps_one', 0, 0.3, 'without source ports, perhaps one connection that goes on')]
      : []),
    ...(gathered.hours.count < 6 ? [part('short', 0, 0.15, 'the range is short')] : []),
  ];
}

function summary(
  door: readonly CountedSuspect[],
  what: {
    readonly first: number;
    readonly last: number;
    readonly kind: FindingKind;
    readonly verdict: 'rejected' | 'unanswered';
  },
  at: KnownTarget,
  pair: { readonly port: number; readonly protocol: number },
  { gathered, range }: JudgeContext,
): string {
  const rates = door.flatMap(({ rhythm }) => (rhythm.perHour === null ? [] : [rhythm.perHour]));
  const rate =
    rates.length === 0
      ? count(
          door.reduce((sum, { rhythm }) => sum + rhythm.attempts, 0),
          'time',
        )
      : `${between(Math.min(...rates.map(({ min }) => min)), Math.max(...rates.map(({ max }) => max)))} times an hour`;
  const intervals = door.flatMap(({ rhythm }) => rhythm.intervalSeconds ?? []);
  const rhythm = intervals.length === 0 ? '' : `, ${every(Math.round(median(intervals)))}`;
  const who =
    door.length === 1
      ? `${gathered.address(door[0]?.pairs[0]?.src ?? 0)} tries`
      : `${count(door.length, 'outside address', 'outside addresses')}${rates.length === door.length ? ' each' : ''} try`;
  const how = what.verdict === 'rejected' ? 'and is turned away' : 'and, though let in, never gets an answer';
  const when = {
    persistent_stranger: `for as long as there are logs in this range (${duration(range.to - range.from)})`,
    new_stranger: `since ${moment(what.first)}`,
    stopped_stranger: `from ${moment(what.first)} until ${moment(what.last)}, and then no more`,
  }[what.kind as keyof typeof importance];
  const plural = door.length === 1 ? how : how.replace('is turned', 'are turned').replace('gets', 'get');
  return `${sentenceCase(who)} ${portWords(pair.port, pair.protocol, at.target.likely_service)} of ${at.words} ${rate}${rhythm}, ${when}, ${plural}.`;
}

function evidence(
  door: readonly CountedSuspect[],
  what: { readonly first: number; readonly last: number; readonly verdict: 'rejected' | 'unanswered' },
  selection: Selection,
  at: KnownTarget,
  context: JudgeContext,
): readonly Evidence[] {
  const { range, gathered } = context;
  const names = namesOf(door, context);
  const { unknown_hours: unknown } = gathered.hours.coverage([door[0]?.pairs[0]?.interface ?? 0]);
  const changes = door.flatMap((one) => {
    const state = stateOf(one.rhythm, gathered.hours, [one.pairs[0]?.interface ?? 0]);
    const name = gathered.address(one.pairs[0]?.src ?? 0);
    if (state === 'new') return [`${name} began ${moment(one.rhythm.first)}`];
    if (state === 'stopped') return [`${name} stopped ${moment(one.rhythm.last)}`];
    return state === 'passing'
      ? [`${name} came ${moment(one.rhythm.first)} and went ${moment(one.rhythm.last)}`]
      : [];
  });
  const { known, target } = at;
  return [
    {
      text:
        names.length < door.length
          ? `The ${names.length} busiest of ${count(door.length, 'source')}, by connections begun`
          : `${count(door.length, 'source')}, by connections begun`,
      query: queryOf(range, { ...selection, sources: names }, [bySource]),
    },
    {
      text: 'Each source hour by hour: a timer, not a person',
      query: queryOf(range, { ...selection, sources: names }, [bySource, byHour]),
    },
    {
      text: 'What else these sources try: little or nothing',
      query: queryOf(
        range,
        { action: selection.action ?? null, sources: names, portless: selection.portless === true },
        [byTarget, { field: 'dstport', limit: 20 }],
      ),
    },
    ...(what.verdict === 'rejected'
      ? []
      : [
          {
            text: 'What ever went back: nothing, or resets (40 bytes a packet, over IPv6 60)',
            query: queryOf(
              range,
              {
                sources: [target.address],
                targets: names,
                sourcePorts: target.port === null ? [] : [target.port],
              },
              [byTarget],
              ['flows', 'packets', 'bytes'],
            ),
          },
        ]),
    ...(changes.length === 0 || changes.length === door.length
      ? []
      : [{ text: `${list(changes)}.`, query: null }]),
    ...earlierSums(door, { ...selection, sources: names }, context),
    ...portlessEvidence(selection.portless === true, door.every(mayBeOneConnection)),
    ...rulesChanged(door, selection, context),
    ...(known?.since == null
      ? []
      : [
          {
            text:
              known.since > what.first
                ? `${sentenceCase(known.sinceWhat ?? 'it is known since')} ${moment(known.since)}, after the knocking began: it is meant for somebody who had the address before.`
                : `${sentenceCase(known.sinceWhat ?? 'it is known since')} ${moment(known.since)}, ${duration(what.first - known.since)} before the first attempt in this range; older logs could tell whether the knocking is older still.`,
            query: null,
          },
        ]),
    ...(unknown === 0
      ? []
      : [
          {
            text: `${count(unknown, 'hour')} of the range ${unknown === 1 ? 'is' : 'are'} unknown (no file, or records lost) and left out of the rates.`,
            query: null,
          },
        ]),
  ];
}

/** What the time before tells, of which only sums are left: whether they were there, not how often they tried. */
function earlierSums(
  door: readonly CountedSuspect[],
  selection: Selection,
  { range, sumsFrom }: JudgeContext,
): readonly Evidence[] {
  if (sumsFrom === null) return [];
  const before = door.flatMap((one) => one.before ?? []);
  const flows = before.reduce((sum, one) => sum + one.flows, 0);
  const time = { from: sumsFrom, to: range.from };
  const query = queryOf(time, { ...selection, portless: true }, [bySource]);
  const when = `Before ${moment(range.from)} only hourly sums are left`;
  if (before.length === 0)
    return [{ text: `${when}, and no rejected flow of theirs here is among them.`, query }];
  const first = Math.min(...before.map(({ firstHour }) => firstHour)) * 3600;
  const who =
    door.length === 1
      ? 'it was'
      : before.length === door.length
        ? 'all of them were'
        : `${before.length.toLocaleString('en-US')} of them were`;
  return [
    {
      text: `${when}, but ${who} here already: ${count(flows, 'rejected flow')} since ${moment(first)}. Flows are not attempts, and are not counted as such.`,
      query,
    },
  ];
}

/** Who of them had been let in before: then a rule changed, and the address need not have had another owner. */
function rulesChanged(
  door: readonly CountedSuspect[],
  selection: Selection,
  context: JudgeContext,
): readonly Evidence[] {
  const before = door.filter(({ letInUntil }) => letInUntil !== null);
  if (before.length === 0) return [];
  const until = Math.max(...before.map(({ letInUntil }) => letInUntil ?? 0));
  const who =
    before.length === door.length
      ? door.length === 1
        ? 'It was'
        : 'All were'
      : count(before.length, 'source was', 'sources were');
  return [
    {
      text: `${who} let in here before, until the hour from ${moment(until * 3600)}: a rule changed then, or the target.`,
      query: queryOf(
        context.range,
        { ...selection, action: 'ACCEPT', sources: namesOf(before, context) },
        [bySource, byHour],
        ['flows'],
      ),
    },
  ];
}

/** The busiest sources, as many as a query names. */
function namesOf(door: readonly CountedSuspect[], { gathered }: JudgeContext): readonly string[] {
  return door.slice(0, MOST_NAMED).map(({ pairs }) => gathered.address(pairs[0]?.src ?? 0));
}

function nextStep(
  kind: FindingKind,
  { target }: KnownTarget,
  pair: { readonly port: number; readonly protocol: number; readonly cutOff: boolean },
): string {
  const name = target.name ?? target.address;
  if (kind === 'stopped_stranger')
    return `Nothing to do now; if it returns, listen on ${name} to learn whom it takes it for.`;
  if (pair.cutOff)
    return `Find out what changed in the rules of ${name} when the refusals began, and whether these sources are clients that it cut off.`;
  if (pair.protocol !== 6 || pair.port < 0)
    return `Take ${name} out of duty, open it to these sources, and read what they send (tcpdump): a flow log holds no payload.`;
  return `Take ${name} out of duty, isolate it, run \`peephole listen --port ${pair.port}\` on it and open the port to the world: what they ask for (Host, TLS server name) says whom they take it for.`;
}

function percent(share: number): string {
  return `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %`;
}
