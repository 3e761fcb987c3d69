import { momentSeconds } from '../value/moment.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** OCSF's class "Network Activity", in which Amazon Security Lake keeps flow logs. */
const NETWORK_ACTIVITY = 4001;

/** The columns of OCSF that hold something of a flow. */
export const ocsfColumns: readonly string[] =
  'class_uid metadata cloud src_endpoint dst_endpoint connection_info traffic time start_time end_time status_code action action_id disposition disposition_id activity_id unmapped'.split(
    ' ',
  );

/** Whether something is a record of OCSF that may be a flow. `has`: whether it has a name. */
export function isOcsf(has: (name: string) => boolean): boolean {
  return has('class_uid') && has('src_endpoint') && has('dst_endpoint');
}

/**
 * The flow that an OCSF record is, with AWS's names as keys; null if it is of another class. The versions 1.0.0-rc.2 (Security Lake, source version 1) and 1.1.0 (source version 2) are alike here.
 */
export function ocsfFlow(record: JsonObject): Readonly<Record<string, unknown>> | null {
  if (Number(record['class_uid']) !== NETWORK_ACTIVITY) return null;
  const cloud = objectOf(record['cloud']);
  const source = objectOf(record['src_endpoint']);
  const target = objectOf(record['dst_endpoint']);
  const connection = objectOf(record['connection_info']);
  const traffic = objectOf(record['traffic']);
  const unmapped = entriesOf(record['unmapped']);
  const direction = directionOf(connection);
  // Of the two ends the one that logged it has names.
  const [own, other] = direction === 'egress' ? [source, target] : [target, source];
  const ownOrOther = (key: string): unknown => present(own[key]) ?? present(other[key]);
  return {
    version: objectOf(objectOf(record['metadata'])['product'])['version'],
    'account-id': objectOf(cloud['account'])['uid'] ?? cloud['account_uid'],
    'interface-id': ownOrOther('interface_uid'),
    srcaddr: source['ip'],
    dstaddr: target['ip'],
    srcport: source['port'],
    dstport: target['port'],
    protocol: connection['protocol_num'],
    packets: traffic['packets'],
    bytes: traffic['bytes'],
    start: secondOf(record['start_time'] ?? record['start_time_dt'] ?? record['time']),
    end: secondOf(record['end_time'] ?? record['end_time_dt']),
    action: actionOf(record),
    'log-status': record['status_code'],
    'vpc-id': ownOrOther('vpc_uid'),
    'subnet-id': ownOrOther('subnet_uid'),
    'instance-id': ownOrOther('instance_uid'),
    'tcp-flags': connection['tcp_flags'],
    type: connection['protocol_ver'],
    region: cloud['region'],
    'az-id': cloud['zone'],
    'sublocation-type': unmapped['sublocation_type'],
    'sublocation-id': unmapped['sublocation_id'],
    'pkt-src-aws-service': source['svc_name'],
    'pkt-dst-aws-service': target['svc_name'],
    'flow-direction': direction,
    'traffic-path': /^\d$/.test(String(connection['boundary'])) ? connection['boundary'] : null,
  };
}

/** ACCEPT or REJECT, by whichever of its ways to say so the record has; something else as it is. */
function actionOf(record: JsonObject): unknown {
  const said = present(record['action']) ?? present(record['disposition']);
  const id = record['action_id'] ?? record['disposition_id'];
  switch (said ?? (id === null || id === undefined ? activityOf(record) : Number(id))) {
    case 'Allowed':
    case 'ACCEPT':
    case 1:
      return 'ACCEPT';
    case 'Denied':
    case 'Blocked':
    case 'REJECT':
    case 2:
      return 'REJECT';
    default:
      return said;
  }
}

/** Activity 5 is "Refuse", 6 is "Traffic". */
function activityOf(record: JsonObject): unknown {
  const id = Number(record['activity_id']);
  return id === 5 ? 'REJECT' : id === 6 ? 'ACCEPT' : null;
}

function directionOf(connection: JsonObject): string | null {
  switch (connection['direction'] ?? Number(connection['direction_id'])) {
    case 'Inbound':
    case 'ingress':
    case 1:
      return 'ingress';
    case 'Outbound':
    case 'egress':
    case 2:
      return 'egress';
    default:
      return null;
  }
}

/** Milliseconds, or a date, as Unix seconds; what is neither stays as it is. */
function secondOf(value: unknown): unknown {
  return momentSeconds(value) ?? value;
}

function present(value: unknown): unknown {
  return value === '' || value === '-' ? null : value;
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** `[["name", "value"], …]`, as Security Lake writes a map, or the object. */
function entriesOf(value: unknown): JsonObject {
  if (!Array.isArray(value)) return objectOf(value);
  const pairs = value.filter((pair): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2);
  return Object.fromEntries(pairs.map(([name, inner]) => [String(name), inner]));
}
