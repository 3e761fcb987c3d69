import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { DescribeFlowLogsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import {
  type FaultyProxy,
  type ProxiedRequest,
  expiredToken,
  internalError,
  slowDown,
  startFaultyProxy,
} from './support/faulty-proxy.ts';
import { createBucket, putObject } from './support/flow-log-objects.ts';
import { createQueue, takeMessages } from './support/s3-notifications.ts';

let proxy: FaultyProxy;
let account: AwsAccount;
let bucket: string;
const body = Buffer.alloc(5_000, 'x');

beforeAll(async () => {
  const moto = await sharedMoto();
  proxy = await startFaultyProxy(moto);
  account = await newAccount(moto, { through: proxy.url });
  bucket = await createBucket(account);
});
afterAll(async () => {
  account.close();
  await proxy.close();
});

const get = (Key: string): Promise<GetObjectCommandOutput> =>
  account.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
const bytesOf = async (key: string): Promise<number> =>
  ((await (await get(key)).Body?.transformToByteArray()) ?? []).length;
const reading =
  (key: string) =>
  ({ method, path }: ProxiedRequest): boolean =>
    method === 'GET' && path.includes(key);

test.each([
  ['slow', slowDown],
  ['broken', internalError],
])('a client tries again where the service is %s', async (key, fault) => {
  await putObject(account, bucket, key, body);
  const provoked = proxy.provoke(reading(key), fault, 1);
  expect(await bytesOf(key)).toBe(5_000);
  expect(provoked.hits()).toBe(1);
  expect(proxy.count(reading(key))).toBe(2);
});

test('errors have the form of each service, and stop when switched off', async () => {
  const queue = await createQueue(account);
  const provoked = proxy.provoke(() => true, expiredToken);
  await expect(get('any')).rejects.toMatchObject({
    name: 'ExpiredToken',
    $metadata: { httpStatusCode: 400 },
  });
  await expect(takeMessages(account, queue)).rejects.toMatchObject({ name: 'ExpiredToken' });
  await expect(account.ec2.send(new DescribeFlowLogsCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
  });
  expect(provoked.hits()).toBeGreaterThanOrEqual(3);
  expect(proxy.count(({ action }) => action === 'DescribeFlowLogs')).toBeGreaterThan(0);
  expect(proxy.count(({ action }) => action === 'ReceiveMessage')).toBeGreaterThan(0);
  provoked.end();
  expect(await takeMessages(account, queue)).toEqual([]);
});

test('a connection is cut in the middle of a body', async () => {
  await putObject(account, bucket, 'cut', body);
  const provoked = proxy.provoke(reading('cut'), { kind: 'cut', afterBytes: 1_000 }, 1);
  await expect(bytesOf('cut')).rejects.toThrow();
  expect(provoked.hits()).toBe(1);
  expect(await bytesOf('cut')).toBe(5_000);
});

test('an answer comes later', async () => {
  await putObject(account, bucket, 'late', body);
  proxy.provoke(reading('late'), { kind: 'delay', milliseconds: 300 }, 1);
  const began = performance.now();
  expect(await bytesOf('late')).toBe(5_000);
  expect(performance.now() - began).toBeGreaterThanOrEqual(299);
});
