import { fieldNamed } from '../../model/catalog/fields.ts';
import { lineText, type LineText } from './line-text.ts';

/** AWS's names of its services in `pkt-src-aws-service` and `pkt-dst-aws-service`; longer ones first. */
const SERVICES =
  'ROUTE53_HEALTHCHECKS_PUBLISHING ROUTE53_HEALTHCHECKS ROUTE53_RESOLVER ROUTE53 AMAZON_APPFLOW AMAZON_CONNECT AMAZON API_GATEWAY CHIME_MEETINGS CHIME_VOICECONNECTOR CLOUD9 CLOUDFRONT CODEBUILD DYNAMODB EBS EC2_INSTANCE_CONNECT EC2 GLOBALACCELERATOR KINESIS_VIDEO_STREAMS S3 WORKSPACES_GATEWAYS'.split(
    ' ',
  );

/** What matches between two joined records of a layout, and takes nothing but blanks. */
interface Joint {
  readonly pattern: RegExp;
  /** What a record of the layout begins with. */
  readonly start: RegExp;
  /** Whether a match can be nothing else; where fields may hold any text, only the number of fields tells. */
  readonly sure: boolean;
}

const joints = new Map<string, Joint | null>();
const MAX_JOINTS = 64;

/**
 * Cuts a line that holds several records of a layout, one after another without a line feed, as Firehose joins the
 * messages of CloudWatch (`… ACCEPT OK2 1234…`) and `aws logs … --output text` joins them with tabs. Null if there is
 * nothing to cut, or the layout ends with a field of which nobody can tell where it ends.
 */
export function cutJoined(line: LineText, layout: readonly string[]): readonly LineText[] | null {
  if (line.words.length <= layout.length) return null;
  const joint = jointOf(layout);
  if (joint === null) return null;
  const pieces = line.text.split(joint.pattern).map(lineText);
  if (pieces.length < 2) return null;
  const isWhole = ({ words, stamp }: LineText): boolean => (stamp?.words ?? words).length === layout.length;
  const isRecord = (piece: LineText): boolean => isWhole(piece) && joint.start.test(piece.text);
  return (joint.sure ? pieces.some(isRecord) : pieces.every(isWhole)) ? pieces : null;
}

/** The joint of a layout whose records can be distinguished however they are joined; null if they can't. */
export function sureJoint(layout: readonly string[]): RegExp | null {
  const joint = jointOf(layout);
  return joint?.sure === true ? joint.pattern : null;
}

function jointOf(layout: readonly string[]): Joint | null {
  const key = layout.join(' ');
  let joint = joints.get(key);
  if (joint === undefined) {
    joint = compile(layout);
    if (joints.size >= MAX_JOINTS) joints.clear();
    joints.set(key, joint);
  }
  return joint;
}

function compile(layout: readonly string[]): Joint | null {
  const [first, second] = layout;
  const last = ending(layout.at(-1)!);
  if (layout.length < 4 || last === null) return null;
  const next = layout.slice(0, 3).map(beginning).join('[ \\t]+');
  const sure = first === 'version' && (second === 'account-id' || second === 'resource-type');
  return {
    sure,
    start: new RegExp(`^${next}[ \\t]`),
    pattern: new RegExp(`(?<=[ \\t](?:${last}))${sure ? '[ \\t]*' : ''}(?=${next}[ \\t])`, 'g'),
  };
}

/** A value at a record's end that something may stick to; null if its end can't be known. */
function ending(name: string): string | null {
  const field = fieldNamed(name);
  if (field === undefined) return null;
  if (field.values !== null) return [...field.values, '-'].join('|');
  if (field.type === 'time') return String.raw`\d{10}|-`;
  const known = ENDINGS[field.aws];
  if (known !== undefined) return `${known}|-`;
  return /-(?:id|eni)$/.test(field.aws) && field.type === 'text' ? `${RESOURCE_ID}|-` : null;
}

/** `vpc-0123456789abcdef0`, or the shorter kind. */
const RESOURCE_ID = '[a-z]+(?:-attach)?-(?:[0-9a-f]{17}|[0-9a-f]{8})';
const ACCOUNT = String.raw`\d{12}`;
const ZONE = String.raw`[a-z]+\d-az\d`;

/** What fields of one form may hold, so that it is clear where they end. */
const ENDINGS: Readonly<Record<string, string>> = {
  'account-id': ACCOUNT,
  'tgw-src-vpc-account-id': ACCOUNT,
  'tgw-dst-vpc-account-id': ACCOUNT,
  region: String.raw`[a-z]{2}(?:-[a-z]+)+-\d`,
  'az-id': ZONE,
  'tgw-src-az-id': ZONE,
  'tgw-dst-az-id': ZONE,
  'next-hop-az-id': ZONE,
  type: 'IPv4|IPv6|EFA',
  'flow-direction': 'ingress|egress',
  'traffic-path': '[1-8]',
  'reject-reason': 'BPA|EC',
  'encryption-status': '[0-3]',
  'sublocation-type': 'wavelength|outpost|localzone',
  'pkt-src-aws-service': SERVICES.join('|'),
  'pkt-dst-aws-service': SERVICES.join('|'),
};

/** A value at a record's beginning, of which a longer word is no part. */
function beginning(name: string): string {
  const field = fieldNamed(name);
  switch (field?.type) {
    case 'integer':
      return field.aws === 'version' ? String.raw`\d{1,2}` : String.raw`(?:\d{1,10}|-)`;
    case 'counter':
    case 'time':
      return String.raw`(?:\d{1,19}|-)`;
    case 'address':
      return String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]{0,4}(?::[\da-fA-F]{0,4}){2,7}|-)`;
    case 'text':
    case undefined:
      if (field?.aws === 'account-id') return String.raw`(?:\d{12}|unknown)`;
      if (field?.aws === 'resource-type') return '(?:TransitGateway[A-Za-z]*|-)';
      if (field?.aws === 'interface-id') return String.raw`(?:eni-\w+|-)`;
      return String.raw`[^ \t]+`;
  }
}
