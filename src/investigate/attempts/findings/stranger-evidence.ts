import type { Evidence } from '../../../model/knocks/knocks.ts';
import { byHour, bySource, byTarget, portlessEvidence, queryOf, type Selection } from '../../evidence.ts';
import type { CountedSuspect } from '../collect.ts';
import type { JudgeContext, ResolvedTarget } from '../../judge-context.ts';
import { MOST_NAMED } from '../../sources.ts';
import { mayBeOneConnection } from '../classify.ts';
import { stateOf } from '../../state-of.ts';
import { count, duration, list, moment, sentenceCase } from '../../wording.ts';

/** What shows that the sources keep trying one target, and other facts about them. */
export function strangerEvidence(
  group: readonly CountedSuspect[],
  what: { readonly first: number; readonly last: number; readonly verdict: 'rejected' | 'unanswered' },
  selection: Selection,
  at: ResolvedTarget,
  context: JudgeContext,
): readonly Evidence[] {
  const { range, hours, address } = context;
  const names = namesOf(group, context);
  const { unknown_hours: unknown } = hours.coverage([group[0]?.pairs[0]?.interface ?? 0]);
  const changes = group.flatMap((one) => {
    const state = stateOf(one.times, hours, [one.pairs[0]?.interface ?? 0]);
    const name = address(one.pairs[0]?.src ?? 0);
    if (state === 'new') return [`${name} began ${moment(one.times.first)}`];
    if (state === 'stopped') return [`${name} stopped ${moment(one.times.last)}`];
    return state === 'passing'
      ? [`${name} came ${moment(one.times.first)} and went ${moment(one.times.last)}`]
      : [];
  });
  const { ownAddress, target } = at;
  return [
    {
      text:
        names.length < group.length
          ? `The ${names.length} busiest of ${count(group.length, 'source')}, by connections`
          : `${count(group.length, 'source')}, by connections`,
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
        { action: selection.action ?? null, sources: names, portless: selection.portless === true },
        [byTarget, { field: 'dstport', limit: 20 }],
      ),
    },
    ...(what.verdict === 'rejected'
      ? []
      : [
          {
            text: 'Replies to these sources: none, or TCP resets (40 bytes per packet, 60 with IPv6)',
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
    ...(changes.length === 0 || changes.length === group.length
      ? []
      : [{ text: `${list(changes)}.`, query: null }]),
    ...earlierSums(group, { ...selection, sources: names }, context),
    ...portlessEvidence(selection.portless === true, group.every(mayBeOneConnection)),
    ...rulesChanged(group, selection, context),
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

/** What the hourly totals of an earlier time tell: whether the sources were seen then, not how often they tried. */
function earlierSums(
  group: readonly CountedSuspect[],
  selection: Selection,
  { range, sumsFrom }: JudgeContext,
): readonly Evidence[] {
  if (sumsFrom === null) return [];
  const before = group.flatMap((one) => one.before ?? []);
  const flows = before.reduce((sum, one) => sum + one.flows, 0);
  const time = { from: sumsFrom, to: range.from };
  const query = queryOf(time, { ...selection, portless: true }, [bySource]);
  const when = `Before ${moment(range.from)} only hourly totals are stored`;
  if (before.length === 0)
    return [{ text: `${when}; they contain no rejected flows from these sources to this target.`, query }];
  const first = Math.min(...before.map(({ firstHour }) => firstHour)) * 3600;
  const who =
    group.length === 1
      ? 'the source'
      : before.length === group.length
        ? 'all of the sources'
        : `${before.length.toLocaleString('en-US')} of the sources`;
  return [
    {
      text: `${when}; they contain ${count(flows, 'rejected flow')} of ${who} since ${moment(first)}. Flows are not attempts and are not counted as attempts.`,
      query,
    },
  ];
}

/** Who of them had been let in before: then a rule changed, and the address need not have had another owner. */
function rulesChanged(
  group: readonly CountedSuspect[],
  selection: Selection,
  context: JudgeContext,
): readonly Evidence[] {
  const before = group.filter(({ letInUntil }) => letInUntil !== null);
  if (before.length === 0) return [];
  const until = Math.max(...before.map(({ letInUntil }) => letInUntil ?? 0));
  const who =
    before.length === group.length
      ? group.length === 1
        ? 'The source was'
        : 'All sources were'
      : count(before.length, 'source was', 'sources were');
  return [
    {
      text: `${who} accepted here before, until the hour that began ${moment(until * 3600)}: a rule or the target changed then.`,
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
export function namesOf(group: readonly CountedSuspect[], { address }: JudgeContext): readonly string[] {
  return group.slice(0, MOST_NAMED).map(({ pairs }) => address(pairs[0]?.src ?? 0));
}
