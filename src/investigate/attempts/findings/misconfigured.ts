import type { Evidence, Finding } from '../../../model/knocks/knocks.ts';
import type { Key } from '../../../sql/key.ts';
import { byHour, byTarget, queryOf } from '../../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import type { Found } from '../../search.ts';
import { knockSource, whoIs } from '../../knock-source.ts';
import { count, duration, every, iso, portWords } from '../../wording.ts';
import { comesInBursts, withInterval } from '../bursts.ts';
import type { CountedSuspect } from '../collect.ts';
import type { FailingClient } from '../failing-clients.ts';
import { countedOf, countingEvidence } from '../how-counted.ts';
import { verdictOf } from '../verdict.ts';

/**
 * An internal client whose attempts fail hour after hour, at the interface that logs most of them.
 * @param neighbours as of `withoutCollectors`
 */
export function misconfigured(
  { suspect, hops, translated }: FailingClient,
  neighbours: ReadonlyMap<Key, number>,
  context: JudgeContext,
): Found {
  const { hours, isOurs, range } = context;
  const inBursts = comesInBursts(suspect.active);
  const times = withInterval(suspect.times, inBursts);
  const pair = suspect.pairs[0];
  if (pair === undefined) throw new TypeError('a suspect without a pair');
  const faces = [pair.interface];
  const verdict = verdictOf(suspect);
  const at = resolveTarget({ ...pair, real: suspect.realTarget }, times.last, context);
  const who = whoIs(pair.src, [], times.first, context);
  const inside = isOurs(pair.dst);
  const beside = neighbours.get(pair.dst);
  const lasting = (times.last - times.first) / Math.max(1, range.to - range.from);
  const parts = [
    part('lasting', lasting, 0.4, `seen over ${Math.round(lasting * 100)} % of the range`),
    part('even', 1 - (times.variation ?? 0.5), 0.3, 'similar counts every hour: a program, not a person'),
    part('many', volume(times.attempts), 0.3, count(times.attempts, 'attempt')),
  ];
  const counted = countedOf([suspect]);
  const selection = {
    action: verdict === 'rejected' ? ('REJECT' as const) : ('ACCEPT' as const),
    sources: [who.address],
    targets: [at.target.address],
    port: pair.port,
    protocol: pair.protocol,
    // The other end may have logged the same attempts.
    interfaceId: at.target.interface_id,
    counted,
  };
  const behind = suspect.realSource === null ? null : context.address(suspect.realSource);
  const names = [...(who.name === null ? [] : [who.address]), ...(behind === null ? [] : [`for ${behind}`])];
  const node = who.name ?? who.address;
  const client = `${node}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
  const culprit = behind === null ? node : `${behind} (a pod of ${node}, or behind it)`;
  const port = portWords(pair.port, pair.protocol, at.target.likely_service);
  const outcome: Readonly<Record<Finding['verdict'], string>> = {
    rejected: 'is rejected',
    refused:
      suspect.othersAnswered > 0
        ? 'is refused, although others are answered there'
        : 'is refused, since nothing listens there',
    unanswered: 'never gets an answer',
    accepted: 'is accepted',
  };
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
    counted,
    amounts: [],
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    coverage: hours.coverage(faces),
    hourly: hourly([suspect.active], faces, context),
    query: queryOf(range, selection, []),
    summary: `${client}, inside your network, tries ${port} of ${at.words} ${inBursts ? 'in bursts' : every(times.intervalSeconds)}, ${count(times.attempts, 'time')} over ${duration(times.last - times.first)}, and ${outcome[verdict]}.`,
    evidence: [
      { text: 'Its attempts per hour', query: queryOf(range, selection, [byHour]) },
      ...(verdict === 'rejected'
        ? [
            {
              text: `All rejected flows of ${node}`,
              query: queryOf(range, { action: 'REJECT', sources: [who.address], counted }, [
                { field: 'dstaddr', limit: 20 },
                { field: 'dstport', limit: 20 },
              ]),
            },
          ]
        : [
            {
              text:
                verdict === 'refused'
                  ? 'What came back: nothing but TCP resets (40 bytes per packet, 60 with IPv6)'
                  : 'What came back: nothing',
              query: queryOf(
                range,
                {
                  sources: [at.target.address],
                  targets: [who.address],
                  sourcePorts: pair.port < 0 ? [] : [pair.port],
                },
                [byHour],
                ['flows', 'packets', 'bytes'],
              ),
            },
          ]),
      ...(suspect.othersAnswered === 0
        ? []
        : [
            {
              text: `Whom that port answers: others too, in ${count(suspect.othersAnswered, 'hour')} from the first of these attempts to the last`,
              query: queryOf(
                range,
                {
                  action: 'ACCEPT',
                  sources: [at.target.address],
                  sourcePorts: [pair.port],
                  protocol: pair.protocol,
                },
                [byTarget],
                ['flows', 'packets', 'bytes'],
              ),
            },
          ]),
      ...(beside === undefined
        ? []
        : [
            {
              text: `No interface of ${at.target.address} has any record, though those of ${count(beside, 'other address', 'other addresses')} of its network have: nothing is at that address.`,
              query: null,
            },
          ]),
      ...(behind === null
        ? []
        : [
            {
              text: `All packets come from ${behind}, a pod of ${node} or a machine behind it`,
              query: queryOf(range, selection, [{ field: 'pkt_srcaddr', limit: 20 }]),
            },
          ]),
      ...hops.map((hop) => otherHop('The same attempts on the hop before', hop, context)),
      ...translated.map((hop) => otherHop('On the way through a gateway', hop, context)),
      ...countingEvidence([suspect]),
    ],
    next_step:
      verdict === 'refused' && suspect.othersAnswered > 0
        ? `Find out what turns ${culprit} away at ${at.target.name ?? at.target.address}: a firewall or an allow list of its own, or a service that is down when it tries.`
        : verdict === 'refused'
          ? `Start the service that belongs to port ${pair.port} of ${at.target.name ?? at.target.address}, or correct the address in the configuration of ${culprit}.`
          : inside
            ? `Look in the configuration of ${culprit} for ${at.target.name ?? at.target.address}${pair.port < 0 ? '' : `:${pair.port}`}: correct it, or open the port if the access is intended.`
            : `Find out which program on ${culprit} calls ${at.target.address}, and stop it or allow the traffic.`,
  };
}

/** Evidence: the same attempts, as they were logged elsewhere. */
function otherHop(what: string, hop: CountedSuspect, context: JudgeContext): Evidence {
  const [pair] = hop.pairs;
  const from = context.address(pair?.src ?? 0);
  const to = context.address(pair?.dst ?? 0);
  return {
    text: `${what}: ${from} to ${portWords(pair?.port ?? -1, pair?.protocol ?? 6, null)} of ${to}, ${count(hop.times.attempts, 'time')}`,
    query: queryOf(
      context.range,
      {
        action: verdictOf(hop) === 'rejected' ? ('REJECT' as const) : ('ACCEPT' as const),
        sources: [from],
        targets: [to],
        port: pair?.port ?? null,
        counted: countedOf([hop]),
      },
      [byHour],
    ),
  };
}
