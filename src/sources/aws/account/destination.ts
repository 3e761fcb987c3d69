import type { FlowLog } from '@aws-sdk/client-ec2';

export interface Destination {
  readonly type: string;
  /** As in AccountFlowLog. */
  readonly destination: string;
  readonly source: string | null;
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
const BUCKET = /^arn:[a-z0-9-]+:s3:::([^/]+)(?:\/(.*))?$/s;
const GROUP = /^(arn:[a-z0-9-]+:logs:[a-z0-9-]+:\d{12}:log-group:([^:*]+))(?::\*)?$/;
const ROLE = /^arn:([a-z0-9-]+):iam::(\d{12}):/;

/**
 * Where a flow log writes to, and the source that reads it there. A log group is named by its name if it is in the region
 * that commands use by themselves, else by its ARN: groups of several regions often have one name.
 *
 * @param homeRegion the configured region; null: none is
 */
export function destinationOf(log: FlowLog, region: string, homeRegion: string | null): Destination {
  const type = log.LogDestinationType ?? 'cloud-watch-logs';
  const destination = log.LogDestination ?? log.LogGroupName ?? '';
  switch (type) {
    case 's3':
      return { type, destination, source: bucketSource(destination) };
    case 'cloud-watch-logs':
      return { type, destination, source: groupSource(log, destination, region, homeRegion) };
    default:
      return { type, destination, source: null };
  }
}

/** `s3://BUCKET/PREFIX/`: below it are the folders AWSLogs. With the slash, or it would take `PREFIX-2` too. */
function bucketSource(arn: string): string | null {
  const [, bucket, path = ''] = BUCKET.exec(arn) ?? [];
  if (bucket === undefined) return null;
  const prefix = path.replace(/^\/+|\/+$/g, '');
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}/`;
}

function groupSource(
  { LogGroupName, DeliverLogsPermissionArn = '' }: FlowLog,
  destination: string,
  region: string,
  homeRegion: string | null,
): string | null {
  const [, arn, nameInArn] = GROUP.exec(destination) ?? [];
  const name = nameInArn ?? LogGroupName;
  if (name === undefined || name === '') return null;
  if (region === homeRegion) return `cloudwatch:${name}`;
  if (arn !== undefined) return `cloudwatch:${arn}`;
  // The role that writes is of the account that the group is in.
  const [, partition, account] = ROLE.exec(DeliverLogsPermissionArn) ?? [];
  return account === undefined
    ? `cloudwatch:${name}`
    : `cloudwatch:arn:${partition}:logs:${region}:${account}:log-group:${name}`;
}
