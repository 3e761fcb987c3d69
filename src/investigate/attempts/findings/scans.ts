import { doerAt } from '../../by-service.ts';
import { LEAST_ADDRESSES, LEAST_PORTS, LEAST_TARGETS } from '../../../sql/investigate/candidate-queries.ts';
import type { Found } from '../../search.ts';
import { attemptsOf, byHour, byPort, byTarget, queryOf } from '../../evidence.ts';
import type { CountedScan } from '../collect.ts';
import { isIcmp } from '../how-counted.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { knockSource, whoIs } from '../../knock-source.ts';
import { count, duration, iso, list, moment } from '../../wording.ts';

const UDP = 17;
/** In a sweep, so many tries fall into one hour; tries at random over days don't. */
const LEAST_PEAK = 5;
const LEAST_PORT_PEAK = 8;
/** … or they reach this share of all addresses that anybody tries, or so many ports of one, however slowly. */
const SLOW_SHARE = 0.6;
const SLOW_ADDRESSES = 10;
const SLOW_PORTS = 30;
/** A source outside that tries so many targets, each perhaps once, picks them at random. */
const SLOW_TARGETS = 40;
/** There are always many scanners: only the busiest are findings of their own. */
const MOST_SCANS = 200;

/**
 * Sources that look for open ports: one port of many addresses, or many ports of one. The busiest are findings;
 * `left` is how many more there are.
 * @param tried how many of our addresses anybody tried: what a scan can reach
 */
export function scans(
  sources: readonly CountedScan[],
  tried: number,
  context: JudgeContext,
): { readonly scanning: readonly CountedScan[]; readonly findings: readonly Found[]; readonly left: number } {
  const scanning = sources.filter(({ scan, times }) => {
    const swift =
      (scan.widest >= LEAST_ADDRESSES && times.peak >= LEAST_PEAK) ||
      ((scan.deepest >= LEAST_PORTS || scan.targets >= LEAST_TARGETS) && times.peak >= LEAST_PORT_PEAK);
    const slow =
      scan.widest >= Math.max(SLOW_ADDRESSES, SLOW_SHARE * tried) ||
      scan.deepest >= SLOW_PORTS ||
      (scan.targets >= SLOW_TARGETS && !context.isOurs(scan.src));
    return swift || slow;
  });
  return {
    scanning: scanning.slice(0, MOST_SCANS),
    findings: scanning.slice(0, MOST_SCANS).map((source) => finding(source, tried, context)),
    left: Math.max(0, scanning.length - MOST_SCANS),
  };
}

function finding(
  { scan, times, active, portless, topPorts, topAddress }: CountedScan,
  tried: number,
  context: JudgeContext,
): Found {
  const { hours, isOurs, address, range, enrichment } = context;
  const who = whoIs(scan.src, [], times.first, context);
  const inside = isOurs(scan.src);
  const ofPorts = scan.deepest >= LEAST_PORTS && scan.deepest >= scan.widest;
  const at =
    ofPorts && topAddress !== null && scan.addresses === 1
      ? resolveTarget({ ...topAddress, port: null, protocol: null }, times.last, context)
      : null;
  const breadth = ofPorts ? scan.deepest / 1000 : scan.widest / Math.max(1, tried);
  const parts = [
    part(
      'wide',
      breadth,
      0.5,
      ofPorts
        ? `${count(scan.deepest, 'port')} of one address`
        : `${count(scan.widest, 'address', 'addresses')} for one port`,
    ),
    part('many', volume(times.attempts), 0.5, count(times.attempts, 'attempt')),
  ];
  // A port of TCP and of UDP is named once.
  const named = [...new Map(topPorts.map((one) => [one.port, one])).values()];
  const ports = named.map(({ port, protocol }) => {
    const name = enrichment.portName(protocol, port);
    return name === null ? String(port) : `${port} (likely ${name})`;
  });
  // A machine inside may scan the internet as well.
  const where = inside ? '' : ' in your network';
  const what = ofPorts
    ? scan.addresses === 1
      ? `${count(scan.deepest, 'port')} of ${at?.words ?? 'one address'}`
      : `ports of ${count(scan.addresses, 'address', 'addresses')}${where}, at most ${scan.deepest} of one${topAddress === null ? '' : ` (${address(topAddress.dst)})`}`
    : topPorts.length > 0 && topPorts.every(({ protocol }) => isIcmp(protocol))
      ? `${count(scan.addresses, 'address', 'addresses')}${where} by ICMP`
      : `${topPorts.length > 0 && topPorts.every(({ protocol }) => protocol === UDP) ? 'UDP ' : ''}${scan.ports === 1 ? 'port' : 'ports'} ${list(ports)} of ${count(scan.addresses, 'address', 'addresses')}${where}`;
  const span = times.last - times.first;
  const counted = portless ? ('records' as const) : ('connections' as const);
  const tries = { action: 'REJECT' as const, sources: [who.address], counted };
  return {
    id: `scan:${who.address}`,
    kind: 'scan',
    score: scoreOf(parts, inside ? 0.9 : 0.45),
    score_parts: parts,
    verdict: 'rejected',
    target: at?.target ?? null,
    target_count: scan.addresses,
    ports: named.map(({ port }) => port).filter((port) => port >= 0),
    port_count: scan.addresses === 1 ? scan.deepest : scan.ports,
    sources: [knockSource(scan.src, times, [], context)],
    source_count: 1,
    attempts: times.attempts,
    counted,
    amounts: [],
    first_seen: iso(times.first),
    last_seen: iso(times.last),
    coverage: hours.coverage([]),
    hourly: hourly([active], [], context),
    query: queryOf(range, tries, []),
    summary: `${who.address}${inside ? ', inside your network,' : ''} tried ${what}, ${count(times.attempts, 'time')} in all${span >= 2 * 3600 ? `, in ${count(active.length, 'hour')} over ${duration(span)}` : ` within ${duration(Math.max(60, span))} from ${moment(times.first)}`}, and was rejected.`,
    evidence: [
      {
        text: 'The ports it tries',
        query: queryOf(range, tries, [byPort], [attemptsOf(tries), 'unique_destinations']),
      },
      {
        text: 'The addresses it tries',
        query: queryOf(range, tries, [byTarget]),
      },
      {
        text: 'When it scans',
        query: queryOf(range, tries, [byHour]),
      },
      {
        text: 'Its accepted flows, if any',
        query: queryOf(range, { action: 'ACCEPT', sources: [who.address] }, [byTarget, byPort], ['flows']),
      },
      ...(portless
        ? [
            {
              text: 'Records without a source port, or of protocols without connections, count as an attempt each.',
              query: null,
            },
          ]
        : []),
    ],
    next_step: inside
      ? `Find out ${doerAt(who, times.first, context)} scans: a scan from inside is a tool of yours or an intruder.`
      : 'No action needed unless some of its flows were accepted: such scans are common on the internet.',
  };
}
