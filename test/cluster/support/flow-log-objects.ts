import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { AwsAccount } from './aws-account.ts';

/** Makes a bucket whose name nobody else has. */
export async function createBucket({ s3, region }: AwsAccount): Promise<string> {
  const name = `flow-logs-${randomBytes(6).toString('hex')}`;
  await s3.send(
    new CreateBucketCommand({
      Bucket: name,
      ...(region === 'us-east-1'
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } }),
    }),
  );
  return name;
}

export interface FlowLogObject {
  readonly bucket: string;
  /** When the object's aggregation ends: its folder and its name say it, to the minute. */
  readonly time: Date;
  /** Text is gzipped; bytes go in as they are. */
  readonly body: string | Uint8Array;
  /** Before `AWSLogs/`, with a `/` at its end. */
  readonly prefix?: string;
  readonly flowLogId?: string;
  readonly layout?: KeyLayout;
  readonly extension?: '.log.gz' | '.log.parquet';
}

/** How folders are named; `hourly` ones have one more. */
interface KeyLayout {
  readonly hive?: boolean;
  readonly hourly?: boolean;
}

/** Puts an object where flow logs would, under a name of its own; gives its key. */
export async function putFlowLog(account: AwsAccount, object: FlowLogObject): Promise<string> {
  const key = flowLogKey(account, object);
  await putObject(account, object.bucket, key, object.body);
  return key;
}

/** Puts an object at any key. Text is gzipped; bytes go in as they are. Gives its ETag. */
export async function putObject(
  { s3 }: AwsAccount,
  bucket: string,
  key: string,
  body: string | Uint8Array,
): Promise<string> {
  const bytes = typeof body === 'string' ? gzipSync(body) : body;
  const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  return ETag;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html */
function flowLogKey(
  { id, region }: Pick<AwsAccount, 'id' | 'region'>,
  {
    time,
    prefix = '',
    flowLogId = 'fl-0123456789abcdef0',
    layout: { hive = false, hourly = false } = {},
    extension = '.log.gz',
  }: Omit<FlowLogObject, 'bucket' | 'body'>,
): string {
  const [, year = '', month = '', day = '', hour = '', minute = ''] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(time.toISOString()) ?? [];
  const folders = hive
    ? [
        `aws-account-id=${id}`,
        'aws-service=vpcflowlogs',
        `aws-region=${region}`,
        `year=${year}`,
        `month=${month}`,
        `day=${day}`,
        ...(hourly ? [`hour=${hour}`] : []),
      ]
    : [id, 'vpcflowlogs', region, year, month, day, ...(hourly ? [hour] : [])];
  const stamp = `${year}${month}${day}T${hour}${minute}Z`;
  const name = `${id}_vpcflowlogs_${region}_${flowLogId}_${stamp}_${randomBytes(4).toString('hex')}`;
  return `${prefix}AWSLogs/${folders.join('/')}/${name}${extension}`;
}
