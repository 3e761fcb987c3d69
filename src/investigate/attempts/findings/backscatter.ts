import type { KnockSource } from '../../../model/knocks/knocks.ts';
import { byHour, byPort, bySource, byTarget, queryOf, type Selection } from '../../evidence.ts';
import { replyKinds } from '../../../sql/investigate/pairs.ts';
import { EPHEMERAL } from '../../../sql/plan/usual-rollups.ts';
import type { Key } from '../../../sql/key.ts';
import type { EndOf } from '../../interface-ends.ts';
import type { Found } from '../../search.ts';
import type { CountedReplies } from '../collect.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { reflectedFlood } from './reflected-flood.ts';
import { MOST_NAMED, whoIs } from '../../knock-source.ts';
import { stateOf } from '../../state-of.ts';
import { count, iso, list, portWords } from '../../wording.ts';

/** A query names so many ports that replies come from at most: it has to fit a link. */
const MOST_PORTS = 100;
const TCP = 6;
/** How much replies matter of which none came through: a client here gets no answer. */
const KEPT_OFF = 0.5;

interface Surroundings {
  /** Whether there are accepted flows in the logs at all: otherwise the two cases cannot be distinguished. */
  readonly anyAccepted: boolean;
  readonly endOf: EndOf;
}

/**
 * Refused replies: to flows of an address of ours (late packets, a stateless rule), or to nothing that it ever sent, so
 * that somebody forged its address, or several (`floodsOf`): to flood who replies, or to flood it by large replies.
 */
export function backscatter(
  flood: readonly CountedReplies[],
  { anyAccepted, endOf }: Surroundings,
  context: JudgeContext,
): Found {
  const { hours, isOurs, range, enrichment } = context;
  const [most] = flood.toSorted((a, b) => b.records - a.records);
  if (most === undefined) throw new RangeError('no replies');
  const faces = [...new Set(flood.map((one) => one.interface))];
  const [first, last] = [
    Math.min(...flood.map((one) => one.first)),
    Math.max(...flood.map((one) => one.last)),
  ];
  const places = flood.map((one) =>
    resolveTarget(
      { dst: one.dst, interface: one.interface, port: null, protocol: one.protocol },
      one.last,
      context,
    ),
  );
  const target = flood.length === 1 ? (places[0]?.target ?? null) : null;
  const addresses = [...new Set(places.map((place) => place.target.address))];
  const sources = sendersOf(flood).map(({ src, attempts, ...seen }): KnockSource => ({
    ...whoIs(src, faces, seen.first, context),
    attempts,
    per_hour: null,
    interval_seconds: null,
    first_seen: iso(seen.first),
    last_seen: iso(seen.last),
    state: stateOf(seen, hours, faces),
  }));
  const sourceCount = Math.max(sources.length, most.sources);
  const sports = [...new Set(flood.flatMap((one) => one.sports))].toSorted((a, b) => a - b);
  const asked = most.reply === replyKinds.asked;
  const kind = asked || !anyAccepted ? 'backscatter' : 'spoofed_backscatter';
  const outside = flood.every(({ from }) => from.every(({ src }) => !isOurs(src)));
  const attempts = flood.flatMap(({ active }) => active).reduce((sum, hour) => sum + hour.attempts, 0);
  const atSender = flood.every(
    ({ interface: face, dst, from }) =>
      from.length > 0 && from.every(({ src }) => endOf({ interface: face, src, dst }) === 'source'),
  );
  const one = addresses.length === 1;
  const reflected =
    kind === 'spoofed_backscatter' && most.reply === replyKinds.reflected
      ? reflectedFlood(
          flood.flatMap(({ active }) => active),
          sourceCount,
          one,
          one ? (places[0]?.target.name ?? places[0]?.target.address ?? '') : 'these addresses',
        )
      : null;
  // Not one of them came through, so they were not late: a rule keeps them all off.
  const keptOff = asked && most.noneAccepted;
  const parts = reflected?.parts ?? [
    part('many', volume(attempts), 0.5, count(attempts, 'reply', 'replies')),
    part(
      keptOff ? 'kept_off' : 'harmless',
      keptOff ? 1 : 0,
      0.5,
      keptOff
        ? 'nothing that these addresses sent to it was let in'
        : asked
          ? 'of connections of its own, rejected because they came after their end'
          : 'replies, which open nothing',
    ),
  ];
  // For the query, an accepted connection continues, so its rejected flows start no connection. So links count records.
  const selection: Selection = {
    action: 'REJECT',
    targets: addresses,
    sourcePorts: sports.slice(0, MOST_PORTS),
    interfaceId: target?.interface_id ?? null,
  };
  // Of a connection that went on too long it is the client's packets that are rejected, at the server: from no service's port.
  const areReplies = !asked || sports.every((port) => port < EPHEMERAL);
  const [noun, nouns] =
    reflected?.noun ??
    (!areReplies
      ? keptOff
        ? ['packet', 'packets']
        : ['late packet', 'late packets']
      : asked && !keptOff
        ? ['late reply', 'late replies']
        : ['reply', 'replies']);
  const why =
    reflected !== null
      ? reflected.why
      : asked
        ? keptOff
          ? `they answer its own traffic, and nothing else of ${sourceCount === 1 ? 'this address' : 'these addresses'} was let through there`
          : areReplies
            ? 'they answer its own traffic and are not attempts'
            : 'it had sent something to the very ports that they come from, so they belong to connections that were open, and are not attempts'
        : anyAccepted
          ? `${one ? 'it' : 'these'} had sent nothing there as far as these logs show, so they answer packets that somebody else sent with ${one ? 'its address as the source' : 'these addresses as the source'}`
          : 'they have the form of answers and are not attempts';
  const port = portWords(most.sport, most.protocol, enrichment.portName(most.protocol, most.sport));
  // Of a datagram in pieces the later ones name port 0.
  const named = sports.filter((one) => one > 0).length;
  const from = named > 1 ? `${count(named, 'port')}, ${port} among them` : port;
  const words = one
    ? (places[0]?.words ?? '')
    : `${count(addresses.length, 'address', 'addresses')} of yours (${list(
        places.map((place) => place.words),
        MOST_NAMED,
      )})`;
  const whence = `from ${outside ? count(sourceCount, 'outside address', 'outside addresses') : count(sourceCount, 'address', 'addresses')}, from ${from}`;
  return {
    id:
      target === null
        ? `${kind}:several:${sources[0]?.address ?? '-'}:${addresses[0] ?? '-'}`
        : `${kind}:${target.interface_id ?? '-'}:${target.address}${reflected === null ? '' : ':reflected'}`,
    kind,
    score: scoreOf(parts, reflected?.importance ?? (keptOff ? KEPT_OFF : 0.3)),
    score_parts: parts,
    verdict: 'rejected',
    target,
    target_count: addresses.length,
    ports: [],
    sources,
    source_count: sourceCount,
    attempts,
    counted: reflected === null ? 'connections' : 'records',
    amounts: reflected?.amounts ?? [],
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(faces),
    hourly: hourly(
      flood.map(({ active }) => active),
      faces,
      context,
    ),
    query: queryOf(range, { ...selection, sources: sources.map(({ address }) => address) }, [], ['flows']),
    summary: `${atSender ? `${count(attempts, noun, nouns)} ${whence}, to ${words} ${attempts === 1 ? 'was' : 'were'} rejected at the interface that sent them` : `${words} rejected ${count(attempts, noun, nouns)} ${whence}`}: ${why}.`,
    evidence: [
      {
        text: `Where the ${areReplies ? 'replies' : 'packets'} come from, counted in flow records (what is repeated in the next aggregation window is another record)`,
        query: queryOf(range, selection, [{ field: 'srcport', limit: 20 }, bySource], ['flows']),
      },
      ...(one
        ? []
        : [
            { text: 'To which addresses, likewise', query: queryOf(range, selection, [byTarget], ['flows']) },
          ]),
      ...(anyAccepted
        ? [
            {
              text: asked
                ? 'What this address sent there before'
                : `What ${one ? 'this address' : 'these addresses'} sent there: nothing to the ports that the replies come from`,
              query: queryOf(
                range,
                {
                  action: 'ACCEPT',
                  sources: addresses,
                  targets: sources.slice(0, MOST_NAMED).map(({ address }) => address),
                  ports: sports.slice(0, MOST_PORTS),
                },
                [byPort],
                ['flows'],
              ),
            },
          ]
        : [
            {
              text: `These logs have no accepted flows: so it is unknown whether ${one ? 'the address' : 'any of them'} had sent anything before.`,
              query: null,
            },
          ]),
      ...(reflected === null
        ? []
        : [
            {
              text: 'Bytes of these answers per hour',
              query: queryOf(range, selection, [byHour], ['bytes']),
            },
            { text: reflected.evidence, query: null },
          ]),
    ],
    next_step:
      reflected !== null
        ? reflected.nextStep
        : kind === 'spoofed_backscatter'
          ? most.protocol === TCP || most.protocol < 0
            ? `No action needed: nothing of yours is involved. A flood elsewhere uses your ${one ? 'address as its forged source' : 'addresses as its forged sources'}; tell the operator of the sources if it lasts.`
            : `No action needed unless these packets disturb anything: somebody sends requests to these servers with your ${one ? 'address as the forged source' : 'addresses as the forged sources'}, to flood the servers or, by their answers, you; tell the operators of the sources if it lasts.`
          : keptOff
            ? `Let the replies through: the network ACL of the subnet of ${atSender ? 'who sends them has to allow them outbound' : `${target?.name ?? target?.address ?? addresses[0]} has to allow them inbound`} (to the ports of clients, such as 1024 to 65535). Security groups let replies through by themselves, a network ACL does not.`
            : 'No action needed, unless there are very many: then a network ACL may lack the rule that allows replies on ports 1024 to 65535.',
  };
}

/** Who replied, over all addresses, the busiest first. */
function sendersOf(flood: readonly CountedReplies[]): CountedReplies['from'] {
  const [only] = flood;
  if (flood.length === 1 && only !== undefined) return only.from;
  const senders = new Map<Key, CountedReplies['from'][number]>();
  for (const one of flood.flatMap(({ from }) => from)) {
    const other = senders.get(one.src) ?? { ...one, attempts: 0 };
    senders.set(one.src, {
      src: one.src,
      attempts: one.attempts + other.attempts,
      first: Math.min(one.first, other.first),
      last: Math.max(one.last, other.last),
    });
  }
  return [...senders.values()].toSorted((a, b) => b.attempts - a.attempts || a.first - b.first);
}
