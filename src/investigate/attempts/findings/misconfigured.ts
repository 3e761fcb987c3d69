import type { Finding } from '../../../model/knocks/knocks.ts';
import { byHour, portlessEvidence, queryOf } from '../../evidence.ts';
import type { CountedSuspect } from '../collect.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { knockSource, whoIs } from '../../sources.ts';
import { mayBeOneConnection, verdictOf } from '../classify.ts';
import { count, duration, every, iso, portWords } from '../../wording.ts';

const LEAST_ATTEMPTS = 8;
const LEAST_HOURS = 3;
const SHORT_RANGE_HOURS = 4;

/** Internal clients whose attempts fail hour after hour: one finding for each, at the interface that rejected them. */
export function misconfigured(
  suspects: readonly CountedSuspect[],
  context: JudgeContext,
): readonly Finding[] {
  const short = context.hours.count <= SHORT_RANGE_HOURS;
  const seen = new Map<string, CountedSuspect>();
  for (const suspect of suspects) {
    if (suspect.times.attempts < LEAST_ATTEMPTS) continue;
    if (suspect.active.length < LEAST_HOURS && !short) continue;
    const [pair] = suspect.pairs;
    const key = `${pair?.src} ${pair?.dst} ${pair?.port} ${pair?.protocol}`;
    const other = seen.get(key);
    if (other === undefined || rank(suspect) > rank(other)) seen.set(key, suspect);
  }
  return [...seen.values()].map((suspect) => finding(suspect, context));
}

/** Where both ends log the same attempt, the end that refused it says more. */
function rank(suspect: CountedSuspect): number {
  return (verdictOf(suspect) === 'rejected' ? 1e12 : 0) + suspect.times.attempts;
}

function finding(suspect: CountedSuspect, context: JudgeContext): Finding {
  const { hours, isOurs, range } = context;
  const { times } = suspect;
  const pair = suspect.pairs[0];
  if (pair === undefined) throw new TypeError('a suspect without a pair');
  const faces = [pair.interface];
  const verdict = verdictOf(suspect);
  const at = resolveTarget(pair, times.last, context);
  const who = whoIs(pair.src, [], times.first, context);
  const inside = isOurs(pair.dst);
  const lasting = (times.last - times.first) / Math.max(1, range.to - range.from);
  const parts = [
    part('lasting', lasting, 0.4, `seen over ${Math.round(lasting * 100)} % of the range`),
    part('even', 1 - (times.variation ?? 0.5), 0.3, 'similar counts every hour: a program, not a person'),
    part('many', volume(times.attempts), 0.3, count(times.attempts, 'attempt')),
  ];
  const selection = {
    action: verdict === 'rejected' ? ('REJECT' as const) : ('ACCEPT' as const),
    sources: [who.address],
    targets: [at.target.address],
    port: pair.port,
    protocol: pair.protocol,
    // The other end may have logged the same attempts.
    interfaceId: at.target.interface_id,
    portless: suspect.portless !== null,
  };
  const client = who.name === null ? who.address : `${who.name} (${who.address})`;
  const port = portWords(pair.port, pair.protocol, at.target.likely_service);
  return {
    id: `misconfigured_client:${who.address}:${at.target.address}:${pair.port}/${pair.protocol}`,
    kind: 'misconfigured_client',
    score: scoreOf(parts, verdict === 'rejected' ? 0.75 : 0.5),
    score_parts: parts,
    verdict,
    target: at.target,
    target_count: 1,
    ports: pair.port < 0 ? [] : [pair.port],
    sources: [knockSource(pair.src, times, faces, context)],
    source_count: 1,
    attempts: times.attempts,
    counted: suspect.portless === null ? 'connections' : 'records',
    amounts: [],
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    coverage: hours.coverage(faces),
    hourly: hourly([suspect.active], faces, context),
    query: queryOf(range, selection, []),
    summary: `${client}, inside your network, tries ${port} of ${at.words} ${every(times.intervalSeconds)}, ${count(times.attempts, 'time')} over ${duration(times.last - times.first)}, and ${verdict === 'rejected' ? 'is rejected' : 'never gets an answer'}.`,
    evidence: [
      { text: 'Its attempts per hour', query: queryOf(range, selection, [byHour]) },
      {
        text: `All rejected flows of ${who.name ?? who.address}`,
        query: queryOf(
          range,
          { action: 'REJECT', sources: [who.address], portless: suspect.portless !== null },
          [
            { field: 'dstaddr', limit: 20 },
            { field: 'dstport', limit: 20 },
          ],
        ),
      },
      ...portlessEvidence(suspect.portless !== null, mayBeOneConnection(suspect)),
    ],
    next_step: inside
      ? `Look in the configuration of ${who.name ?? who.address} for ${at.target.name ?? at.target.address}:${pair.port}: correct it, or open the port if the access is intended.`
      : `Find out which program on ${who.name ?? who.address} calls ${at.target.address}, and stop it or allow the traffic.`,
  };
}
