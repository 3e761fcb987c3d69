import { doerAt } from '../by-service.ts';
import { formatBytes } from '../../model/byte-text.ts';
import type { Evidence, Finding } from '../../model/knocks/knocks.ts';
import { median } from '../../model/time/interval.ts';
import { byHour, byTarget, byPort } from '../evidence.ts';
import { resolveTarget, hourly, type JudgeContext } from '../judge-context.ts';
import { accepted, is, queryJson, toOutside } from '../query-json.ts';
import type { Found } from '../search.ts';
import { part, scoreOf } from '../score.ts';
import { whoIs } from '../knock-source.ts';
import { stateOf } from '../state-of.ts';
import { count, duration, iso, list, moment, portWords } from '../wording.ts';
import type { Destination, Machine, UnusualSender } from './collect-senders.ts';
import { outsideTarget, outsideWords } from './outside-target.ts';
import { peersOf } from './peer-group.ts';

/** In all its unusual hours a machine must have sent so much. */
const LEAST_BYTES = 100_000_000;
/** Peers that sent at least a third as much in the same hours count as doing the same. */
const SAME = 1 / 3;
/** If at least this share of three or more peers did the same, it is what they all do, as on a day of much traffic. */
const MOST_SAME = 0.5;
const LEAST_PEERS = 3;
/** Replies to clients are a finding only where one client got most of them: else it is a busy day. */
const LEAST_TO_ONE = 0.5;
/** What goes to a service of the cloud itself is a backup, an upload or a log far more often than theft. */
const TO_CLOUD = 0.6;
const REPLIES = 0.75;
/** What goes where things went before takes more: so many times the most in any other hour, and no more often than so. */
const ABOVE_MOST = 5;
const MOST_RUNS = 2;
const LEAST_NEW = 0.1;
const TO_KNOWN = 0.7;

/**
 * The finding that a machine sent far more than usual; null where its peers did too, where replies went to many, or
 * where it does so now and then, to addresses that were sent to before.
 */
export function volumeFinding(
  sender: UnusualSender & { readonly passedOn: readonly Machine[] },
  machines: readonly Machine[],
  context: JudgeContext,
): Found | null {
  const { unusual, destinations, addresses, toHighPorts } = sender;
  const { enrichment, address, interfaceId, hours: coverage } = context;
  const [top] = destinations;
  if (unusual.bytes < LEAST_BYTES || top === undefined) return null;
  const toOne = byAddress(destinations)[0]?.bytes ?? 0;
  // What goes to many low ports, none of which got most, are replies as well: some clients choose their ports from 1,024 up.
  const areReplies = toHighPorts || toOnePort(destinations) < LEAST_TO_ONE * unusual.bytes;
  if (areReplies && toOne < LEAST_TO_ONE * unusual.bytes) return null;
  const first = (unusual.hours[0] ?? 0) * 3600;
  const last = ((unusual.hours.at(-1) ?? 0) + 1) * 3600;
  const peers = comparison(sender, machines, context, first);
  if (peers.count >= LEAST_PEERS && peers.same >= MOST_SAME * peers.count) return null;

  const to = byAddress(destinations);
  const newBytes = to
    .filter(({ firstHour }) => firstHour >= (unusual.hours[0] ?? 0))
    .reduce((sum, one) => sum + one.bytes, 0);
  const isEarly = coverage.knownBefore(unusual.hours[0] ?? 0, [sender.interface]) < 12;
  const isKnown = isEarly || newBytes < LEAST_NEW * unusual.bytes;
  if (isKnown && (unusual.peak < ABOVE_MOST * unusual.most || unusual.runs > MOST_RUNS)) return null;

  const names = to.map(({ dst }) => outsideWords(address(dst), enrichment));
  const face = interfaceId(sender.interface);
  const at = resolveTarget(
    { dst: sender.src, interface: sender.interface, port: null, protocol: null },
    first,
    context,
  );
  const who = whoIs(sender.src, [sender.interface], first, context);
  const service = cloudService(address(to[0]?.dst ?? sender.src), context);
  const above = unusual.bytes / unusual.hours.length / Math.max(1, unusual.usual);
  const parts = [
    part(
      'above_itself',
      Math.log10(Math.max(1, above)) / 2,
      0.3,
      `${formatBytes(Math.round(unusual.bytes / unusual.hours.length))} an hour, usually ${formatBytes(unusual.usual)}`,
    ),
    part('much', Math.log10(unusual.bytes / LEAST_BYTES) / 3, 0.2, `${formatBytes(unusual.bytes)} in all`),
    part(
      'new_destinations',
      isEarly ? 0 : newBytes / unusual.bytes,
      0.2,
      isEarly
        ? 'Too little is known before to tell which destinations are new'
        : `${formatBytes(newBytes)} to addresses that nobody here sent to before`,
    ),
    part(
      'unlike_peers',
      peers.count === 0 ? 0 : 1 - peers.same / peers.count,
      0.15,
      `${peers.same} of ${count(peers.count, 'peer')} sent a third as much in the same hours`,
    ),
    part(
      'one_destination',
      toOne / unusual.bytes,
      0.15,
      `${formatBytes(toOne)} to ${address(to[0]?.dst ?? top.dst)}`,
    ),
  ];
  const importance =
    0.85 * (service === null ? 1 : TO_CLOUD) * (areReplies ? REPLIES : 1) * (isKnown ? TO_KNOWN : 1);
  const filter = [
    accepted,
    ...is('srcaddr', who.address),
    ...is('interface_id', face),
    toOutside,
    toHighPorts
      ? { field: 'dstport', between: [32_768, 65_535] }
      : { field: 'dstport', between: [0, 32_767] },
  ];
  const whole = context.range;
  const during = { from: first, to: last };
  const span = unusual.hours.length;
  const ports = [...new Set(destinations.map(({ port }) => port))].filter((port) => port >= 0);
  const evidence: Evidence[] = [
    {
      text: `What it sent outside hour by hour: ${formatBytes(unusual.usual)} is the median of ${count(unusual.compared, 'other known hour')}, ${formatBytes(unusual.most)} the most in any`,
      query: queryJson(whole, filter, [byHour], ['bytes']),
    },
    {
      text: `To whom it sent in those hours: ${list(
        to.map(({ bytes }, i) => `${formatBytes(bytes)} to ${names[i]}`),
        4,
        addresses,
      )}`,
      query: queryJson(during, filter, [byTarget, byPort], ['bytes', 'flows']),
    },
    ...(isEarly
      ? []
      : [
          {
            text:
              newBytes === 0
                ? `${addresses > to.length ? `The ${to.length} busiest of` : 'All'} these destinations had been sent to before, from some machine of yours`
                : `${addresses > to.length ? 'At least ' : ''}${formatBytes(newBytes)} went to addresses that no machine of yours had sent to before`,
            query: queryJson(
              whole,
              [accepted, { field: 'dstaddr', in: to.map(({ dst }) => address(dst)) }],
              [byTarget, byHour],
              ['bytes'],
            ),
          },
        ]),
    {
      text:
        peers.count === 0
          ? 'No other machine inside sent anything outside, so there is nothing to compare it with'
          : `What ${peers.what} sent in those hours: a median of ${formatBytes(peers.median)} over ${count(peers.count, 'machine')}`,
      query: queryJson(
        during,
        [accepted, toOutside],
        [{ field: 'srcaddr', limit: 50, sort: { by: 'bytes', order: 'desc' } }],
        ['bytes'],
      ),
    },
    ...sender.passedOn.map((copy) => ({
      text: `${address(copy.src)} logged as many bytes to the same destinations in the same hours: most likely the same bytes on their way, as through a NAT gateway, which are counted once`,
      query: queryJson(
        during,
        [
          accepted,
          ...is('srcaddr', address(copy.src)),
          { field: 'dstaddr', in: to.map(({ dst }) => address(dst)) },
        ],
        [byTarget],
        ['bytes'],
      ),
    })),
    ...(unusual.daysCompared === 0
      ? [
          {
            text: 'The logs hold no other day with these hours, so nobody can tell whether this comes every day.',
            query: null,
          },
        ]
      : []),
    {
      text: `Flow logs prove how much went where and when, not what: ${toHighPorts ? 'a large download by one client' : 'a backup, a release or a migration'} looks the same as theft.`,
      query: null,
    },
  ];
  return {
    id: `outbound_volume:${face ?? ''}:${who.address}${toHighPorts ? ':replies' : ''}`,
    kind: 'outbound_volume',
    score: scoreOf(parts, importance),
    score_parts: parts,
    verdict: 'accepted',
    target: outsideTarget(address(top.dst), top.port < 0 ? null : top.port, null, enrichment),
    target_count: addresses,
    ports,
    sources: [
      {
        ...who,
        attempts: sender.records,
        per_hour: null,
        interval_seconds: null,
        first_seen: iso(first),
        last_seen: iso(last - 1),
        state: stateOf({ first, last: last - 1 }, coverage, [sender.interface]),
      },
    ],
    source_count: 1,
    attempts: sender.records,
    counted: 'records',
    amounts: [
      { name: 'bytes', value: unusual.bytes, unit: 'bytes', text: `sent outside in ${count(span, 'hour')}` },
      { name: 'usual_bytes', value: unusual.usual, unit: 'bytes', text: 'usually sent in an hour' },
    ],
    first_seen: iso(first),
    last_seen: iso(last - 1),
    coverage: coverage.coverage([sender.interface]),
    hourly: bytesByHour(sender, context),
    query: queryJson(during, filter, [], ['bytes', 'flows']),
    summary: `${at.words} sent ${formatBytes(unusual.bytes)} ${toHighPorts ? 'in replies ' : ''}to the outside in ${count(span, 'hour')} from ${moment(first)}, ${formatBytes(toOne)} of it to ${names[0] ?? address(top.dst)}${ports.length === 1 && ports[0] !== undefined ? `, ${portWords(ports[0], 6, enrichment.portName(6, ports[0]))}` : ''}; usually it sends ${formatBytes(unusual.usual)} an hour${last - first > span * 3600 ? ` (over ${duration(last - first)})` : ''}.`,
    evidence,
    next_step:
      service === null
        ? `Find out ${doerAt(who, first, context)} sent this and whether ${address(top.dst)} is meant to get it; if nobody knows, block the destination and keep the machine as it is.`
        : `Check that the account behind ${service} is yours: look at what wrote there in those hours in its access logs or CloudTrail.`,
  };
}

interface Comparison {
  readonly what: string;
  readonly count: number;
  /** How many of them sent at least a third as much. */
  readonly same: number;
  readonly median: number;
}

function comparison(
  sender: UnusualSender & { readonly passedOn: readonly Machine[] },
  machines: readonly Machine[],
  { address, interfaceId, enrichment }: JudgeContext,
  at: number,
): Comparison {
  const factsOf = (one: Pick<Machine, 'interface' | 'src'>): ReturnType<typeof enrichment.ownAddress> =>
    enrichment.ownAddress(address(one.src), interfaceId(one.interface), at);
  const skipped = new Set([sender.src, ...sender.passedOn.map(({ src }) => src)]);
  const others = new Map(machines.filter(({ src }) => !skipped.has(src)).map((one) => [one.src, one]));
  const { what, peers } = peersOf(
    factsOf(sender),
    [...others.values()].map((of) => ({ of, facts: factsOf(of) })),
  );
  const sent = new Map<Machine['src'], number>();
  for (const { src, bytes } of sender.peers) sent.set(src, Math.max(sent.get(src) ?? 0, bytes));
  const amounts = peers.map(({ src }) => sent.get(src) ?? 0);
  return {
    what,
    count: amounts.length,
    same: amounts.filter((bytes) => bytes >= SAME * sender.unusual.bytes).length,
    median: amounts.length === 0 ? 0 : median(amounts),
  };
}

/** Destinations by address, most bytes first. */
function byAddress(destinations: readonly Destination[]): readonly Omit<Destination, 'port'>[] {
  const sums = new Map<Destination['dst'], Omit<Destination, 'port'>>();
  for (const { dst, bytes, firstHour } of destinations)
    sums.set(dst, { dst, firstHour, bytes: (sums.get(dst)?.bytes ?? 0) + bytes });
  return [...sums.values()].toSorted((a, b) => b.bytes - a.bytes);
}

/** The most bytes that went to one port below those of clients, over the destinations with most of them. */
function toOnePort(destinations: readonly Destination[]): number {
  const sums = new Map<number, number>();
  for (const { port, bytes } of destinations) sums.set(port, (sums.get(port) ?? 0) + bytes);
  return Math.max(0, ...sums.values());
}

/** The cloud's own service behind an address, by its published ranges: `AWS S3 us-east-1`; null for others. */
function cloudService(address: string, { enrichment }: JudgeContext): string | null {
  const name = enrichment.outsideAddress(address)?.name ?? null;
  // Anybody can rent a machine there, and it says nothing of whose it is.
  return name?.startsWith('AWS ') === true && !/^AWS (EC2|AMAZON) /.test(name) ? name : null;
}

function bytesByHour(sender: UnusualSender, context: JudgeContext): Finding['hourly'] {
  const active = [...sender.sent].map(([hour, bytes]) => ({ hour, attempts: bytes }));
  return { ...hourly([active], [sender.interface], context), measure: 'bytes' };
}
