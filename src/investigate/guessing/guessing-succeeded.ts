import { entryOf } from '../../model/catalog/interface-services.ts';
import { loginLogOf } from '../by-service.ts';
import type { Found } from '../search.ts';
import type { Evidence } from '../../model/knocks/knocks.ts';
import { formatBytes } from '../../model/byte-text.ts';
import { attemptTimes } from '../attempt-times.ts';
import { byTarget, byPort, byTenMinutes, queryOf } from '../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../judge-context.ts';
import { part, scoreOf, volume } from '../score.ts';
import { knockSource } from '../knock-source.ts';
import { count, counted, duration, iso, moment, portWords } from '../wording.ts';
import { loginPorts } from '../../sql/investigate/pairs.ts';
import type { Guesser, HeavySession } from './guesser.ts';

/** A source that guessed at logins and then had a session that looks like a successful login. */
export function guessingSucceeded(guesser: Guesser, session: HeavySession, context: JudgeContext): Found {
  const { hours, range } = context;
  const faces = [session.interface];
  const times = attemptTimes(guesser.active, hours, faces);
  const at = resolveTarget({ ...session, protocol: 6 }, session.start, context);
  const source = knockSource(guesser.src, times, faces, context);
  const stopped = guesser.lastGuess <= session.start;
  const bytes = session.sent + session.answered;
  const lasting = session.stop - session.start;
  const isInside = context.isOurs(guesser.src);
  const parts = [
    part('guesses', volume(session.guesses), 0.3, `${count(session.guesses, 'guess', 'guesses')} before the session`),
    part('session', Math.log10(Math.max(1, bytes / 10_000)) / 3, 0.2, `the session moved ${formatBytes(bytes)}`),
    part('stopped', stopped ? 1 : 0.4, 0.25, stopped ? 'no guess after the session began' : 'it went on guessing'),
    part('equal', guesser.answered > 0 ? 1 - guesser.variation : 0.4, 0.15, guesser.answered > 0 ? `the guesses' bytes vary by ${Math.round(guesser.variation * 100)} %` : 'all guesses were rejected'),
    part('outside', isInside ? 0.4 : 1, 0.1, isInside ? 'the source is inside your network' : 'the source is outside your network'),
  ]; // prettier-ignore
  const selection = { sources: [source.address], ports: loginPorts, protocol: 6 };
  const name = at.target.name ?? at.target.address;
  const where = `${portWords(session.port, 6, at.target.likely_service)} of ${at.words}`;
  return {
    id: `guessing_succeeded:${source.address}:${at.target.interface_id ?? '-'}:${at.target.address}:${session.port}:${session.start}`,
    kind: 'guessing_succeeded',
    score: scoreOf(parts, 0.95),
    score_parts: parts,
    verdict: 'accepted',
    target: at.target,
    target_count: guesser.doors,
    ports: [session.port],
    sources: [source],
    source_count: 1,
    attempts: times.attempts,
    counted: 'connections',
    amounts: [
      {
        name: 'guesses',
        value: session.guesses,
        unit: 'count',
        text: counted(
          session.guesses,
          'short connection before the session',
          'short connections before the session',
        ),
      },
      { name: 'session_bytes', value: bytes, unit: 'bytes', text: 'bytes of the session, both ways' },
      { name: 'session_seconds', value: lasting, unit: 'seconds', text: 'duration of the session' },
    ],
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    coverage: hours.coverage(faces),
    hourly: hourly([guesser.active], faces, context),
    query: queryOf(range, selection, []),
    summary: `${source.address} may have got in: after ${count(session.guesses, 'short connection')} like guesses at ${guesser.doors === 1 ? 'a login' : count(guesser.doors, 'login')} it had a session of ${formatBytes(bytes)} in ${duration(Math.max(1, lasting))} at ${where}, from ${moment(session.start)}${stopped ? ', and guessed no more' : ''}.`,
    evidence: evidence(guesser, session, source.address, at.target.address, context),
    next_step: `Search ${loginLogOf(name, at.target.service)} for ${source.address} around ${moment(session.start)}; if a login succeeded, isolate ${entryOf(at.target.service) === 'load_balancer' ? 'that target' : name}, change its passwords and keys, and look at what it has connected to since.`,
  };
}

function evidence(
  guesser: Guesser,
  session: HeavySession,
  source: string,
  target: string,
  { range, interfaceId }: JudgeContext,
): readonly Evidence[] {
  const during = { from: session.start, to: session.stop + 1 };
  const before = { from: range.from, to: Math.max(range.from + 1, session.start) };
  const tuple = { protocol: 6, interfaceId: interfaceId(session.interface), action: 'ACCEPT' as const };
  const measures = ['flows', 'packets', 'bytes'];
  return [
    {
      text: `The session from port ${session.sourcePort}: ${formatBytes(session.sent)} to us in ${duration(Math.max(1, session.stop - session.start))}`,
      query: queryOf(during, { ...tuple, sources: [source], targets: [target], port: session.port, sourcePorts: [session.sourcePort] }, [], measures),
    },
    {
      text: `What went back in it: ${formatBytes(session.answered)}`,
      query: queryOf(during, { ...tuple, sources: [target], targets: [source], port: session.sourcePort, sourcePorts: [session.port] }, [], measures),
    },
    {
      text: `Before it: ${count(session.guesses, 'guess', 'guesses')}${guesser.answered > 0 ? `, of ${formatBytes(Math.round(guesser.meanBytes))} on average both ways where they were answered` : ', all rejected'}`,
      query: queryOf(before, { sources: [source], ports: loginPorts, protocol: 6 }, [byTarget, byPort], ['connections', 'flows', 'bytes']),
    },
    {
      text: 'All its connections at ports for logging in, per 10 minutes',
      query: queryOf(range, { sources: [source], ports: loginPorts, protocol: 6 }, [byTenMinutes], ['connections', 'bytes']),
    },
    {
      text: 'Flow logs show a session unlike the guesses before; they cannot show whether a login succeeded: a file that anybody may fetch, or a tunnel that was open before, looks the same.',
      query: null,
    },
  ]; // prettier-ignore
}
