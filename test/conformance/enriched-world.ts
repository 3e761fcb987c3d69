import { CloudRanges } from '../../src/enrich/aws/cloud-ranges.ts';
import { HostNames } from '../../src/enrich/inventory/host-names.ts';
import { Inventory } from '../../src/enrich/inventory/inventory.ts';
import type { InterfaceItem, SeenItem } from '../../src/enrich/inventory/item.ts';
import { createEnrichment } from '../../src/enrich/enrichment.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import { hostileTexts, type Era } from './arbitrary-flows.ts';
import type { FlowObject } from './flow-object.ts';
import { whoStarted } from './who-started.ts';

type Value = string | number | null;
type Facts = Readonly<Record<string, Value>>;

/** Who says to have an address, and for how long: moments are seconds around the middle of the era. */
interface Claim {
  readonly address: string;
  readonly written?: string;
  readonly interfaceId: string;
  readonly vpc: string;
  readonly since: number | null;
  readonly said: readonly [first: number, last: number];
  readonly name: string;
  readonly publicAddress?: string;
  readonly groups?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

const HOUR = 3600;
const hostile = hostileTexts[2] ?? '';

/** An inventory that changes mid-way, with the same address in two networks. */
const claims: readonly Claim[] = [
  // The same private address in two VPCs; at either's own interface it is that one's.
  { address: '10.0.0.1', interfaceId: 'eni-1', vpc: 'vpc-1', since: null, said: [-2 * HOUR, 9 * HOUR], name: 'alpha', groups: ['web', 'admin'] },
  { address: '10.0.0.1', interfaceId: 'eni-2', vpc: 'vpc-2', since: null, said: [-HOUR, 9 * HOUR], name: 'beta' },
  // One that a machine left and another got, within an hour.
  { address: '10.0.0.2', interfaceId: 'eni-3', vpc: 'vpc-1', since: -90 * HOUR, said: [-3 * HOUR, -HOUR], name: 'gamma', publicAddress: '203.0.113.9' },
  { address: '10.0.0.2', interfaceId: 'eni-4', vpc: 'vpc-1', since: 1000, said: [HOUR, 5 * HOUR], name: hostile, publicAddress: '8.8.8.8', tags: { b: '2', a: '1' } },
  // One of which only the name changed.
  { address: '10.200.3.4', interfaceId: 'eni-5', vpc: 'vpc-2', since: null, said: [-9 * HOUR, -2 * HOUR + 1234], name: 'before' },
  { address: '10.200.3.4', interfaceId: 'eni-5', vpc: 'vpc-2', since: null, said: [2 * HOUR, 3 * HOUR], name: 'after' },
  // One that never changed, written otherwise than logs write it.
  { address: '2001:db8::1', written: '2001:DB8:0:0::1', interfaceId: 'eni-1', vpc: 'vpc-1', since: null, said: [0, 0], name: 'six' },
]; // prettier-ignore

const countries: Readonly<Record<string, string>> = {
  '8.8.8.8': 'US',
  '93.184.216.34': 'DE',
  '2606:4700::1111': 'US',
};
const operators: Readonly<Record<string, { readonly number: number; readonly name: string }>> = {
  '8.8.8.8': { number: 15_169, name: 'Google; DROP' },
  '93.184.216.34': { number: 4_200_000_000, name: hostile },
};
const ports: Readonly<Record<string, string>> = {
  '6/22': 'ssh',
  '6/80': 'http',
  '17/80': 'quic',
  '6/3389': 'rdp',
};
const kinds: Readonly<Record<string, string>> = {
  '0.0.0.0': 'unspecified', '10.0.0.1': 'private', '10.0.0.2': 'private', '10.200.3.4': 'private',
  '172.31.9.69': 'private', '203.0.113.9': 'documentation', '255.255.255.255': 'broadcast', '8.8.8.8': 'public',
  '93.184.216.34': 'public', '::': 'unspecified', '::1': 'loopback', '2001:db8::1': 'documentation',
  '2001:db8::2:1': 'documentation', '2001:db8:0:1::2': 'documentation', 'fe80::1': 'link-local',
  '2606:4700::1111': 'public', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff': 'multicast',
}; // prettier-ignore

/** The enrichment of an era's addresses, through the program's own inventory; and what it must say, by plain loops. */
export interface EnrichedWorld {
  readonly enrichment: Enrichment;
  /** The records with every derived field as if it had been logged. */
  readonly enriched: (records: readonly FlowObject[]) => readonly FlowObject[];
}

export function enrichedWorld(era: Pick<Era, 'around'>): EnrichedWorld {
  const center = Date.parse(era.around) / 1000;
  const inventory = new Inventory(claims.map((claim) => itemOf(claim, center)));
  const clouds = new CloudRanges([
    { prefix: '8.8.0.0/16', service: 'AMAZON', region: 'GLOBAL' },
    { prefix: '8.8.8.0/24', service: 'S3', region: 'eu-west-1' },
  ]);
  const places = {
    country: (address: string) => countries[address] ?? null,
    operator: (address: string) => operators[address] ?? null,
  };
  const enrichment = createEnrichment({ inventory, hosts: new HostNames([]), clouds, places }, 'a test');
  return {
    enrichment: { ...enrichment, portName: (protocol, port) => ports[`${protocol}/${port}`] ?? null },
    enriched: (records) => {
      const started = whoStarted(records);
      return records.map((record) => ({ ...record, ...derived(record, center), ...started(record) }));
    },
  };
}

function itemOf(claim: Claim, center: number): SeenItem {
  const item: InterfaceItem = {
    kind: 'interface',
    id: claim.interfaceId,
    name: claim.name,
    description: 'ELB app/shop/1',
    type: 'interface',
    requester: null,
    instance: null,
    attached: claim.since === null ? null : center + claim.since,
    addresses: [{ address: claim.written ?? claim.address, publicAddress: claim.publicAddress ?? null }],
    vpc: claim.vpc,
    subnet: null,
    zone: null,
    account: null,
    groups: claim.groups ?? [],
    tags: claim.tags ?? {},
  };
  return { item, first: center + claim.said[0], last: center + claim.said[1] };
}

function derived(record: FlowObject, center: number): FlowObject {
  const text = (name: string): string | null => (record[name] == null ? null : String(record[name]));
  const port =
    record['dstport'] == null || record['protocol'] == null
      ? null
      : `${record['protocol']}/${record['dstport']}`;
  const start = record['start'] == null ? null : Number(record['start']) - center;
  // An hour counts as its last second.
  const moment = start === null ? Infinity : Math.floor((start + center) / HOUR) * HOUR + HOUR - 1 - center;
  const of = (prefix: string, address: string | null): Facts => {
    const facts =
      address === null
        ? {}
        : { ...staticFacts(address), ...timeBoundFacts(address, text('interface_id'), moment) };
    return Object.fromEntries(names.map((name) => [`${prefix}_${name}`, facts[name] ?? null]));
  };
  return {
    ...of('src', text('srcaddr')),
    ...of('dst', text('dstaddr')),
    service_name: port === null ? null : (ports[port] ?? null),
    src_side: side(text('srcaddr')),
    dst_side: side(text('dstaddr')),
    direction: direction(text('srcaddr'), text('dstaddr')),
  };
}

function direction(source: string | null, destination: string | null): string | null {
  if (source === null || destination === null) return null;
  if (isOurs(source)) return isOurs(destination) ? 'internal' : 'outbound';
  return isOurs(destination) ? 'inbound' : 'external';
}

function side(address: string | null): string | null {
  return address === null ? null : isOurs(address) ? 'internal' : 'external';
}

function isOurs(address: string): boolean {
  return (
    !['public', 'documentation'].includes(kinds[address] ?? '') ||
    claims.some((claim) => claim.address === address || claim.publicAddress === address)
  );
}

const names = ['name', 'service', 'instance', 'public_address', 'vpc', 'security_groups', 'tags', 'party', 'country', 'asn', 'as_name', 'cloud', 'cloud_service', 'cloud_region', 'kind']; // prettier-ignore

function staticFacts(address: string): Facts {
  const kind = kinds[address] ?? null;
  const isCloud = address === '8.8.8.8';
  return {
    kind,
    country: countries[address] ?? null,
    asn: operators[address]?.number ?? null,
    as_name: operators[address]?.name ?? null,
    cloud: isCloud ? 'AWS' : null,
    cloud_service: isCloud ? 'S3' : null,
    cloud_region: isCloud ? 'eu-west-1' : null,
  };
}

/** docs/inventory.md, "Kept with time", word by word. */
function timeBoundFacts(address: string, interfaceId: string | null, moment: number): Facts {
  const all = claims.filter((claim) => claim.address === address || claim.publicAddress === address);
  const own = all.filter((claim) => claim.interfaceId === interfaceId);
  const vpc = claims.find((claim) => claim.interfaceId === interfaceId)?.vpc;
  const near = all.filter((claim) => claim.vpc === vpc);
  const here = own.length > 0 ? own : near.length > 0 ? near : all;
  const begun = here.filter((claim) => (claim.since ?? -Infinity) <= moment);
  const pool = begun.length > 0 ? begun : here;
  const later = pool.filter((claim) => claim.said[1] >= moment);
  const first = Math.min(...later.map((claim) => claim.said[0]));
  const last = Math.max(...pool.map((claim) => claim.said[1]));
  const claim = later.find((one) => one.said[0] === first) ?? pool.find((one) => one.said[1] === last);
  if (claim === undefined) return { party: placed(address) };
  const tags = Object.entries(claim.tags ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    name: claim.name,
    service: 'application load balancer',
    public_address: claim.publicAddress ?? null,
    vpc: claim.vpc,
    security_groups: claim.groups === undefined ? null : [...claim.groups].sort().join(', '),
    tags: tags.length === 0 ? null : tags.sort().join(', '),
    // None of the names ends in a number, and none of the tags names a service.
    party: claim.name,
  };
}

const networks: Readonly<Record<string, string>> = {
  '::': '::/64', '::1': '::/64', '2001:db8::2:1': '2001:db8::/64', '2001:db8:0:1::2': '2001:db8:0:1::/64',
  'fe80::1': 'fe80::/64', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff': 'ffff:ffff:ffff:ffff::/64',
}; // prettier-ignore

/** Who an address is that no inventory has. */
function placed(address: string): string {
  const network = networks[address] ?? address.replace(/[0-9]+$/, '0/24');
  return operators[address]?.name ?? countries[address] ?? network;
}
