import { doerAt } from '../by-service.ts';
import type { Found } from '../search.ts';
import { intervalWords } from '../../model/time/interval.ts';
import { bySource, byHour, byTenMinutes } from '../evidence.ts';
import { hourly, type JudgeContext } from '../judge-context.ts';
import { accepted, is, queryJson } from '../query-json.ts';
import { part, scoreOf } from '../score.ts';
import { MOST_NAMED, whoIs } from '../knock-source.ts';
import { stateOf } from '../state-of.ts';
import { between, count, duration, iso, list, moment, portWords } from '../wording.ts';
import type { Beacon } from './collect-beacons.ts';
import { outsideTarget, outsideWords } from './outside-target.ts';

/** With fewer machines, rarity cannot be judged. */
const LEAST_MACHINES = 4;
/** What many machines do alike is an agent or an update … */
const COMMON = 0.5;
/** … what they have in common at an operator of many customers' machines says less. */
const SAME_OPERATOR = 0.65;
/** So many machines that do the same by a timer, each to a destination of its own or all to one, run an agent of that sort. */
const FLEET = 3;
/** Services of the cloud itself. */
const CLOUD = 0.5;

/** Facts about the network, to judge how common a beacon is. */
export interface Network {
  /** Machines that start connections to the outside. */
  readonly machines: number;
  /** How many of them send to a destination's operator; null: the operator is not known. */
  readonly atOperator: (dst: Beacon['dst']) => number | null;
  /** How many machines, this one included, say as much as often at the same port outside, wherever that is. */
  readonly alike: (beacon: Beacon) => number;
}

/** The finding that some machines begin connections to one address and port as if by a timer. `beacons` is not empty. */
export function beaconFinding(
  beacons: readonly Beacon[],
  { machines, atOperator, alike }: Network,
  context: JudgeContext,
): Found | null {
  const [main] = beacons.toSorted((a, b) => b.connections - a.connections);
  if (main === undefined) return null;
  const { address, interfaceId, enrichment, range, hours } = context;
  const interfaces = [...new Set(beacons.map((one) => one.interface))];
  const first = Math.min(...beacons.map((one) => one.first));
  const last = Math.max(...beacons.map((one) => one.last));
  const connections = beacons.reduce((sum, one) => sum + one.connections, 0);
  const dst = address(main.dst);
  const operator = atOperator(main.dst);
  const known = hours.known(hours.first, hours.last, interfaces);
  const active = new Set(beacons.flatMap((one) => one.active.map(({ hour }) => hour))).size;
  const before = hours.knownBefore(main.firstHour, interfaces);
  const rare = machines < LEAST_MACHINES ? 0.5 : 1 - (main.machines - 1) / (machines - 1);
  const operatorRare =
    operator === null || machines < LEAST_MACHINES ? 0.5 : 1 - (operator - 1) / (machines - 1);
  const vary = main.bytesVary;
  const parts = [
    part(
      'regular',
      main.timer.regularity,
      0.3,
      main.timer.by === 'gaps'
        ? `${Math.round(main.timer.share * 100)} % of the times between two connections lie within 30 % of the median`
        : `The counts per hour have ${Math.round(main.timer.dispersion * 100)} % of the variance of chance`,
    ),
    part(
      'rare',
      rare,
      0.25,
      `${main.machines} of ${count(machines, 'machine')} that connect outside send to it`,
    ),
    part(
      'rare_operator',
      operatorRare,
      0.1,
      operator === null
        ? 'The operator of its network is not known'
        : `${operator} of ${count(machines, 'machine')} send to the same operator`,
    ),
    part('lasting', active / Math.max(1, known), 0.1, `in ${active} of ${count(known, 'known hour')}`),
    part(
      'alike',
      vary === null ? 0 : 1 - vary,
      0.15,
      vary === null
        ? 'Bytes are not logged'
        : `The bytes of its connections vary by ${Math.round(vary * 100)} %`,
    ),
    part(
      'new',
      before >= 6 ? 1 : 0,
      0.1,
      before >= 6 ? 'Nobody here sent there at first' : 'As long as there are logs',
    ),
  ];
  const fleet = alike(main);
  const atSameOperator =
    operator !== null && machines >= LEAST_MACHINES && operator > Math.max(3, 0.2 * machines);
  const common = fleet >= FLEET ? COMMON : atSameOperator ? SAME_OPERATOR : 1;
  const cloud = enrichment.outsideAddress(dst)?.name ?? null;
  const isCloud = cloud?.startsWith('AWS ') === true && !/^AWS (EC2|AMAZON) /.test(cloud);
  const who = beacons.map((one) => whoIs(one.src, [one.interface], first, context));
  const names = [...new Set(who.map(({ name, address: text }) => name ?? text))];
  const faces = interfaces.flatMap((key) => interfaceId(key) ?? []);
  const filter = [
    accepted,
    { field: 'srcaddr', in: [...new Set(who.map((one) => one.address))].slice(0, MOST_NAMED) },
    ...(faces.length === 0 ? [] : [{ field: 'interface_id', in: faces.slice(0, MOST_NAMED) }]),
    ...is('dstaddr', dst),
    ...is('dstport', main.port),
    ...is('protocol', main.protocol),
  ];
  const spread =
    main.counts.length === 0 ? null : ([Math.min(...main.counts), Math.max(...main.counts)] as const);
  const where = `${outsideWords(dst, enrichment)}, ${portWords(main.port, main.protocol, enrichment.portName(main.protocol, main.port))}`;
  const state = (one: Beacon): ReturnType<typeof stateOf> => stateOf(one, hours, [one.interface]);
  const ended = beacons.every((one) => ['stopped', 'passing'].includes(state(one)));
  return {
    id: `outbound_beacon:${dst}:${main.port}/${main.protocol}`,
    kind: 'outbound_beacon',
    score: scoreOf(parts, 0.75 * common * (isCloud ? CLOUD : 1)),
    score_parts: parts,
    verdict: 'accepted',
    target: outsideTarget(dst, main.port, main.protocol, enrichment),
    target_count: 1,
    ports: [main.port],
    sources: beacons.map((one, index) => ({
      ...(who[index] ?? whoIs(one.src, [one.interface], first, context)),
      attempts: one.connections,
      per_hour:
        one.counts.length === 0
          ? null
          : {
              min: Math.min(...one.counts),
              median: one.counts.toSorted((a, b) => a - b)[one.counts.length >> 1] ?? 0,
              max: Math.max(...one.counts),
            },
      interval_seconds: one.timer.seconds,
      first_seen: iso(one.first),
      last_seen: iso(one.last),
      state: state(one),
    })),
    source_count: beacons.length,
    attempts: connections,
    counted: 'connections',
    amounts: [
      {
        name: 'interval_seconds',
        value: main.timer.seconds,
        unit: 'seconds',
        text: 'from one connection to the next',
      },
    ],
    first_seen: iso(first),
    last_seen: iso(last),
    coverage: hours.coverage(interfaces),
    hourly: hourly(
      beacons.map((one) => one.active),
      interfaces,
      context,
    ),
    query: queryJson(range, filter, [], ['connections']),
    summary: `${list(names, 3)} ${ended ? 'began' : names.length === 1 ? 'begins' : 'begin'} a connection to ${where} about every ${intervalWords(main.timer.seconds)}, ${count(connections, 'time')} over ${duration(Math.max(60, last - first))} from ${moment(first)}${ended ? ` until ${moment(last)}, and no more since` : ''}: it ${ended ? 'looked' : 'looks'} like a timer.`,
    evidence: [
      {
        text: `Connections begun by the hour${spread === null ? '' : `: ${between(spread[0], spread[1])} in each whole hour`}`,
        query: queryJson(range, filter, [byHour], ['connections']),
      },
      {
        text: 'When they begin, over ten minutes each',
        query: queryJson(range, filter, [byTenMinutes], ['connections']),
      },
      {
        text: `Who else sends there: ${count(main.machines, 'machine')} of ${machines} that connect outside`,
        query: queryJson(range, [accepted, ...is('dstaddr', dst)], [bySource], ['flows', 'bytes']),
      },
      ...(fleet < FLEET
        ? []
        : [
            {
              text: `${count(fleet, 'machine')} of yours say about as much about as often at the same port outside, as an agent does that is everywhere.`,
              query: null,
            },
          ]),
      {
        text: 'What comes back',
        query: queryJson(
          range,
          [...is('srcaddr', dst)],
          [{ field: 'dstaddr', limit: 50 }],
          ['flows', 'bytes'],
        ),
      },
      ...(ended
        ? [
            {
              text: 'Whether anything to it was rejected, as by a rule that ended this',
              query: queryJson(
                range,
                [{ field: 'action', in: ['REJECT'] }, ...filter.slice(1)],
                [],
                ['flows'],
              ),
            },
          ]
        : []),
      {
        text: 'Connections begun are counted, never records, so one that stays open is none. Records cover a minute or ten: shorter periods are read from the counts per hour. An agent, an update or a monitor looks the same as a timer of malware: flow logs hold no names and no payload.',
        query: null,
      },
    ],
    next_step: `Find out ${who[0] === undefined ? 'what' : doerAt(who[0], first, context)} connects to ${dst}: if it is an agent or a monitor of yours, nothing needs to be done; if nobody knows it, look at the machine, and block the address.`,
  };
}
