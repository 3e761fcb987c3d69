import type { Field, FieldGroup, FieldType } from './field.ts';

interface Row {
  readonly type: FieldType;
  readonly v: number;
  readonly label: string;
  readonly group: FieldGroup;
  readonly about: string;
  readonly role?: Field['role'];
  readonly unit?: Field['unit'];
  readonly max?: number;
  readonly values?: readonly ClosedValue[];
}

/** Every value of the fields whose vocabulary is closed. A new one gets an id that is never changed: `duckdb-layout.ts`. */
export type ClosedValue = 'ACCEPT' | 'REJECT' | 'OK' | 'NODATA' | 'SKIPDATA';

/** The last second a record may lie in: the end of 2099, UTC. Later (milliseconds by mistake, say) can't be. */
export const LATEST_SECOND = 4_102_444_799;
/** The first second a record may lie in: 1 January 2000, UTC. A clock that was never set can't be trusted. */
export const EARLIEST_SECOND = 946_684_800;

const U8 = 255;
const U16 = 65_535;
const U32 = 4_294_967_295;

/**
 * THE table of flow fields: VPC flow logs versions 2 to 11 and transit gateway
 * flow logs (version 6). Decoding, storage, the SQL view, query validation, the
 * schema endpoint and the screen all read it; adding a field is adding a row.
 *
 * Source: AWS, "Flow log records" and "Transit Gateway Flow Log records".
 */
// prettier-ignore
const rows: Readonly<Record<string, Row>> = {
  'version':     { type: 'integer', v: 2, max: U8, label: 'Version', group: 'Record', about: 'The highest flow-log version that the record uses' },
  'account-id':  { type: 'text', v: 2, label: 'Account', group: 'Interface', about: 'The AWS account that owns the interface' },
  'interface-id':{ type: 'text', v: 2, label: 'Interface', group: 'Interface', about: 'The network interface that logged the traffic' },
  'srcaddr':     { type: 'address', v: 2, label: 'Source address', group: 'Source', about: 'Where the traffic came from, as the interface saw it' },
  'dstaddr':     { type: 'address', v: 2, label: 'Dest address', group: 'Destination', about: 'Where the traffic went, as the interface saw it' },
  'srcport':     { type: 'integer', v: 2, max: U16, label: 'Source port', group: 'Source', about: 'The port it came from' },
  'dstport':     { type: 'integer', v: 2, max: U16, label: 'Dest port', group: 'Destination', about: 'The port it went to' },
  'protocol':    { type: 'integer', v: 2, max: U8, label: 'Protocol', group: 'Traffic', about: 'The IANA protocol number: 6 is TCP, 17 UDP, 1 ICMP' },
  'packets':     { type: 'counter', v: 2, role: 'measure', unit: 'packets', label: 'Packets', group: 'Traffic', about: 'Packets in the window' },
  'bytes':       { type: 'counter', v: 2, role: 'measure', unit: 'bytes', label: 'Bytes', group: 'Traffic', about: 'Bytes in the window' },
  'start':       { type: 'time', v: 2, role: 'time', unit: 'seconds', label: 'Start', group: 'Record', about: 'When the first packet of the window came' },
  'end':         { type: 'time', v: 2, role: 'time', unit: 'seconds', label: 'End', group: 'Record', about: 'When the last packet of the window came' },
  'action':      { type: 'text', v: 2, values: ['ACCEPT', 'REJECT'], label: 'Action', group: 'Traffic', about: 'Whether security groups and network ACLs let it through' },
  'log-status':  { type: 'text', v: 2, values: ['OK', 'NODATA', 'SKIPDATA'], label: 'Log status', group: 'Record', about: 'OK, or why the window holds no flows' },

  'vpc-id':      { type: 'text', v: 3, label: 'VPC', group: 'Interface', about: 'The VPC of the interface' },
  'subnet-id':   { type: 'text', v: 3, label: 'Subnet', group: 'Interface', about: 'The subnet of the interface' },
  'instance-id': { type: 'text', v: 3, label: 'Instance', group: 'Interface', about: 'The instance of the interface, if it is yours' },
  'tcp-flags':   { type: 'integer', v: 3, max: U16, label: 'TCP flags', group: 'Traffic', about: 'FIN 1, SYN 2, RST 4, SYN-ACK 18, OR-ed over the window' },
  'type':        { type: 'text', v: 3, label: 'Address type', group: 'Traffic', about: 'IPv4, IPv6 or EFA' },
  'pkt-srcaddr': { type: 'address', v: 3, label: 'Packet source', group: 'Source', about: 'The original source, before NAT or a secondary address' },
  'pkt-dstaddr': { type: 'address', v: 3, label: 'Packet dest', group: 'Destination', about: 'The original destination, before NAT or a secondary address' },

  'region':         { type: 'text', v: 4, label: 'Region', group: 'Interface', about: 'The AWS region of the interface' },
  'az-id':          { type: 'text', v: 4, label: 'Zone', group: 'Interface', about: 'The availability zone of the interface' },
  'sublocation-type': { type: 'text', v: 4, label: 'Sublocation type', group: 'Interface', about: 'wavelength, outpost or localzone' },
  'sublocation-id': { type: 'text', v: 4, label: 'Sublocation', group: 'Interface', about: 'The sublocation of the interface' },

  'pkt-src-aws-service': { type: 'text', v: 5, label: 'Source AWS service', group: 'Source', about: 'The AWS service whose published range holds the original source' },
  'pkt-dst-aws-service': { type: 'text', v: 5, label: 'Dest AWS service', group: 'Destination', about: 'The AWS service whose published range holds the original destination' },
  'flow-direction': { type: 'text', v: 5, label: 'Direction', group: 'Traffic', about: 'ingress or egress, seen from the interface' },
  'traffic-path':   { type: 'integer', v: 5, max: U8, label: 'Traffic path', group: 'Traffic', about: 'How egress left: 1 same VPC, 2 internet or gateway endpoint, 3 virtual private gateway, 4 peering in the region, 5 peering across regions, 6 local gateway, 7 gateway endpoint, 8 internet gateway' },

  'resource-type':   { type: 'text', v: 6, label: 'Resource type', group: 'Transit gateway', about: 'TransitGateway or TransitGatewayAttachment' },
  'tgw-id':          { type: 'text', v: 6, label: 'Transit gateway', group: 'Transit gateway', about: 'The transit gateway' },
  'tgw-attachment-id': { type: 'text', v: 6, label: 'Attachment', group: 'Transit gateway', about: 'The attachment that logged the traffic' },
  'tgw-pair-attachment-id': { type: 'text', v: 6, label: 'Pair attachment', group: 'Transit gateway', about: 'The attachment at the other side' },
  'tgw-src-vpc-account-id': { type: 'text', v: 6, label: 'Source account', group: 'Transit gateway', about: 'The account of the source VPC' },
  'tgw-dst-vpc-account-id': { type: 'text', v: 6, label: 'Dest account', group: 'Transit gateway', about: 'The account of the destination VPC' },
  'tgw-src-vpc-id':  { type: 'text', v: 6, label: 'Source VPC', group: 'Transit gateway', about: 'The source VPC' },
  'tgw-dst-vpc-id':  { type: 'text', v: 6, label: 'Dest VPC', group: 'Transit gateway', about: 'The destination VPC' },
  'tgw-src-subnet-id': { type: 'text', v: 6, label: 'Source subnet', group: 'Transit gateway', about: 'The source subnet' },
  'tgw-dst-subnet-id': { type: 'text', v: 6, label: 'Dest subnet', group: 'Transit gateway', about: 'The destination subnet' },
  'tgw-src-eni':     { type: 'text', v: 6, label: 'Source interface', group: 'Transit gateway', about: "The source attachment's interface" },
  'tgw-dst-eni':     { type: 'text', v: 6, label: 'Dest interface', group: 'Transit gateway', about: "The destination attachment's interface" },
  'tgw-src-az-id':   { type: 'text', v: 6, label: 'Source zone', group: 'Transit gateway', about: "The source's availability zone" },
  'tgw-dst-az-id':   { type: 'text', v: 6, label: 'Dest zone', group: 'Transit gateway', about: "The destination's availability zone" },
  'packets-lost-no-route':     { type: 'counter', v: 6, role: 'measure', unit: 'packets', label: 'Lost: no route', group: 'Transit gateway', about: 'Packets lost because no route was found' },
  'packets-lost-blackhole':    { type: 'counter', v: 6, role: 'measure', unit: 'packets', label: 'Lost: blackhole', group: 'Transit gateway', about: 'Packets lost to a blackhole route' },
  'packets-lost-mtu-exceeded': { type: 'counter', v: 6, role: 'measure', unit: 'packets', label: 'Lost: MTU', group: 'Transit gateway', about: 'Packets lost because they were too large' },
  'packets-lost-ttl-expired':  { type: 'counter', v: 6, role: 'measure', unit: 'packets', label: 'Lost: TTL', group: 'Transit gateway', about: 'Packets lost because their time to live ran out' },

  'ecs-cluster-arn':  { type: 'text', v: 7, label: 'ECS cluster ARN', group: 'Container', about: 'The ECS cluster' },
  'ecs-cluster-name': { type: 'text', v: 7, label: 'ECS cluster', group: 'Container', about: 'The name of the ECS cluster' },
  'ecs-container-instance-arn': { type: 'text', v: 7, label: 'Container instance ARN', group: 'Container', about: 'The ECS container instance' },
  'ecs-container-instance-id':  { type: 'text', v: 7, label: 'Container instance', group: 'Container', about: 'The id of the ECS container instance' },
  'ecs-container-id': { type: 'text', v: 7, label: 'Container', group: 'Container', about: 'The runtime id of the first container' },
  'ecs-second-container-id': { type: 'text', v: 7, label: 'Second container', group: 'Container', about: 'The runtime id of the second container' },
  'ecs-service-name': { type: 'text', v: 7, label: 'ECS service', group: 'Container', about: 'The ECS service' },
  'ecs-task-definition-arn': { type: 'text', v: 7, label: 'Task definition', group: 'Container', about: 'The ECS task definition' },
  'ecs-task-arn':     { type: 'text', v: 7, label: 'Task ARN', group: 'Container', about: 'The ECS task' },
  'ecs-task-id':      { type: 'text', v: 7, label: 'Task', group: 'Container', about: 'The id of the ECS task' },

  'reject-reason':    { type: 'text', v: 8, label: 'Reject reason', group: 'Traffic', about: 'BPA: block public access; EC: encryption control' },
  'resource-id':      { type: 'text', v: 9, label: 'Resource', group: 'Interface', about: 'The resource that the interface belongs to, such as a regional NAT gateway' },
  'encryption-status':{ type: 'integer', v: 10, max: U32, label: 'Encryption', group: 'Traffic', about: '0 none, 1 Nitro, 2 application, 3 both' },

  'instance-tag':     { type: 'text', v: 11, label: 'Instance tag', group: 'Tags', about: 'The chosen tag of the instance' },
  'instance-tag-2':   { type: 'text', v: 11, label: 'Instance tag 2', group: 'Tags', about: 'The second chosen tag of the instance' },
  'interface-tag':    { type: 'text', v: 11, label: 'Interface tag', group: 'Tags', about: 'The chosen tag of the interface' },
  'interface-tag-2':  { type: 'text', v: 11, label: 'Interface tag 2', group: 'Tags', about: 'The second chosen tag of the interface' },
  'asg-tag':          { type: 'text', v: 11, label: 'Group tag', group: 'Tags', about: 'The chosen tag of the auto scaling group' },
  'asg-tag-2':        { type: 'text', v: 11, label: 'Group tag 2', group: 'Tags', about: 'The second chosen tag of the auto scaling group' },
  'interface-type':   { type: 'text', v: 11, label: 'Interface type', group: 'Interface', about: 'The kind of interface, such as lambda or nat_gateway' },
  'next-hop-interface-id':   { type: 'text', v: 11, label: 'Next interface', group: 'Next hop', about: 'The interface that the traffic went to next' },
  'next-hop-subnet-id':      { type: 'text', v: 11, label: 'Next subnet', group: 'Next hop', about: "The next hop's subnet" },
  'next-hop-az-id':          { type: 'text', v: 11, label: 'Next zone', group: 'Next hop', about: "The next hop's availability zone" },
  'next-hop-vpc-id':         { type: 'text', v: 11, label: 'Next VPC', group: 'Next hop', about: "The next hop's VPC" },
  'next-hop-interface-type': { type: 'text', v: 11, label: 'Next interface type', group: 'Next hop', about: "The kind of the next hop's interface" },
};

/** Every flow field, in AWS's order. */
export const fields: readonly Field[] = Object.entries(rows).map(([aws, row]) => ({
  aws,
  name: aws.replaceAll('-', '_'),
  type: row.type,
  role: row.role ?? 'dimension',
  version: row.v,
  unit: row.unit ?? null,
  label: row.label,
  group: row.group,
  description: row.about,
  max: row.max ?? null,
  values: row.values ?? null,
}));

const byName: ReadonlyMap<string, Field> = new Map(
  fields.flatMap((field) => [
    [field.aws, field],
    [field.name, field],
  ]),
);

/** The field of that name, AWS's (`pkt-srcaddr`) or ours (`pkt_srcaddr`); undefined if the catalog has none. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name);
}
