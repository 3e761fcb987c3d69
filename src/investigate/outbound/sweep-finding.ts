import type { Evidence } from '../../model/knocks/knocks.ts';
import { isIcmp } from '../attempts/how-counted.ts';
import { doerAt } from '../by-service.ts';
import { byHour, byPort, byTarget } from '../evidence.ts';
import { hourly, type JudgeContext } from '../judge-context.ts';
import { whoIs } from '../knock-source.ts';
import { accepted, is, queryJson, toOutside } from '../query-json.ts';
import { part, scoreOf } from '../score.ts';
import type { Found } from '../search.ts';
import { stateOf } from '../state-of.ts';
import { count, duration, iso, list, moment, portWords } from '../wording.ts';
import type { Sweeper } from './collect-sweeps.ts';

type Json = Readonly<Record<string, unknown>>;

/** So many are named. */
const MOST_PORTS = 4;

/**
 * The finding that a machine of ours looks for open ports outside.
 * @param copies that logged the same packets on their way
 */
export function sweepFinding(sweeper: Sweeper, copies: readonly Sweeper[], context: JudgeContext): Found {
  const { src, ports: swept, firstHour, lastHour, active, interfaces } = sweeper;
  const { hours, range, enrichment, address } = context;
  const during = {
    from: Math.max(range.from, firstHour * 3600),
    to: Math.min(range.to, (lastHour + 1) * 3600),
  };
  const times = { first: during.from, last: during.to - 1 };
  const who = whoIs(src, interfaces, during.from, context);
  const [widest] = swept;
  const addresses = widest?.addresses ?? 0;
  const answered = widest?.answered ?? 0;
  const attempts = active.reduce((sum, { records }) => sum + records, 0);
  const ports = [...new Set(swept.map(({ port }) => port))].filter((port) => port >= 0);
  const protocols = [...new Set(swept.map(({ protocol }) => protocol))];
  const filterOf = (source: string, one: Sweeper): readonly Json[] => [
    accepted,
    ...is('srcaddr', source),
    ...(one.interfaces.length > 1 ? is('interface_id', context.interfaceId(one.interface)) : []),
    toOutside,
    ...(ports.length === 0 ? [] : [{ field: 'dstport', in: ports }]),
    ...(protocols.some((protocol) => protocol < 0) ? [] : [{ field: 'protocol', in: protocols }]),
  ];
  const filter = filterOf(who.address, sweeper);
  const targets = ['unique_destinations', 'flows'];
  const parts = [
    part('wide', Math.log10(addresses) / 4, 0.6, `${count(addresses, 'address', 'addresses')} for one port`),
    part(
      'silent',
      1 - answered / Math.max(1, addresses),
      0.4,
      `${(addresses - answered).toLocaleString('en-US')} of them sent nothing back`,
    ),
  ];
  const what = list(
    swept.map(({ port, protocol, addresses: number }) => {
      const where = count(number, 'address outside', 'addresses outside');
      const words = portWords(port, protocol, enrichment.portName(protocol < 0 ? 6 : protocol, port));
      return port < 0 || isIcmp(protocol) ? `${where} by ${words}` : `${words} of ${where}`;
    }),
    MOST_PORTS,
  );
  const firstPort =
    widest === undefined || widest.port < 0 || isIcmp(widest.protocol)
      ? null
      : portWords(widest.port, widest.protocol, null);
  const evidence: readonly Evidence[] = [
    {
      text: 'How many addresses outside it tried, by port',
      query: queryJson(during, filter, [byPort], targets),
    },
    { text: 'The addresses that it tried', query: queryJson(during, filter, [byTarget], ['flows', 'bytes']) },
    {
      text: `When it tried, hour by hour, of all the time`,
      query: queryJson(range, filter, [byHour], targets),
    },
    {
      text: `What came back${firstPort === null ? '' : ` from ${firstPort}`}`,
      query: queryJson(
        range,
        [
          ...is('dstaddr', who.address),
          { ...toOutside, field: 'srcaddr' },
          ...is('srcport', widest !== undefined && widest.port >= 0 ? widest.port : null),
          ...is('protocol', widest !== undefined && widest.protocol >= 0 ? widest.protocol : null),
        ],
        [],
        ['unique_sources', 'flows'],
      ),
    },
    ...copies.map((copy) => ({
      text: `${address(copy.src)} tried the same addresses, and the same interface logged both: most likely the same packets on their way, as through a NAT gateway, which are told once`,
      query: queryJson(during, filterOf(address(copy.src), copy), [], targets),
    })),
  ];
  const span = during.to - during.from;
  return {
    id: `scan:${who.address}`,
    kind: 'scan',
    score: scoreOf(parts, 0.9),
    score_parts: parts,
    verdict: 'unanswered',
    target: null,
    target_count: addresses,
    ports,
    port_count: ports.length,
    sources: [
      {
        ...who,
        attempts,
        per_hour: null,
        interval_seconds: null,
        first_seen: iso(times.first),
        last_seen: iso(times.last),
        state: stateOf(times, hours, interfaces),
      },
    ],
    source_count: 1,
    attempts,
    counted: 'records',
    amounts: [],
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    coverage: hours.coverage(interfaces),
    hourly: hourly([active.map(({ hour, records }) => ({ hour, attempts: records }))], interfaces, context),
    query: queryJson(during, filter, [], targets),
    summary: `${who.name ?? who.address}${who.name === null ? '' : ` (${who.address})`}, inside your network, tried ${what} within ${duration(span)} from ${moment(during.from)}, and was let out; ${answered === 0 ? 'none' : answered.toLocaleString('en-US')} of the ${addresses.toLocaleString('en-US')}${swept.length > 1 ? ' at the first port' : ''} sent anything back.`,
    evidence,
    next_step: `Find out ${doerAt(who, during.from, context)} scans: a scan from inside is a tool of yours or an intruder. If nobody knows, cut that machine off from the others and keep it as it is.`,
  };
}
