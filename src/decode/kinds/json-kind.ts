/** Kinds of JSON, by keys that all have to be there. */
const KINDS: readonly (readonly [kind: string, keys: readonly string[]])[] = [
  ['a CloudTrail log', ['eventVersion', 'eventSource', 'eventName', 'awsRegion', 'userIdentity']],
  ['a CloudTrail log', ['eventVersion', 'eventSource', 'eventName', 'requestParameters']],
  ['a CloudTrail digest', ['digestS3Object', 'logFiles']],
  ['a notification of S3', ['eventSource', 's3']],
  ["S3's test event", ['Service', 'Event', 'Bucket']],
  ['a Route 53 Resolver query log', ['query_name', 'query_type', 'rcode']],
  ['a WAF log', ['webaclId', 'httpRequest']],
  ['a Network Firewall log', ['firewall_name', 'event']],
  ['a GuardDuty finding', ['schemaVersion', 'accountId', 'service', 'severity']],
  ['a finding of Security Hub', ['SchemaVersion', 'ProductArn', 'GeneratorId']],
  ['a snapshot of AWS Config', ['fileVersion', 'configurationItems']],
  ["AWS's list of address ranges", ['syncToken', 'prefixes']],
  ["EC2's list of interfaces (peephole inventory import takes it)", ['NetworkInterfaces']],
  ["EC2's list of instances (peephole inventory import takes it)", ['Reservations']],
  ['a Google Cloud flow log', ['jsonPayload', 'logName']],
  ['an Azure flow log', ['category', 'flowLogVersion']],
  ['an Azure flow log', ['category', 'operationName', 'properties']],
  ['an OCSF log of another class', ['class_uid', 'category_uid', 'metadata']],
];

/** Whether an object is of a kind that has names of ours in it as well, such as `srcaddr` or `event`. */
export function isMisleading(object: Readonly<Record<string, unknown>>): boolean {
  return 'query_name' in object || 'firewall_name' in object || 'httpRequest' in object;
}

/** What an object is that is no flow-log record, in words that follow "This is"; null if nobody can tell. */
export function jsonKind(object: Readonly<Record<string, unknown>>): string | null {
  const kind = KINDS.find(([, keys]) => keys.every((key) => Object.hasOwn(object, key)));
  return kind?.[0] ?? null;
}
