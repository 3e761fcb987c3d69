// The emulator does what the tests of following AWS rely on.
import { gunzipSync } from 'node:zlib';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeFlowLogsCommand } from '@aws-sdk/client-ec2';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logFile, logLine } from '../support/log-lines.ts';
import { startMoto } from './servers/moto.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import { createBucket, putFlowLog, putObject } from './support/flow-log-objects.ts';
import { createLogGroup, putLogEvents } from './support/log-groups.ts';
import {
  createQueue,
  notifyQueue,
  queueLength,
  sendInEnvelope,
  takeMessages,
} from './support/s3-notifications.ts';
import { createFlowLog, createVpc } from './support/vpc-flow-logs.ts';

let account: AwsAccount;

beforeAll(async () => {
  account = await newAccount(await sharedMoto());
});
afterAll(() => account.close());

test('S3 gives objects back, and lists them in pages, from a key on', async () => {
  const bucket = await createBucket(account);
  const time = new Date('2018-06-20T01:05:00Z');
  const plain = await putFlowLog(account, { bucket, time, body: logFile(3) });
  const hive = await putFlowLog(account, { bucket, time, body: 'x', layout: { hive: true, hourly: true } });
  expect(plain).toMatch(
    new RegExp(
      `^AWSLogs/${account.id}/vpcflowlogs/us-east-1/2018/06/20/${account.id}_vpcflowlogs_us-east-1_fl-[0-9a-f]{17}_20180620T0105Z_[0-9a-f]{8}\\.log\\.gz$`,
    ),
  );
  expect(hive).toContain('/year=2018/month=06/day=20/hour=01/');
  const { Body } = await account.s3.send(new GetObjectCommand({ Bucket: bucket, Key: plain }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  expect(gunzipSync(bytes).toString()).toBe(logFile(3));

  const list = async (more: object): Promise<[(string | undefined)[], string | undefined]> => {
    const { Contents = [], NextContinuationToken } = await account.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, ...more }),
    );
    return [Contents.map(({ Key }) => Key), NextContinuationToken];
  };
  const [first, token] = await list({ MaxKeys: 1 });
  const [second, end] = await list({ MaxKeys: 1, ContinuationToken: token });
  expect([...first, ...second]).toEqual([plain, hive].toSorted());
  expect(end).toBeUndefined();
  expect(await list({ StartAfter: first[0] })).toEqual([second, undefined]);
});

test('S3 tells a queue of new objects: a test event first, then keys encoded as in forms', async () => {
  const bucket = await createBucket(account);
  const queue = await createQueue(account);
  await notifyQueue(account, bucket, queue, 'AWSLogs/');
  const key = 'AWSLogs/a b+c.log';
  const etag = await putObject(account, bucket, key, 'x');
  await putObject(account, bucket, 'elsewhere/d.log', 'x');
  await expect.poll(() => queueLength(account, queue)).toEqual({ waiting: 2, hidden: 0 });
  const [hello, told] = await takeMessages(account, queue);
  expect(hello).toMatchObject({ Event: 's3:TestEvent', Bucket: bucket });
  expect(hello).not.toHaveProperty('Records');
  expect(told).toMatchObject({
    Records: [
      { s3: { bucket: { name: bucket }, object: { key: 'AWSLogs%2Fa+b%2Bc.log', eTag: etag.slice(1, -1) } } },
    ],
  });

  const object = { bucket, key, etag, size: 21 };
  await sendInEnvelope(account, queue, 'sns', object);
  await sendInEnvelope(account, queue, 'eventbridge', object);
  const [sns, bridge] = await takeMessages(account, queue);
  expect(JSON.parse(String(sns?.['Message']))).toMatchObject({
    Records: [{ s3: { bucket: { name: bucket }, object: { key: 'AWSLogs%2Fa+b%2Bc.log' } } }],
  });
  expect(bridge).toMatchObject({ detail: { bucket: { name: bucket }, object: { key } } });
});

test('CloudWatch Logs gives the events of a span of time, in pages, each with its id', async () => {
  const group = await createLogGroup(account);
  const start = Date.now() - 3_600_000;
  const events = Array.from({ length: 5 }, (_, i) => ({
    timestamp: start + 1000 * i,
    message: logLine({ srcport: 1000 + i }),
  }));
  await putLogEvents(account, group, 'eni-1-all', events.slice(0, 3));
  await putLogEvents(account, group, 'eni-2-all', events.slice(3));
  const found: { message: string | undefined; eventId: string | undefined }[] = [];
  let nextToken: string | undefined;
  do {
    const page = await account.logs.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        startTime: start + 1000,
        endTime: start + 4000,
        limit: 2,
        nextToken,
      }),
    );
    for (const { message, eventId } of page.events ?? []) found.push({ message, eventId });
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  expect(found.map(({ message }) => message)).toEqual(events.slice(1).map(({ message }) => message));
  expect(new Set(found.map(({ eventId }) => eventId)).size).toBe(4);
});

test('EC2 describes flow logs with their formats and destinations', async () => {
  const bucket = await createBucket(account);
  const group = await createLogGroup(account);
  const { vpcId, subnetId } = await createVpc(account);
  const format = '${version} ${vpc-id} ${srcaddr} ${dstaddr} ${tcp-flags}';
  const streamArn = `arn:aws:firehose:us-east-1:${account.id}:deliverystream/flows`;
  const toS3 = await createFlowLog(account, { vpcId }, { kind: 's3', bucket }, format);
  const toLogs = await createFlowLog(account, { subnetId }, { kind: 'cloudwatch', logGroup: group });
  const toFirehose = await createFlowLog(account, { vpcId }, { kind: 'firehose', streamArn });
  const { FlowLogs = [] } = await account.ec2.send(new DescribeFlowLogsCommand({}));
  expect(FlowLogs).toHaveLength(3);
  const byId = new Map(FlowLogs.map((log) => [log.FlowLogId, log]));
  expect(byId.get(toS3)).toMatchObject({
    ResourceId: vpcId,
    LogFormat: format,
    LogDestinationType: 's3',
    LogDestination: `arn:aws:s3:::${bucket}`,
  });
  expect(byId.get(toLogs)).toMatchObject({
    ResourceId: subnetId,
    LogDestinationType: 'cloud-watch-logs',
    LogGroupName: group,
  });
  expect(byId.get(toLogs)?.LogFormat).toContain('${interface-id} ${srcaddr}');
  expect(byId.get(toFirehose)).toMatchObject({
    LogDestinationType: 'kinesis-data-firehose',
    LogDestination: streamArn,
  });
});

test('accounts do not see each other, and one that a test starts itself can be reset', async () => {
  const other = await newAccount(await sharedMoto(), { region: 'eu-west-1' });
  expect((await other.ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs).toEqual([]);
  other.close();

  const own = await startMoto();
  const within = await newAccount(own);
  try {
    const { vpcId } = await createVpc(within);
    await createFlowLog(within, { vpcId }, { kind: 's3', bucket: await createBucket(within) });
    const count = async (): Promise<number | undefined> =>
      (await within.ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs?.length;
    expect(await count()).toBe(1);
    await own.reset();
    expect(await count()).toBe(0);
  } finally {
    within.close();
    await own.stop();
  }
  await expect(fetch(own.url)).rejects.toThrow('fetch failed');
});
