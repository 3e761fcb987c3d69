import { parseBlock } from '../../model/query/address-block.ts';
import { createBinder, type Binder } from '../../sql/binder.ts';
import {
  allBytes,
  busiestRegion,
  type CostScope,
  createInside,
  createInternet,
  createListedZones,
  createZones,
  crossingPairs,
  dropCost,
  gatewaysByPackets,
  hoursOfPairs,
  hoursOfSenders,
  internetBytesByHour,
  pairBytesByHour,
  portsOfPairs,
  throughGateways,
  throughTransit,
  toInternet,
  withoutZone,
} from '../../sql/investigate/cost-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { InvestigationContext } from '../context.ts';
import { readFieldsSeen } from '../fields-seen.ts';
import { textsBehind } from '../key-texts.ts';
import type { Crossing, Crossings, Pair } from './crossing.ts';

/** A crossing before its hours and ports are read, which is done only for those large enough. */
type Found = Omit<Crossing, 'byHour' | 'pairs'> & {
  readonly pairs: readonly Omit<Pair, 'firstHour' | 'lastHour'>[];
};

type Rows = readonly (readonly unknown[])[];

/** Fields that tell what a byte crosses. */
const telling = ['flow_direction', 'traffic_path', 'az_id', 'pkt_dstaddr', 'pkt_src_aws_service', 'pkt_dst_aws_service', 'region', 'tgw_id']; // prettier-ignore
/** What an inventory calls the things whose traffic between zones is free. */
const freeBetweenZones: ReadonlySet<string> = new Set(['application load balancer', 'VPC endpoint', 'gateway load balancer endpoint', 'transit gateway attachment']); // prettier-ignore
/** Beyond so many the rest of an inventory's zones is left to the logs. */
export const MOST_LISTED = 20_000;

/** Queries the store, from the rollup: each byte counts once, although both ends and hops between them log it. */
export async function collectCrossings(
  context: InvestigationContext,
  isWorth: (crossing: Found, allBytes: number, region: string | null) => boolean,
): Promise<Crossings> {
  const { scope, session, own } = context;
  const run = async (make: (binder: Binder) => string): Promise<Rows> => {
    const binder = createBinder(session.dialect);
    return session.run(make(binder), binder.values);
  };
  const logged = await readFieldsSeen(scope, telling, session.run);
  const cost: CostScope = { ...scope, own: [...own], logged };
  const listed = listedAddresses(context);
  const zonesFrom =
    logged.has('az_id') && logged.has('flow_direction')
      ? 'logs'
      : listed.some(({ zone }) => zone !== null)
        ? 'inventory'
        : null;
  const byPackets = logged.has('pkt_dstaddr')
    ? (await run(() => gatewaysByPackets(cost))).map(([key]) => readKey(key))
    : [];
  const gateways = [
    ...new Set([
      ...byPackets,
      ...listed.filter(({ service }) => service === 'NAT gateway').map(({ key }) => key),
    ]),
  ];
  const free = listed
    .filter(({ service }) => service !== null && freeBetweenZones.has(service))
    .map(({ key }) => key);
  const found: Found[] = [];
  const base = { storeBytes: null, unknownBytes: 0 };
  // They log the same packets.
  const all = Math.max(0, ...((await run((binder) => allBytes(cost, binder)))[0] ?? []).map(Number));
  try {
    await run((binder) => createInside(cost, binder));
    if (zonesFrom !== null) {
      await run((binder) =>
        zonesFrom === 'logs' ? createZones(cost, binder) : createListedZones(cost, zoneNumbers(listed)),
      );
      const unknownBytes = Number((await run(() => withoutZone(cost)))[0]?.[0] ?? 0);
      const rows = await run(() => crossingPairs(cost, 'zones', free));
      found.push({ ...base, ...pairsOf(rows, 2), kind: 'zones', unknownBytes });
    }
    if (logged.has('traffic_path'))
      found.push({ ...base, ...pairsOf(await run(() => crossingPairs(cost, 'regions', [])), 2), kind: 'regions' }); // prettier-ignore
    if (gateways.length > 0) {
      const rows = await run((binder) => throughGateways(cost, gateways, binder));
      const tells = logged.has('pkt_dst_aws_service') || logged.has('pkt_src_aws_service');
      const moved = rows.map(([src, dst, bytes, records, , ...totals]) => [src, dst, bytes, records, totals[0], totals[1], totals[3]]); // prettier-ignore
      found.push({ ...base, ...pairsOf(moved, 2), kind: 'nat', storeBytes: tells ? Number(rows[0]?.[7] ?? 0) : null }); // prettier-ignore
    }
    if (logged.has('tgw_id'))
      found.push({ ...base, ...pairsOf(await run((binder) => throughTransit(cost, binder)), 2), kind: 'transit' }); // prettier-ignore
    await run((binder) => createInternet(cost, gateways, binder));
    found.push({ ...base, ...pairsOf(await run(() => toInternet(cost)), 1), kind: 'internet' });
    const crossings: Crossing[] = [];
    const region = await regionOf(cost, context);
    for (const crossing of found.filter((one) => isWorth(one, all, region))) {
      const pairs = await withHours(cost, crossing.kind, await withPorts(cost, crossing.pairs, run), run);
      const hours = await run((binder) => hoursOf(crossing.kind, pairs, { cost, binder }));
      crossings.push({
        ...crossing,
        pairs,
        byHour: new Map(hours.map(([hour, bytes]) => [Number(hour), Number(bytes)])),
      });
    }
    return { crossings, allBytes: all, region, logged, zonesFrom, gateways };
  } finally {
    for (const statement of dropCost(cost)) await session.run(statement).catch(() => undefined);
  }
}

/** The statement for the hours of a crossing's pairs. What a NAT gateway passes on counts both ways. */
function hoursOf(
  kind: Crossing['kind'],
  pairs: readonly Pair[],
  { cost, binder }: { readonly cost: CostScope; readonly binder: Binder },
): string {
  if (kind === 'internet')
    return internetBytesByHour(
      cost,
      pairs.map(({ src }) => src),
      binder,
    );
  return pairBytesByHour(cost, waysOf(kind, pairs), binder);
}

/** The ways that count of each pair. */
function waysOf(
  kind: Crossing['kind'],
  pairs: Found['pairs'],
): readonly { readonly src: Key; readonly dst: Key }[] {
  const one = pairs.flatMap(({ src, dst }) => (dst === null ? [] : [{ src, dst }]));
  const back = kind === 'nat' ? one.map(({ src, dst }) => ({ src: dst, dst: src })) : [];
  return [...one, ...back];
}

/** When each pair, or machine, was there. */
async function withHours(
  cost: CostScope,
  kind: Crossing['kind'],
  pairs: Found['pairs'],
  run: (make: () => string) => Promise<Rows>,
): Promise<readonly Pair[]> {
  if (pairs.length === 0) return [];
  const rows =
    kind === 'internet'
      ? (await run(() => hoursOfSenders(cost, pairs.map(({ src }) => src)))).map(([src, ...hours]) => ({ ends: [src], hours }))
      : (await run(() => hoursOfPairs(cost, waysOf(kind, pairs)))).map(([src, dst, ...hours]) => ({ ends: [src, dst], hours }));
  const spans = new Map<string, { first: number; last: number }>();
  for (const { ends, hours } of rows) spans.set(ends.map(readKey).join(' '), { first: Number(hours[0]), last: Number(hours[1]) });
  return pairs.map((pair) => {
    const ways = pair.dst === null ? [[pair.src]] : [[pair.src, pair.dst], ...(kind === 'nat' ? [[pair.dst, pair.src]] : [])];
    const seen = ways.flatMap((ends) => spans.get(ends.join(' ')) ?? []);
    return { ...pair, firstHour: Math.min(...seen.map(({ first }) => first)), lastHour: Math.max(...seen.map(({ last }) => last)) };
  });
} // prettier-ignore

/** Rows of pairs (`ends`: 2) or of machines (1): their keys, bytes, records, then bytes and records of all, and how many. */
function pairsOf(rows: Rows, ends: 1 | 2): Pick<Found, 'bytes' | 'records' | 'pairCount' | 'pairs'> {
  const totals = rows[0]?.slice(ends + 2) ?? [];
  return {
    bytes: Number(totals[0] ?? 0),
    records: Number(totals[1] ?? 0),
    pairCount: Number(totals[2] ?? 0),
    pairs: rows.slice(0, MOST_PAIRS).map((row) => ({
      src: readKey(row[0]),
      dst: ends === 1 ? null : readKey(row[1]),
      bytes: Number(row[ends]),
      records: Number(row[ends + 1]),
      port: null,
    })),
  };
}

const MOST_PAIRS = 30;

/** The share of questions that are of one service, if it is the only one that matters. */
const ONE_SERVICE = 0.9;

async function withPorts(
  cost: CostScope,
  pairs: Found['pairs'],
  run: (make: () => string) => Promise<Rows>,
): Promise<Found['pairs']> {
  const whole = pairs.flatMap(({ src, dst }) => (dst === null ? [] : [{ src, dst }]));
  if (whole.length === 0) return pairs;
  const ports = new Map<string, { readonly port: number; readonly bytes: number; readonly all: number }>();
  const both = [...whole, ...whole.map(({ src, dst }) => ({ src: dst, dst: src }))];
  for (const [src, dst, ...row] of await run(() => portsOfPairs(cost, both))) {
    const [port = 0, bytes = 0, all = 0] = row.map(Number);
    ports.set(`${readKey(src)} ${readKey(dst)}`, { port, bytes, all });
  }
  return pairs.map((pair) => {
    const sent = ports.get(`${pair.src} ${pair.dst}`);
    const asked = ports.get(`${pair.dst} ${pair.src}`);
    if (sent !== undefined && sent.bytes >= pair.bytes / 2) return { ...pair, port: sent.port };
    // Most went to clients' ports: answers, of a service that the questions name if they are all of one.
    const isOne = asked !== undefined && asked.bytes >= ONE_SERVICE * asked.all;
    return { ...pair, port: isOne ? asked.port : null };
  });
}

async function regionOf(cost: CostScope, { session }: InvestigationContext): Promise<string | null> {
  if (!cost.logged.has('region')) return null;
  const [row] = await session.run(busiestRegion(cost));
  if (row === undefined) return null;
  const key = readKey(row[0]);
  return (await textsBehind(fieldOf('region'), [key], session))(key);
}

interface Listed {
  readonly key: Key;
  readonly zone: string | null;
  readonly service: string | null;
}

/** What the inventory says of IPv4 addresses, at the end of the range. */
function listedAddresses({ scope, enrichment }: InvestigationContext): readonly Listed[] {
  return enrichment
    .ownAddresses()
    .slice(0, MOST_LISTED)
    .flatMap((address) => {
      const block = parseBlock(address);
      const facts = enrichment.ownAddress(address, null, scope.to);
      if (block === null || block.version !== 4 || facts === null) return [];
      return [
        {
          key: scope.dialect.keyOfIpv4(Number(block.first)),
          zone: facts.zone ?? null,
          service: facts.service,
        },
      ];
    });
}

function zoneNumbers(listed: readonly Listed[]): readonly { readonly address: Key; readonly zone: number }[] {
  const numbers = new Map<string, number>();
  return listed.flatMap(({ key, zone }) => {
    if (zone === null) return [];
    const number = numbers.get(zone) ?? numbers.size;
    numbers.set(zone, number);
    return [{ address: key, zone: number }];
  });
}
