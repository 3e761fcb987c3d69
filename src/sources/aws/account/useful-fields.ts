interface UsefulField {
  readonly field: string;
  /** What this field adds. */
  readonly tells: string;
}

/** The fields of the format that AWS uses if nobody says another (version 2), in its order. */
const DEFAULT_FIELDS = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
];

/** Fields that the default format lacks. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
const usefulFields: readonly UsefulField[] = [
  { field: 'vpc-id', tells: 'which VPC' },
  { field: 'subnet-id', tells: 'which subnet' },
  { field: 'instance-id', tells: 'which machine, after its addresses are used again' },
  { field: 'tcp-flags', tells: 'who began a connection, and whether it was answered' },
  { field: 'pkt-srcaddr', tells: 'the first sender behind NAT gateways, load balancers and pods' },
  { field: 'pkt-dstaddr', tells: 'the last receiver behind them' },
  { field: 'region', tells: 'which region, where several are in one place' },
  { field: 'az-id', tells: 'the availability zone: traffic between zones costs' },
  { field: 'pkt-src-aws-service', tells: 'which AWS service sent' },
  { field: 'pkt-dst-aws-service', tells: 'which AWS service received: S3 through a NAT gateway costs' },
  { field: 'flow-direction', tells: 'in or out, so that bytes that two interfaces logged count once' },
  { field: 'traffic-path', tells: 'how it left: internet gateway, peering, endpoint' },
  { field: 'reject-reason', tells: 'whether VPC block public access rejected it' },
];

/** All of them: what a new flow log of a VPC should have. */
export const RECOMMENDED_FORMAT = [...DEFAULT_FIELDS, ...usefulFields.map(({ field }) => field)]
  .map((field) => `\${${field}}`)
  .join(' ');

/** The names of a format's fields. */
export function fieldsOfFormat(format: string): readonly string[] {
  return Array.from(format.matchAll(/\$\{([^}]*)\}/g), ([, field = '']) => field);
}

/** Whether a format is AWS's default of VPCs. */
export function isDefaultFormat(format: string): boolean {
  return fieldsOfFormat(format).join(' ') === DEFAULT_FIELDS.join(' ');
}

/** Useful fields that a format lacks; none for transit gateways, which have other fields. */
export function missingFields(resource: string, format: string): readonly UsefulField[] {
  if (resource.startsWith('tgw-')) return [];
  const fields = new Set(fieldsOfFormat(format));
  return usefulFields.filter(({ field }) => !fields.has(field));
}
