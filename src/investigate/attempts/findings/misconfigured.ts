import type { Evidence, Finding } from '../../../model/knocks/knocks.ts';
import type { Key } from '../../../sql/key.ts';
import { byHour, byTarget, queryOf } from '../../evidence.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import type { End, EndOf } from '../../interface-ends.ts';
import type { Found } from '../../search.ts';
import { knockSource, whoIs } from '../../knock-source.ts';
import { count, duration, every, iso, portWords } from '../../wording.ts';
import { comesInBursts, withInterval } from '../bursts.ts';
import type { CountedReplies, CountedSuspect } from '../collect.ts';
import type { FailingClient } from '../failing-clients.ts';
import { countedOf, countingEvidence } from '../how-counted.ts';
import { verdictOf } from '../verdict.ts';

/** What is known beside a client's attempts. */
interface Surroundings {
  /** As of `withoutCollectors`. */
  readonly neighbours: ReadonlyMap<Key, number>;
  readonly endOf: EndOf;
  /** What came back to it and was rejected (`repliesTo`). */
  readonly replies: readonly CountedReplies[];
}

/** An internal client whose attempts fail hour after hour, at the interface that logs most of them. */
export function misconfigured(
  { suspect, hops, translated }: FailingClient,
  { neighbours, endOf, replies }: Surroundings,
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
  const name = at.target.name ?? at.target.address;
  const isRejectedByItself = verdict === 'rejected' && endOf(pair) === 'source';
  const replyEnds = new Set(
    replies.map((reply) => endOf({ interface: reply.interface, src: pair.dst, dst: pair.src })),
  );
  const replyEnd = replyEnds.size === 1 ? ([...replyEnds][0] ?? null) : null;
  const lasting = hours.share(times.first, times.last);
  const parts = [
    part('lasting', lasting, 0.4, `seen over ${Math.round(lasting * 100)} % of the hours with logs`),
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
    rejected: isRejectedByItself ? 'is rejected by the rules of its own interface' : 'is rejected',
    refused:
      suspect.othersAnswered > 0
        ? 'is refused, although others are answered there'
        : 'is refused, since nothing listens there',
    unanswered:
      replies.length === 0
        ? 'never gets an answer'
        : `is let in, but what comes back is rejected${replyEnd === null ? '' : ` at the interface of ${replyEnd === 'source' ? name : node}`}`,
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
                replies.length > 0
                  ? 'What came back was rejected'
                  : verdict === 'refused'
                    ? 'What came back: nothing but TCP resets (40 bytes per packet, 60 with IPv6)'
                    : 'What came back: nothing',
              query: queryOf(
                range,
                {
                  sources: [at.target.address],
                  targets: [who.address],
                  sourcePorts: pair.port < 0 ? [] : [pair.port],
                },
                [...(replies.length > 0 ? [{ field: 'action', limit: 3 }] : []), byHour],
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
          : replies.length > 0
            ? `Let the replies through: ${networkAclOf(replyEnd, name, node)} (to the ports of clients, such as 1024 to 65535). Security groups let replies through by themselves, a network ACL does not.`
            : isRejectedByItself
              ? `Look in the configuration of ${culprit} for ${name}${pair.port < 0 ? '' : `:${pair.port}`}: correct it, or allow it in the outbound rules of ${node} (of its security groups and its subnet's network ACL) if the access is intended.`
              : inside
                ? `Look in the configuration of ${culprit} for ${at.target.name ?? at.target.address}${pair.port < 0 ? '' : `:${pair.port}`}: correct it, or open the port if the access is intended.`
                : `Find out which program on ${culprit} calls ${at.target.address}, and stop it or allow the traffic.`,
  };
}

/** Which network ACL keeps replies off. */
function networkAclOf(end: End | null, target: string, client: string): string {
  switch (end) {
    case 'source':
      return `the network ACL of the subnet of ${target} has to allow them outbound`;
    case 'target':
      return `the network ACL of the subnet of ${client} has to allow them inbound`;
    default:
      return `the network ACLs of the subnets of ${target} (outbound) and ${client} (inbound) have to allow them`;
  }
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
