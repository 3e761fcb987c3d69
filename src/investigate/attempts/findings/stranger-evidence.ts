import type { Evidence, Finding } from '../../../model/knocks/knocks.ts';
import { attemptsOf, byHour, byPort, bySource, byTarget, queryOf, type Selection } from '../../evidence.ts';
import type { JudgeContext } from '../../judge-context.ts';
import { accepted, queryJson } from '../../query-json.ts';
import { MOST_NAMED } from '../../knock-source.ts';
import { stateOf } from '../../state-of.ts';
import { count, duration, list, moment, sentenceCase } from '../../wording.ts';
import { isCorrespondent, isServedMeanwhile, letInUntil } from '../single-connections.ts';
import { countingEvidence } from '../how-counted.ts';
import type { CountedSuspect } from '../collect.ts';
import type { Visitor } from '../judge.ts';
import type { Targets } from '../targets.ts';
import type { TimedVisitor } from '../merge-hours.ts';

/** The evidence that the sources keep trying one target, and other facts about them. */
export function strangerEvidence(
  group: readonly TimedVisitor[],
  what: {
    readonly first: number;
    readonly last: number;
    readonly verdict: Finding['verdict'];
    readonly noneHere: boolean;
  },
  selection: Selection,
  at: Targets,
  context: JudgeContext,
): readonly Evidence[] {
  const { range, hours, address } = context;
  const names = namesOf(group, context);
  const { unknown_hours: unknown } = hours.coverage(at.interfaces);
  const changes = group.flatMap((one) => {
    const state = stateOf(one.times, hours, at.interfaces);
    const name = address(one.src);
    if (state === 'new') return [`${name} began ${moment(one.times.first)}`];
    if (state === 'stopped') return [`${name} stopped ${moment(one.times.last)}`];
    return state === 'passing'
      ? [`${name} came ${moment(one.times.first)} and went ${moment(one.times.last)}`]
      : [];
  });
  const { ownAddress } = at.first;
  const suspects = group.flatMap((visitor) => visitor.suspects);
  const unit = attemptsOf(selection) === 'flows' ? 'flow records' : 'connections';
  return [
    {
      text:
        names.length < group.length
          ? `The ${names.length} busiest of ${count(group.length, 'source')}, by ${unit}`
          : `${count(group.length, 'source')}, by ${unit}`,
      query: queryOf(range, { ...selection, sources: names }, [bySource]),
    },
    {
      text: 'Attempts of each source per hour',
      query: queryOf(range, { ...selection, sources: names }, [bySource, byHour]),
    },
    {
      text: 'Everything that these sources try',
      query: queryOf(
        range,
        { action: selection.action ?? null, sources: names, counted: selection.counted ?? 'connections' },
        [byTarget, { field: 'dstport', limit: 20 }],
      ),
    },
    ...(what.verdict === 'rejected'
      ? []
      : [
          {
            text:
              what.verdict === 'refused'
                ? 'Replies to these sources: nothing but TCP resets (40 bytes per packet, 60 with IPv6)'
                : 'Replies to these sources: none',
            query: queryOf(
              range,
              {
                sources: at.selection.targets ?? [],
                targets: names,
                sourcePorts: at.ports,
              },
              [byTarget],
              ['flows', 'packets', 'bytes'],
            ),
          },
        ]),
    ...(changes.length === 0 || changes.length === group.length
      ? []
      : [{ text: `${list(changes)}.`, query: null }]),
    ...(what.noneHere ? [noneAccepted(at, context)] : []),
    ...servedElsewhere(group, selection, context),
    ...connectedTo(group, selection, context),
    ...earlierSums(suspects, group.length, { ...selection, sources: names }, context),
    ...countingEvidence(suspects),
    ...rulesChanged(suspects, group.length, selection, context),
    ...(ownAddress?.since == null
      ? []
      : [
          {
            text:
              ownAddress.since > what.first
                ? `${sentenceCase(ownAddress.sinceWhat ?? 'it has existed since')} ${moment(ownAddress.since)}, after the attempts began: they are meant for an earlier owner of the address.`
                : `${sentenceCase(ownAddress.sinceWhat ?? 'it has existed since')} ${moment(ownAddress.since)}, ${duration(what.first - ownAddress.since)} before the first attempt in this range; older logs could show whether the attempts began earlier.`,
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

/** That no accepted flow was logged where they are rejected: what is served there would not be seen. */
function noneAccepted({ interfaces }: Targets, { range, interfaceId }: JudgeContext): Evidence {
  const faces = interfaces.flatMap((face) => interfaceId(face) ?? []);
  return {
    text: `No flow at all was accepted at ${faces.length === 1 ? (faces[0] ?? '') : 'these interfaces'}, while others have accepted flows: either nothing else is sent there, or its flow log is of rejected flows alone, and then clients that are served there look the same`,
    query: queryJson(range, [accepted, { field: 'interface_id', in: faces }], [], ['flows']),
  };
}

/** Whether the target serves the source at other ports, for as long as it rejects it here. */
export function isServed({ suspects }: Visitor): boolean {
  return suspects.some(isServedMeanwhile);
}

/** Whether the target itself connects to the source for as long as it rejects it. */
export function isConnectedTo({ suspects }: Visitor): boolean {
  return suspects.some(isCorrespondent);
}

function connectedTo(
  group: readonly TimedVisitor[],
  { targets = [] }: Selection,
  context: JudgeContext,
): readonly Evidence[] {
  const connected = group.filter(isConnectedTo);
  if (connected.length === 0) return [];
  const shares = connected
    .flatMap(({ suspects }) => suspects.filter(isCorrespondent))
    .map(({ inAnswer, active }) => (inAnswer?.hours ?? 0) / Math.max(1, active.length));
  const least = Math.floor(100 * Math.min(...shares));
  const whom =
    connected.length < group.length
      ? `${connected.length} of the sources`
      : group.length === 1
        ? 'the source'
        : 'all of the sources';
  return [
    {
      text: `The target itself connects to ${whom} all the while: in ${least < 100 ? `${least} % or more` : 'each'} of the hours in which ${connected.length === 1 ? 'it tries' : 'they try'}.`,
      query: queryOf(
        context.range,
        { action: 'ACCEPT', sources: targets, targets: namesOf(connected, context) },
        [byTarget, byPort],
        ['flows', 'bytes'],
      ),
    },
  ];
}

function servedElsewhere(
  group: readonly TimedVisitor[],
  selection: Selection,
  context: JudgeContext,
): readonly Evidence[] {
  const served = group.filter(isServed);
  if (served.length === 0) return [];
  const sources = namesOf(served, context);
  const who =
    served.length < group.length
      ? count(served.length, 'of the sources is', 'of the sources are')
      : group.length === 1
        ? 'The source is'
        : 'All of the sources are';
  return [
    {
      text: `${who} accepted by the same target at other ports, or by another protocol, and served there all the while.`,
      query: queryOf(
        context.range,
        {
          action: 'ACCEPT',
          sources,
          targets: selection.targets ?? [],
          interfaceId: selection.interfaceId ?? null,
        },
        [byPort, bySource],
        ['flows', 'bytes'],
      ),
    },
  ];
}

/** What hourly totals of an earlier range show: whether the sources were seen, not how often they tried. */
function earlierSums(
  group: readonly CountedSuspect[],
  sources: number,
  selection: Selection,
  { range, sumsFrom }: JudgeContext,
): readonly Evidence[] {
  if (sumsFrom === null) return [];
  const before = group.flatMap((one) => one.before ?? []);
  const flows = before.reduce((sum, one) => sum + one.flows, 0);
  const time = { from: sumsFrom, to: range.from };
  const query = queryOf(time, { ...selection, counted: 'records' }, [bySource]);
  const when = `Before ${moment(range.from)} only hourly totals are stored`;
  if (before.length === 0)
    return [{ text: `${when}; they contain no rejected flows from these sources to this target.`, query }];
  const first = Math.min(...before.map(({ firstHour }) => firstHour)) * 3600;
  const who =
    sources === 1
      ? 'the source'
      : before.length === group.length
        ? 'all of the sources'
        : `${before.length.toLocaleString('en-US')} of the sources and targets`;
  return [
    {
      text: `${when}; they contain ${count(flows, 'rejected flow')} of ${who} since ${moment(first)}. Flows are not attempts and are not counted as attempts.`,
      query,
    },
  ];
}

/** Sources that were accepted before: then a rule changed, and a former owner of the address is less likely. */
function rulesChanged(
  group: readonly CountedSuspect[],
  sources: number,
  selection: Selection,
  context: JudgeContext,
): readonly Evidence[] {
  const until = Math.max(...group.map((one) => letInUntil(one) ?? 0));
  const before = [
    ...new Set(group.filter((one) => letInUntil(one) !== null).map(({ pairs }) => pairs[0]?.src ?? 0)),
  ];
  if (before.length === 0) return [];
  const who =
    before.length === sources
      ? sources === 1
        ? 'The source was'
        : 'All sources were'
      : count(before.length, 'source was', 'sources were');
  return [
    {
      text: `${who} accepted here before, until the hour that began ${moment(until * 3600)}: a rule or the target changed then.`,
      query: queryOf(
        context.range,
        {
          ...selection,
          action: 'ACCEPT',
          sources: namesOf(
            before.map((src) => ({ src })),
            context,
          ),
        },
        [bySource, byHour],
        ['flows'],
      ),
    },
  ];
}

/** The busiest sources, as many as a query names. */
export function namesOf(
  sources: readonly Pick<Visitor, 'src'>[],
  { address }: JudgeContext,
): readonly string[] {
  return sources.slice(0, MOST_NAMED).map(({ src }) => address(src));
}
