import type { Finding } from '../../../model/knocks/knocks.ts';
import { attemptsOf, byTenMinutes, bySource, portlessEvidence, queryOf } from '../../evidence.ts';
import type { CountedSuspect } from '../collect.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { knockSource, whoIs } from '../../sources.ts';
import { mayBeOneConnection, verdictOf } from '../classify.ts';
import { count, duration, iso, moment, portWords } from '../../wording.ts';

/** A source that guesses at one login. */
export function bruteForce(suspect: CountedSuspect, context: JudgeContext): Finding {
  const { hours } = context;
  const { times } = suspect;
  const pair = suspect.pairs[0];
  if (pair === undefined) throw new TypeError('a suspect without a pair');
  const faces = [pair.interface];
  const at = resolveTarget(pair, times.last, context);
  const verdict = verdictOf(suspect);
  const letIn = verdict !== 'rejected';
  const who = whoIs(pair.src, faces, times.first, context);
  const parts = [
    part('let_in', letIn ? 1 : 0.3, 0.4, letIn ? 'the attempts were accepted' : 'the attempts were rejected'),
    part('fast', times.peak / 2000, 0.3, `${times.peak} attempts in its busiest hour`),
    part('many', volume(times.attempts), 0.3, count(times.attempts, 'attempt')),
  ];
  const span = Math.max(60, times.last - times.first);
  const selection = {
    action: letIn ? ('ACCEPT' as const) : ('REJECT' as const),
    targets: [at.target.address],
    port: pair.port,
    protocol: pair.protocol,
    interfaceId: at.target.interface_id,
    portless: suspect.portless !== null,
  };
  const name = at.target.name ?? at.target.address;
  return {
    id: `brute_force:${who.address}:${at.target.interface_id ?? '-'}:${at.target.address}:${pair.port}/${pair.protocol}`,
    kind: 'brute_force',
    score: scoreOf(parts, 0.8),
    score_parts: parts,
    verdict,
    target: at.target,
    target_count: 1,
    ports: [pair.port],
    sources: [knockSource(pair.src, times, faces, context)],
    source_count: 1,
    attempts: times.attempts,
    counted: suspect.portless === null ? 'connections' : 'records',
    amounts: [],
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    coverage: hours.coverage(faces),
    hourly: hourly([suspect.active], faces, context),
    query: queryOf(context.range, { ...selection, sources: [who.address] }, []),
    summary: `${who.address} tried to log in at ${portWords(pair.port, pair.protocol, at.target.likely_service)} of ${at.words}: ${count(times.attempts, 'attempt')} within ${duration(span)} from ${moment(times.first)}, ${letIn ? 'accepted by the security group' : 'all rejected'}.`,
    evidence: [
      {
        text: 'Its attempts per 10 minutes',
        query: queryOf(context.range, { ...selection, sources: [who.address] }, [byTenMinutes]),
      },
      {
        text: 'All sources that try this port',
        query: queryOf(context.range, selection, [bySource], [attemptsOf(selection), 'bytes']),
      },
      ...portlessEvidence(suspect.portless !== null, mayBeOneConnection(suspect)),
    ],
    next_step: letIn
      ? `Close port ${pair.port} of ${name} to the internet (use a VPN, Session Manager or an allow list), and search its login log for ${who.address}.`
      : `The attempts were rejected: keep port ${pair.port} of ${name} closed to the internet.`,
  };
}
