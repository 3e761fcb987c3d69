import { doerAt, loginLogOf } from '../../by-service.ts';
import type { Finding } from '../../../model/knocks/knocks.ts';
import {
  attemptsOf,
  byHour,
  byTenMinutes,
  bySource,
  byTarget,
  queryOf,
  type Selection,
} from '../../evidence.ts';
import { hourly, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import type { Found } from '../../search.ts';
import { knockSource, MOST_SOURCES, whoIs } from '../../knock-source.ts';
import { count, duration, iso, moment } from '../../wording.ts';
import { countedOf, countingEvidence } from '../how-counted.ts';
import type { Visitor } from '../judge.ts';
import { mergeHours, timesTogether } from '../merge-hours.ts';
import { targetsOf } from '../targets.ts';
import { verdictOf } from '../verdict.ts';
import { namesOf } from './stranger-evidence.ts';

/** Sources that guess at logins: one by itself, or many together at one port. */
export function bruteForce(group: readonly Visitor[], context: JudgeContext): Found {
  const { hours, range } = context;
  const visitors = group
    .map((visitor) => ({ ...visitor, times: timesTogether(visitor.suspects, hours) }))
    .toSorted((a, b) => b.times.attempts - a.times.attempts || a.times.first - b.times.first);
  const suspects = visitors.flatMap((visitor) => visitor.suspects);
  const active = mergeHours(suspects.map((one) => one.active));
  const first = Math.min(...visitors.map(({ times }) => times.first));
  const last = Math.max(...visitors.map(({ times }) => times.last));
  const attempts = visitors.reduce((sum, { times }) => sum + times.attempts, 0);
  const peak = Math.max(...active.map((hour) => hour.attempts));
  const at = targetsOf(suspects, last, context);
  const verdicts = new Set(suspects.map(verdictOf));
  const letIn = verdicts.has('accepted');
  const verdict: Finding['verdict'] = letIn
    ? 'accepted'
    : verdicts.has('rejected')
      ? 'rejected'
      : verdicts.has('refused')
        ? 'refused'
        : 'unanswered';
  const outcome = {
    accepted: 'accepted by the security group',
    rejected: 'all rejected',
    refused: 'accepted by the rules and refused by the machine',
    unanswered: 'accepted by the rules and never answered',
  }[verdict];
  const parts = [
    part(
      'let_in',
      letIn ? 1 : 0.3,
      0.4,
      letIn ? 'the attempts were accepted' : 'the attempts were not answered',
    ),
    part('fast', peak / 2000, 0.3, `${peak.toLocaleString('en-US')} attempts in its busiest hour`),
    part('many', volume(attempts), 0.3, count(attempts, 'attempt')),
  ];
  const counted = countedOf(suspects);
  const selection: Selection = {
    ...at.selection,
    action: verdict === 'rejected' ? 'REJECT' : 'ACCEPT',
    counted,
  };
  const names = namesOf(visitors, context);
  const [only] = names;
  const one = visitors.length === 1;
  const inside = one && visitors.every(({ src }) => context.isOurs(src));
  const span = Math.max(60, last - first);
  const name = at.count === 1 ? (at.first.target.name ?? at.first.target.address) : 'these addresses';
  const service = at.count === 1 ? at.first.target.service : null;
  const ports = `${at.ports.length === 1 ? 'port' : 'ports'} ${at.ports.join(', ')}`;
  return {
    id: `brute_force:${one ? only : count(visitors.length, 'source')}:${at.id}`,
    kind: 'brute_force',
    score: scoreOf(parts, 0.8),
    score_parts: parts,
    verdict,
    target: at.target,
    target_count: at.count,
    ports: at.ports,
    sources: visitors
      .slice(0, MOST_SOURCES)
      .map((visitor) => knockSource(visitor.src, visitor.times, at.interfaces, context)),
    source_count: visitors.length,
    attempts,
    counted,
    amounts: [],
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(at.interfaces),
    hourly: hourly([active], at.interfaces, context),
    query: queryOf(range, { ...selection, sources: names }, []),
    summary: `${one ? only : `${count(visitors.length, 'source')} together`}${inside ? ' inside your network' : ''} tried to log in at ${at.words}: ${count(attempts, 'attempt')} within ${duration(span)} from ${moment(first)}, ${outcome}.`,
    evidence: [
      one
        ? {
            text: 'Its attempts per 10 minutes',
            query: queryOf(range, { ...selection, sources: names }, [byTenMinutes]),
          }
        : {
            text: 'Attempts of each source per hour',
            query: queryOf(range, { ...selection, sources: names }, [bySource, byHour]),
          },
      ...(at.count === 1
        ? []
        : [
            {
              text: 'Where the attempts went',
              query: queryOf(range, { ...selection, sources: names }, [
                byTarget,
                { field: 'dstport', limit: 20 },
              ]),
            },
          ]),
      {
        text: 'All sources that try this',
        query: queryOf(range, selection, [bySource], [attemptsOf(selection), 'bytes']),
      },
      ...countingEvidence(suspects),
      {
        text: letIn
          ? 'Flow logs show that sessions were short and alike, not whether a login succeeded.'
          : 'Flow logs show how often and how fast they came, not what they sent.',
        query: null,
      },
    ],
    next_step: inside
      ? `Find out ${doerAt(whoIs(visitors[0]?.src ?? 0, [], first, context), first, context)} logs in at ${name} so often: a program with a wrong password, or somebody who got in; then isolate that machine. Search ${loginLogOf(name, service)}, and allow ${ports} there only from machines that need it.`
      : letIn
        ? `Close ${ports} of ${name} to the internet (use a VPN, Session Manager or an allow list), and search ${loginLogOf(name, service)} for ${one ? only : 'these sources'}.`
        : `The attempts did not get in: keep ${ports} of ${name} closed to the internet.`,
  };
}
