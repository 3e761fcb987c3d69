import { momentSeconds } from '../value/moment.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** OCSF's class "Network Activity", in which Amazon Security Lake keeps flow logs. */
const NETWORK_ACTIVITY = 4001;

/** The columns of OCSF that hold something of a flow. */
export const ocsfColumns: readonly string[] =
  'class_uid metadata cloud src_endpoint dst_endpoint connection_info traffic time time_dt start_time start_time_dt end_time end_time_dt status_code action action_id disposition disposition_id activity_id activity_name unmapped'.split(
    ' ',
  );

/** Whether something is a record of OCSF that may be a flow. `has`: whether it has a name. */
export function isOcsf(has: (name: string) => boolean): boolean {
  return has('class_uid') && has('src_endpoint') && has('dst_endpoint');
}

/**
 * The flow that an OCSF record is, with AWS's names as keys; null if it is of another class.
 *
 * Versions differ in: the account (`cloud.account_uid` in 1.0.0-rc.2, which Security Lake's source version 1 has, later
 * `cloud.account.uid`); the action (`disposition` at first, `action` since 1.1, by name or number); times (milliseconds, and
 * `…_dt` with the profile datetime, alone since 1.5); `unmapped` (an object, or a map). How AWS maps a flow log:
 * https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS
 */
export function ocsfFlow(record: JsonObject): Readonly<Record<string, unknown>> | null {
  if (Number(record['class_uid']) !== NETWORK_ACTIVITY) return null;
  const cloud = objectOf(record['cloud']);
  const source = objectOf(record['src_endpoint']);
  const target = objectOf(record['dst_endpoint']);
  const connection = objectOf(record['connection_info']);
  const traffic = objectOf(record['traffic']);
  const direction = directionOf(connection);
  // Of the two ends the one that logged it has names.
  const [own, other] = direction === 'egress' ? [source, target] : [target, source];
  const ownOrOther = (key: string): unknown => present(own[key]) ?? present(other[key]);
  const fields = {
    version: objectOf(objectOf(record['metadata'])['product'])['version'],
    'account-id': objectOf(cloud['account'])['uid'] ?? cloud['account_uid'],
    'interface-id': ownOrOther('interface_uid'),
    ...addressesOf(source, 'srcaddr'),
    ...addressesOf(target, 'dstaddr'),
    srcport: source['port'],
    dstport: target['port'],
    protocol: connection['protocol_num'],
    packets: traffic['packets'],
    bytes: traffic['bytes'],
    start: secondOf(firstOf(record, ['start_time', 'start_time_dt', 'time', 'time_dt'])),
    end: secondOf(firstOf(record, ['end_time', 'end_time_dt'])),
    action: actionOf(record),
    'log-status': record['status_code'],
    'vpc-id': ownOrOther('vpc_uid'),
    'subnet-id': ownOrOther('subnet_uid'),
    'instance-id': ownOrOther('instance_uid'),
    'tcp-flags': connection['tcp_flags'],
    type: present(connection['protocol_ver']) ?? versionOf(connection['protocol_ver_id']),
    region: cloud['region'],
    'az-id': cloud['zone'],
    'pkt-src-aws-service': source['svc_name'],
    'pkt-dst-aws-service': target['svc_name'],
    'flow-direction': direction,
    'traffic-path': pathOf(connection),
  };
  // What OCSF has no place for stands there under AWS's own names.
  const others = Object.entries(entriesOf(record['unmapped'])).filter(
    ([name]) => !(name.replaceAll('_', '-') in fields),
  );
  return { ...fields, ...Object.fromEntries(others) };
}

/** Where the interface's address and the packet's are two, the first is the intermediate one. */
function addressesOf(endpoint: JsonObject, field: 'srcaddr' | 'dstaddr'): Readonly<Record<string, unknown>> {
  const between: unknown = endpoint['intermediate_ips'];
  const first: unknown = Array.isArray(between) ? present(between[0]) : null;
  const ip = endpoint['ip'];
  return (first ?? null) === null ? { [field]: ip } : { [field]: first, [`pkt-${field}`]: ip };
}

/** ACCEPT or REJECT, by the first of its ways to say so that does; else what the record says, `-` for nothing. */
function actionOf(record: JsonObject): unknown {
  for (const [name, id] of [
    ['action', 'action_id'],
    ['disposition', 'disposition_id'],
  ] as const) {
    for (const said of [record[name], record[id]]) {
      const action = actions.get(String(said));
      // What stands for something else as an action is something else as a disposition.
      if (action !== undefined && (typeof said === 'string' || name === 'disposition' || Number(said) <= 2))
        return action;
    }
  }
  const said = present(record['action']) ?? present(record['disposition']);
  return activities.get(String(record['activity_id'] ?? record['activity_name'])) ?? said;
}

/**
 * Names and numbers of actions and dispositions: the first two numbers are the same in both.
 * https://schema.ocsf.io/1.3.0/classes/network_activity
 */
const actions: ReadonlyMap<string, 'ACCEPT' | 'REJECT'> = new Map(
  (
    [
      ['ACCEPT', ['Allowed', 'ACCEPT', '1']],
      ['REJECT', ['Denied', 'Blocked', 'Dropped', 'Reset', 'Rejected', 'REJECT', '2', '6', '21', '25']],
    ] as const
  ).flatMap(([action, names]) => names.map((name) => [name, action] as const)),
);

const activities: ReadonlyMap<string, 'ACCEPT' | 'REJECT'> = new Map([
  ['5', 'REJECT'],
  ['Refuse', 'REJECT'],
  ['6', 'ACCEPT'],
  ['Traffic', 'ACCEPT'],
]);

function directionOf(connection: JsonObject): string | null {
  switch (present(connection['direction']) ?? Number(connection['direction_id'])) {
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

/** The traffic path: AWS's own number as it was at first, or one of the boundaries 4 to 11, which are AWS's paths 1 to 8. */
function pathOf(connection: JsonObject): unknown {
  const boundary = connection['boundary'];
  if (/^\d$/.test(String(boundary))) return boundary;
  const id = Number(connection['boundary_id']);
  return Number.isInteger(id) && id >= 4 && id <= 11 ? id - 3 : null;
}

function versionOf(id: unknown): string | null {
  return id === 4 || id === 6 ? `IPv${id}` : null;
}

function firstOf(record: JsonObject, names: readonly string[]): unknown {
  return names.map((name) => present(record[name])).find((value) => value !== null && value !== undefined);
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
