import { type Binder, integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { fieldOf } from '../plan/condition.ts';
import { isOutward } from './outbound-hours.ts';
import { interfaceKey, isAction, isOurs, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, whatever the logs hold. */
const MOST_PAIRS = 30;
const MOST_GATEWAYS = 200;
const MOST_MACHINES = 300;

/** Which way traffic leaves an interface (the field `traffic-path`). */
const paths = { internet: [2, 8], otherRegion: [5] } as const;

/** AWS's own services to which traffic within a region, or at all, is not billed as traffic to the internet. */
const awsServices = ['S3', 'DYNAMODB', 'CLOUDFRONT', 'AMAZON', 'EC2', 'GLOBALACCELERATOR', 'API_GATEWAY', 'KINESIS_VIDEO_STREAMS', 'ROUTE53', 'CLOUD9', 'CODEBUILD', 'WORKSPACES_GATEWAYS', 'EC2_INSTANCE_CONNECT', 'ROUTE53_HEALTHCHECKS', 'AMAZON_APPFLOW', 'AMAZON_CONNECT', 'CHIME_MEETINGS', 'CHIME_VOICECONNECTOR']; // prettier-ignore

/** What is asked of the store for one investigation. */
export interface CostScope extends SqlScope {
  readonly own: readonly Key[];
  /** Fields that any flow of the range has. */
  readonly logged: ReadonlySet<string>;
}

function ours(scope: CostScope, column: string): string {
  return isOurs(column, scope.own, scope.dialect);
}

function accepted(scope: CostScope): string {
  return `${withinHours(scope, scope.from, scope.to)} AND ${passed(scope)} AND f.bytes IS NOT NULL`;
}

/** That a row of `f` was let through. What transit gateways log was, and says nothing of it. */
function passed(scope: CostScope): string {
  const { columns } = scope;
  return columns.has('action') && columns.has('tgw_id')
    ? `(${isAction(scope, 'ACCEPT')} OR f.action IS NULL AND f.tgw_id IS NOT NULL)`
    : isAction(scope, 'ACCEPT');
}

/** Transit gateways log what machines' interfaces log as well. */
function ofInterfaces(scope: CostScope): string {
  return scope.columns.has('tgw_id') ? `${accepted(scope)} AND f.tgw_id IS NULL` : accepted(scope);
}

function isText(scope: CostScope, field: string, values: readonly string[], binder: Binder): string {
  return scope.dialect.isOneOf(fieldOf(field), `f.${scope.dialect.quote(field)}`, values, binder);
}

/** Bytes of everything that was let through. Columns: those of interfaces, those that came into transit gateways, others of these. */
export function allBytes(scope: CostScope, binder: Binder): string {
  const { dialect, columns } = scope;
  const isTransit = columns.has('tgw_id') ? 'f.tgw_id IS NOT NULL' : 'FALSE';
  const sum = (condition: string): string =>
    `coalesce(${dialect.sum(`CASE WHEN ${condition} THEN f.bytes ELSE 0 END`)}, 0)`;
  const way = (value: 0 | 1): string => `${isTransit} AND ${isIngress(scope, binder)} = ${value}`;
  return `SELECT ${sum(`NOT (${isTransit})`)}, ${sum(way(1))}, ${sum(way(0))} FROM ${dialect.tables.flowHours} f WHERE ${accepted(scope)}`;
}

/** 1 for rows of `f` that came in where they were logged, 0 for others: who passes packets on logs them both times. */
function isIngress(scope: CostScope, binder: Binder): string {
  return scope.logged.has('flow_direction')
    ? `CASE WHEN ${isText(scope, 'flow_direction', ['ingress'], binder)} THEN 1 ELSE 0 END`
    : `CASE WHEN f.srcaddr IS NULL THEN 1 ELSE 0 END`;
}

/** The region that logs most. Columns: key of the region. */
export function busiestRegion(scope: CostScope): string {
  return `SELECT f.region, sum(f.flows) AS n FROM ${scope.dialect.tables.flowHours} f WHERE ${accepted(scope)} AND f.region IS NOT NULL GROUP BY f.region ORDER BY n DESC LIMIT 1`;
}

/**
 * The tables `cost_inside` (bytes from one machine of ours to another, logged once: of what several interfaces say of the
 * same two the most, since both ends, and whoever passes it on, log the same bytes) and `cost_zone` (zones of addresses).
 */
export function createInside(scope: CostScope, binder: Binder): string {
  const { dialect } = scope;
  const direction = isIngress(scope, binder);
  const face = interfaceKey(scope);
  const path = scope.logged.has('traffic_path')
    ? `max(CASE WHEN f.traffic_path IN (${paths.otherRegion.join(', ')}) THEN 1 ELSE 0 END)`
    : 'max(0)';
  return dialect.createTemporary(
    'cost_inside',
    `SELECT src, dst, max(bytes) AS bytes, max(records) AS records, max(elsewhere) AS elsewhere FROM (
       SELECT ${face} AS face, ${direction} AS way, f.srcaddr AS src, f.dstaddr AS dst, ${path} AS elsewhere,
         ${dialect.sum('f.bytes')} AS bytes, CAST(sum(f.flows) AS ${dialect.types.whole}) AS records
       FROM ${dialect.tables.flowHours} f
       WHERE ${ofInterfaces(scope)} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND f.srcaddr <> f.dstaddr
         AND ${ours(scope, 'f.srcaddr')} AND ${ours(scope, 'f.dstaddr')}
       GROUP BY ${face}, ${direction}, f.srcaddr, f.dstaddr) e
     GROUP BY src, dst`,
  );
}

/** `cost_zone` by the logs: the recording interface's zone is that of who sends by it, or receives. */
export function createZones(scope: CostScope, binder: Binder): string {
  const { dialect } = scope;
  const side = (end: string, way: string): string => `
    SELECT f.${end} AS address, ${dialect.keyOf('f.az_id')} AS zone, sum(f.flows) AS n FROM ${dialect.tables.flowHours} f
    WHERE ${ofInterfaces(scope)} AND f.az_id IS NOT NULL AND ${isText(scope, 'flow_direction', [way], binder)} AND ${ours(scope, `f.${end}`)}
    GROUP BY f.${end}, ${dialect.keyOf('f.az_id')}`;
  return dialect.createTemporary(
    'cost_zone',
    `SELECT address, zone FROM (
       SELECT address, zone, sum(n) AS n FROM (${side('srcaddr', 'egress')} UNION ALL ${side('dstaddr', 'ingress')}) s GROUP BY address, zone) z
     QUALIFY row_number() OVER (PARTITION BY address ORDER BY n DESC, zone) = 1`,
  );
}

/** `cost_zone` by an inventory: zones as numbers that only have to differ. */
export function createListedZones(
  scope: CostScope,
  zones: readonly { readonly address: Key; readonly zone: number }[],
): string {
  const { dialect } = scope;
  const rows = zones.map(
    ({ address, zone }) => `(${dialect.addressLiteral(address)}, ${integerLiteral(zone)})`,
  );
  return dialect.createTemporary(
    'cost_zone',
    rows.length === 0
      ? `SELECT f.srcaddr AS address, 0 AS zone FROM ${dialect.tables.flowHours} f WHERE FALSE`
      : `SELECT z.address AS address, z.zone AS zone FROM (VALUES ${rows.join(', ')}) z(address, zone)`,
  );
}

/** What crosses zones, or regions, between machines of ours, by pair. `free`: addresses whose traffic between zones costs nothing. */
function insidePairs(scope: CostScope, what: 'zones' | 'regions', free: readonly Key[]): string {
  const keys = free.map((key) => scope.dialect.addressLiteral(key)).join(', ');
  const notFree = keys === '' ? '' : ` AND i.src NOT IN (${keys}) AND i.dst NOT IN (${keys})`;
  return what === 'regions'
    ? 'SELECT i.src AS src, i.dst AS dst, i.bytes AS bytes, i.records AS records FROM cost_inside i WHERE i.elsewhere = 1'
    : `SELECT i.src AS src, i.dst AS dst, i.bytes AS bytes, i.records AS records FROM cost_inside i
       JOIN cost_zone a ON a.address = i.src JOIN cost_zone b ON b.address = i.dst
       WHERE a.zone <> b.zone AND i.elsewhere = 0${notFree}`;
}

/** Columns: src, dst, bytes, records, bytes of all, records of all, pairs. */
export function crossingPairs(scope: CostScope, what: 'zones' | 'regions', free: readonly Key[]): string {
  const { dialect } = scope;
  return `
    SELECT src, dst, bytes, records, ${dialect.sum('bytes')} OVER (), ${dialect.sum('records')} OVER (), count(*) OVER ()
    FROM (${insidePairs(scope, what, free)}) p ORDER BY bytes DESC, src, dst LIMIT ${MOST_PAIRS}`;
}

/** How many bytes go between machines of ours of which a zone is not known. Columns: bytes. */
export function withoutZone({ dialect }: CostScope): string {
  return `SELECT coalesce(${dialect.sum('i.bytes')}, 0) FROM cost_inside i
    LEFT JOIN cost_zone a ON a.address = i.src LEFT JOIN cost_zone b ON b.address = i.dst WHERE a.address IS NULL OR b.address IS NULL`;
}

/**
 * NAT gateways by what they log: an address inside that gets packets which are meant for one outside.
 * Columns: address, bytes.
 */
export function gatewaysByPackets(scope: CostScope): string {
  const { dialect } = scope;
  return `
    SELECT f.dstaddr, sum(f.flows) AS n FROM ${dialect.tables.flowHours} f
    WHERE ${ofInterfaces(scope)} AND f.pkt_dstaddr IS NOT NULL AND f.pkt_dstaddr <> f.dstaddr
      AND ${ours(scope, 'f.srcaddr')} AND ${ours(scope, 'f.dstaddr')} AND NOT ${ours(scope, 'f.pkt_dstaddr')}
    GROUP BY f.dstaddr ORDER BY n DESC, f.dstaddr LIMIT ${MOST_GATEWAYS}`;
}

/**
 * What NAT gateways passed on, by the machine behind: what it sent to the gateway and what the gateway sent to it, which is
 * all that the gateway processed, once. Columns: machine, gateway, bytes, records, bytes to or from S3 and DynamoDB,
 * then bytes, records and bytes to or from these of all, and the number of rows.
 */
export function throughGateways(scope: CostScope, gateways: readonly Key[], binder: Binder): string {
  const { dialect } = scope;
  const list = gateways.map((key) => dialect.addressLiteral(key)).join(', ');
  const stored = ['S3', 'DYNAMODB'];
  const toStores = (field: string): string =>
    scope.logged.has(field)
      ? `CASE WHEN ${isText(scope, field, stored, binder)} THEN f.bytes ELSE 0 END`
      : `CASE WHEN f.bytes IS NULL THEN 1 ELSE 0 END`;
  const part = (machine: string, gateway: string, service: string): string => `
    SELECT f.${machine} AS machine, f.${gateway} AS gateway, ${dialect.sum('f.bytes')} AS bytes, sum(f.flows) AS records, ${dialect.sum(toStores(service))} AS stores
    FROM ${dialect.tables.flowHours} f
    WHERE ${ofInterfaces(scope)} AND f.${gateway} IN (${list}) AND f.${machine} NOT IN (${list}) AND ${ours(scope, `f.${machine}`)}
    GROUP BY f.${machine}, f.${gateway}`;
  return `
    SELECT machine, gateway, bytes, records, stores, sum(bytes) OVER (), sum(records) OVER (), sum(stores) OVER (), count(*) OVER () FROM (
      SELECT machine, gateway, sum(bytes) AS bytes, sum(records) AS records, sum(stores) AS stores
      FROM (${part('srcaddr', 'dstaddr', 'pkt_dst_aws_service')} UNION ALL ${part('dstaddr', 'srcaddr', 'pkt_src_aws_service')}) p
      GROUP BY machine, gateway) t
    ORDER BY bytes DESC, machine, gateway LIMIT ${MOST_MACHINES}`;
}

/** That rows say by what path a packet leaves, or whether it goes to a service that is not billed as the internet. */
function saysWhere({ logged }: CostScope): boolean {
  return logged.has('traffic_path') || logged.has('pkt_dst_aws_service');
}

/** That a row of `f` is sent to the internet: by the path that the record names, else whatever goes to addresses outside. */
function goesToInternet(scope: CostScope, binder: Binder): string {
  const isBilled = scope.logged.has('pkt_dst_aws_service')
    ? [
        `(f.pkt_dst_aws_service IS NULL OR NOT (${isText(scope, 'pkt_dst_aws_service', awsServices, binder)}))`,
      ]
    : [];
  return [
    withinHours(scope, scope.from, scope.to),
    'f.bytes IS NOT NULL',
    isOutward(scope, scope.own),
    ...(scope.logged.has('traffic_path') ? [`f.traffic_path IN (${paths.internet.join(', ')})`] : []),
    ...isBilled,
  ].join(' AND ');
}

/**
 * The table `cost_internet`: what machines send to the internet by the hour, as each interface logged it, without what NAT gateways
 * send on. Where rows don't say more than `outbound_hour` does, it is made of that.
 */
export function createInternet(scope: CostScope, gateways: readonly Key[], binder: Binder): string {
  const { dialect } = scope;
  const { whole } = dialect.types;
  const face = interfaceKey(scope);
  const list = gateways.map((key) => dialect.addressLiteral(key)).join(', ');
  // The path says it of each record, a gateway's too.
  const leaves = list === '' || scope.logged.has('traffic_path') ? 'TRUE' : `src NOT IN (${list})`;
  const sent = saysWhere(scope)
    ? `SELECT ${face} AS interface, f.srcaddr AS src, f.hour AS hour, f.bytes AS bytes, f.flows AS records
       FROM ${dialect.tables.flowHours} f WHERE ${goesToInternet(scope, binder)}`
    : 'SELECT interface, src, hour, bytes, records FROM outbound_hour';
  return dialect.createTemporary(
    'cost_internet',
    `SELECT interface, src, hour, ${dialect.sum('bytes')} AS bytes, CAST(sum(records) AS ${whole}) AS records
     FROM (${sent}) s WHERE ${leaves} GROUP BY interface, src, hour`,
  );
}

/** What machines send to the internet, of several interfaces that log it the most. Columns: src, bytes, records, bytes of all, records of all, machines. */
export function toInternet({ dialect }: CostScope): string {
  return `
    SELECT src, bytes, records, ${dialect.sum('bytes')} OVER (), sum(records) OVER (), count(*) OVER () FROM (
      SELECT src, max(bytes) AS bytes, max(records) AS records FROM (
        SELECT interface, src, ${dialect.sum('bytes')} AS bytes, sum(records) AS records FROM cost_internet GROUP BY interface, src) e
      GROUP BY src) s
    ORDER BY bytes DESC, src LIMIT ${MOST_MACHINES}`;
}

/** What goes through transit gateways, by pair, by their own logs. Columns as `crossingPairs`. */
export function throughTransit(scope: CostScope, binder: Binder): string {
  const { dialect } = scope;
  const direction = isIngress(scope, binder);
  return `
    SELECT src, dst, bytes, records, ${dialect.sum('bytes')} OVER (), sum(records) OVER (), count(*) OVER () FROM (
      SELECT src, dst, max(bytes) AS bytes, max(records) AS records FROM (
        SELECT f.srcaddr AS src, f.dstaddr AS dst, ${direction} AS way,
          ${dialect.sum('f.bytes')} AS bytes, CAST(sum(f.flows) AS ${dialect.types.whole}) AS records
        FROM ${dialect.tables.flowHours} f WHERE ${accepted(scope)} AND f.tgw_id IS NOT NULL AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL
        GROUP BY f.srcaddr, f.dstaddr, ${direction}) e
      GROUP BY src, dst) p
    ORDER BY bytes DESC, src, dst LIMIT ${MOST_PAIRS}`;
}

/** Bytes by the hour of some pairs, each way as named, of several interfaces that log it the most. Columns: hour, bytes. */
export function pairBytesByHour(
  scope: CostScope,
  pairs: readonly { readonly src: Key; readonly dst: Key }[],
  binder: Binder,
): string {
  return `SELECT hour, sum(bytes) FROM (${mostByHour(scope, `${accepted(scope)} AND ${isOnePair(scope, pairs)}`, binder)}) h GROUP BY hour ORDER BY hour`;
}

/** The first and the last hour of some pairs, each way as named. Columns: src, dst, first hour, last hour. */
export function hoursOfPairs(
  scope: CostScope,
  pairs: readonly { readonly src: Key; readonly dst: Key }[],
): string {
  return `
    SELECT f.srcaddr, f.dstaddr, min(f.hour), max(f.hour) FROM ${scope.dialect.tables.flowHours} f
    WHERE ${accepted(scope)} AND ${isOnePair(scope, pairs)} GROUP BY f.srcaddr, f.dstaddr ORDER BY f.srcaddr, f.dstaddr`;
}

/** The first and the last hour in which some machines sent to the internet. Columns: src, first hour, last hour. */
export function hoursOfSenders({ dialect }: CostScope, machines: readonly Key[]): string {
  const list = machines.map((key) => dialect.addressLiteral(key)).join(', ');
  return `SELECT src, min(hour), max(hour) FROM cost_internet WHERE src IN (${list}) GROUP BY src ORDER BY src`;
}

/** That a row of `f` goes from the first to the second of one of the pairs. */
function isOnePair(
  { dialect }: CostScope,
  pairs: readonly { readonly src: Key; readonly dst: Key }[],
): string {
  const list = (of: 'src' | 'dst'): string =>
    [...new Set(pairs.map((pair) => dialect.addressLiteral(pair[of])))].join(', ');
  // Lists first: alternatives of two columns each are tried one after another for every row that is left.
  const isPair = pairs.map(
    ({ src, dst }) =>
      `(f.srcaddr = ${dialect.addressLiteral(src)} AND f.dstaddr = ${dialect.addressLiteral(dst)})`,
  );
  return `f.srcaddr IN (${list('src')}) AND f.dstaddr IN (${list('dst')}) AND (${isPair.join(' OR ')})`;
}

/**
 * Bytes by the hour that some machines send to the internet. What several interfaces log is told apart by its destination. Columns: hour, bytes.
 */
export function internetBytesByHour(scope: CostScope, machines: readonly Key[], binder: Binder): string {
  const { dialect } = scope;
  const list = machines.map((key) => dialect.addressLiteral(key)).join(', ');
  const sent = `SELECT hour, src, max(bytes) AS bytes, count(*) AS faces FROM cost_internet WHERE src IN (${list}) GROUP BY hour, src`;
  const several = `SELECT hour, src FROM sent WHERE faces > 1`;
  const amounts = [
    'SELECT hour, bytes FROM sent WHERE faces = 1',
    mostByHour(
      scope,
      goesToInternet(scope, binder),
      binder,
      `JOIN (${several}) m ON m.hour = f.hour AND m.src = f.srcaddr`,
    ),
  ];
  return `WITH sent AS (${sent}) SELECT hour, sum(bytes) FROM (${amounts.join(' UNION ALL ')}) h GROUP BY hour ORDER BY hour`;
}

/** Of each hour and pair the most that any interface logged, one way, of rows `f` that meet a condition. */
function mostByHour(scope: CostScope, condition: string, binder: Binder, join = ''): string {
  const { dialect } = scope;
  const face = interfaceKey(scope);
  const way = isIngress(scope, binder);
  return `
    SELECT hour, max(bytes) AS bytes FROM (
      SELECT f.hour AS hour, f.srcaddr AS src, f.dstaddr AS dst, ${face} AS face, ${way} AS way, ${dialect.sum('f.bytes')} AS bytes
      FROM ${dialect.tables.flowHours} f ${join} WHERE ${condition}
      GROUP BY f.hour, f.srcaddr, f.dstaddr, ${face}, ${way}) e
    GROUP BY hour, src, dst`;
}

/**
 * The service's port that most bytes of some pairs went to, below 32,768. Columns: src, dst, port, bytes, bytes that went to all
 * such ports.
 */
export function portsOfPairs(
  scope: CostScope,
  pairs: readonly { readonly src: Key; readonly dst: Key }[],
): string {
  const { dialect } = scope;
  const list = (of: 'src' | 'dst'): string =>
    [...new Set(pairs.map((pair) => dialect.addressLiteral(pair[of])))].join(', ');
  return `
    SELECT src, dst, port, amount, whole FROM (
      SELECT src, dst, port, amount, sum(amount) OVER (PARTITION BY src, dst) AS whole,
        row_number() OVER (PARTITION BY src, dst ORDER BY amount DESC, port) AS place
      FROM (
        SELECT f.srcaddr AS src, f.dstaddr AS dst, f.dstport AS port, ${dialect.sum('f.bytes')} AS amount FROM ${dialect.tables.flowHours} f
        WHERE ${accepted(scope)} AND f.srcaddr IN (${list('src')}) AND f.dstaddr IN (${list('dst')}) AND f.dstport < 32768
        GROUP BY f.srcaddr, f.dstaddr, f.dstport) p) t
    WHERE place = 1 ORDER BY amount DESC LIMIT ${MOST_MACHINES}`;
}

export function dropCost({ dialect }: CostScope): readonly string[] {
  return ['cost_inside', 'cost_zone', 'cost_internet'].map((name) => dialect.dropTemporary(name));
}
