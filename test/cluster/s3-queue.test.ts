// Flow logs in S3, followed by the notifications that S3 puts into a queue.
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import {
  type Fault,
  type FaultyProxy,
  type ProxiedRequest,
  expiredToken,
  internalError,
  startFaultyProxy,
} from './support/faulty-proxy.ts';
import { createBucket, putObject } from './support/flow-log-objects.ts';
import { type ReadSource, readSource } from './support/read-source.ts';
import {
  type Queue,
  createQueue,
  notifyQueue,
  queueLength,
  sendInEnvelope,
} from './support/s3-notifications.ts';

const folder = useTempFolder();
const PREFIX = 'AWSLogs/1/';

let account: AwsAccount;
let proxy: FaultyProxy;
let bucket: string;
let queue: Queue;
let files = 0;

beforeAll(async () => {
  const moto = await sharedMoto();
  proxy = await startFaultyProxy(moto);
  account = await newAccount(moto);
});
afterAll(async () => {
  account.close();
  await proxy.close();
});
beforeEach(async () => {
  bucket = await createBucket(account);
  // What is not deleted comes again after a second.
  queue = await createQueue(account, 1);
});

/** Rows that no other file has. */
const rows = (count: number): string => logFile(count, 1_529_452_800, ++files * 1000);
const put = async (name: string, body: string | Uint8Array): Promise<{ key: string; etag: string }> => {
  const key = `${PREFIX}${name}`;
  return { key, etag: await putObject(account, bucket, key, body) };
};
const send = async (body: unknown): Promise<void> => {
  const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
  await account.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
};
const created = (key: string, object: object = {}, eventName = 'ObjectCreated:Put'): object => ({
  eventSource: 'aws:s3',
  eventName,
  s3: {
    bucket: { name: bucket },
    object: { key: new URLSearchParams([[key, '']]).toString().slice(0, -1), ...object },
  },
});

async function follow(): Promise<ReadSource> {
  const source = await readSource({
    folder: folder.path,
    name: `s3://${bucket}/${PREFIX}`,
    environment: { ...account.env, AWS_ENDPOINT_URL: proxy.url },
    options: { sqs: queue.url },
  });
  onTestFinished(() => source.close());
  source.follow();
  return source;
}

const untilEmpty = async (): Promise<void> => {
  // Between its two counts a message may go from one to the other: then it is in neither.
  const looks = async (): Promise<readonly object[]> => [
    await queueLength(account, queue),
    await queueLength(account, queue),
  ];
  const nothing = { waiting: 0, hidden: 0 };
  await expect.poll(looks, { timeout: 90_000 }).toEqual([nothing, nothing]);
};
const quarantined = (source: ReadSource): Promise<readonly (readonly unknown[])[]> =>
  source.sql('SELECT input, reason FROM quarantine ORDER BY reason');
const ofObject =
  (key: string) =>
  ({ method, path }: ProxiedRequest): boolean =>
    method === 'GET' && path.includes(encodeURIComponent(key).replaceAll('%2F', '/'));
const receives = ({ action, body }: ProxiedRequest): boolean =>
  action === 'ReceiveMessage' && body.includes(queue.url);
const extensions = ({ action }: ProxiedRequest): boolean => action === 'ChangeMessageVisibilityBatch';
const denied: Fault = { kind: 'error', status: 403, code: 'AccessDenied' };

test('what is there, then what S3 tells of: the test event, keys with signs, several in a message', async () => {
  await put('before.log.gz', rows(10));
  await notifyQueue(account, bucket, queue);
  const source = await follow();
  await source.untilFlows(10);
  await put('a b+c %41.log.gz', rows(20));
  await putObject(account, bucket, 'elsewhere/x.log.gz', rows(999));
  await source.untilFlows(30);
  const more = [await put('one.log.gz', rows(3)), await put('two.log.gz', rows(4))];
  await send({ Records: more.map(({ key }) => created(key)) });
  await source.untilFlows(37);
  await untilEmpty();
  await expect
    .poll(() => source.status(), { timeout: 30_000 })
    .toMatchObject({ state: 'live', lag_seconds: 0, lag_objects: 0 });
  await source.stop();
  expect(await quarantined(source)).toEqual([]);
  expect(source.report()).toMatchObject({ failed_inputs: 0 });
});

test('in the envelopes of SNS and EventBridge, twice and in any order', async () => {
  const source = await follow();
  const objects = [];
  for (let i = 0; i < 12; i++) {
    const { key, etag } = await put(`a+b ${i}.log.gz`, rows(10));
    objects.push({ bucket, key, etag, size: 1000 });
  }
  for (const object of [...objects, ...objects.toReversed()]) {
    await sendInEnvelope(account, queue, 'sns', object);
    await sendInEnvelope(account, queue, 'eventbridge', object);
  }
  await source.untilFlows(120);
  await untilEmpty();
  await source.untilFlows(120);
});

test('what is of other events, buckets and prefixes is deleted without work', async () => {
  const source = await follow();
  const key = `${PREFIX}a.log.gz`;
  await send({ Records: [created(key, {}, 'ObjectRemoved:Delete')] });
  await send({ Records: [{ ...created(key), s3: { bucket: { name: 'other' }, object: { key } } }] });
  await send({ Records: [created('elsewhere/a.log.gz')] });
  await send({ Records: [created(`${PREFIX}folder/`, { size: 0 })] });
  await untilEmpty();
  await source.untilFlows(0);
  expect(await quarantined(source)).toEqual([]);
});

test('an old notification brings the object as it is now, and nothing twice', async () => {
  const source = await follow();
  const text = rows(10);
  const { key, etag } = await put('a.log.gz', text);
  await put('a.log.gz', `${text}${rows(5).split('\n').slice(1).join('\n')}`);
  await send({ Records: [created(key, { eTag: etag.replaceAll('"', ''), size: 100 })] });
  await source.untilFlows(15);
  await send({ Records: [created(key, { eTag: etag.replaceAll('"', ''), size: 100 })] });
  await untilEmpty();
  await source.untilFlows(15);
});

test('messages that are invalid, or whose object is missing or unreadable, are set aside with the reason and do not return', async () => {
  const source = await follow();
  const { key: gone } = await put('gone.log.gz', rows(1));
  await account.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: gone }));
  const { key: broken } = await put('broken.log.gz', Buffer.from('1f8b08000000000000ff', 'hex'));
  await send('hello');
  await send({ Records: [created(gone), created(broken)] });
  await untilEmpty();
  const reasons = await quarantined(source);
  const queueName = queue.url.split('/').at(-1) ?? '';
  expect(reasons.map(([input]) => String(input).split('/').slice(0, 3).join('/')).toSorted()).toEqual([
    `s3://${bucket}`,
    expect.stringMatching(`^sqs:${queueName}/`),
    expect.stringMatching(`^sqs:${queueName}/`),
  ]);
  const said = reasons.map(([, reason]) => String(reason)).join('\n');
  expect(said).toContain('not a JSON object. The message: hello');
  expect(said).toContain(`${gone} is gone`);
  // It goes on with others.
  const { key } = await put('good.log.gz', rows(7));
  await send({ Records: [created(key)] });
  await source.untilFlows(7);
});

test('a message whose object can’t be had is set aside after twenty receives, and its object waited for', async () => {
  const source = await follow();
  await source.untilFlows(0);
  const receivedBefore = proxy.count(receives);
  const { key } = await put('poison.log.gz', rows(10));
  const bad = proxy.provoke(ofObject(key), internalError);
  await send({ Records: [created(key)] });
  await untilEmpty();
  expect(proxy.count(receives) - receivedBefore).toBeGreaterThanOrEqual(20);
  const queueName = queue.url.split('/').at(-1) ?? '';
  expect(await quarantined(source)).toEqual([
    [
      expect.stringMatching(`^sqs:${queueName}/`) as string,
      expect.stringMatching(/could not be read.*InternalError.* The message: \{"Records"/s) as string,
    ],
  ]);
  const { key: good } = await put('good.log.gz', rows(7));
  await send({ Records: [created(good)] });
  await source.untilFlows(7);
  bad.end();
  await source.untilFlows(17);
});

test('a message stays hidden while its object takes long, and is deleted only once that is in', async () => {
  queue = await createQueue(account, 3);
  const source = await follow();
  await expect.poll(() => proxy.count(receives), { timeout: 30_000 }).toBeGreaterThan(0);
  const slow = proxy.provoke(ofObject('slow.log.gz'), { kind: 'delay', milliseconds: 8_000 }, 1);
  const extended = proxy.count(extensions);
  const { key } = await put('slow.log.gz', rows(10));
  await send({ Records: [created(key)] });
  await expect.poll(() => slow.hits(), { timeout: 30_000 }).toBe(1);
  // Each extension is for three seconds, and comes after half of them.
  await expect.poll(() => proxy.count(extensions) - extended, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(await queueLength(account, queue)).toEqual({ waiting: 0, hidden: 1 });
  await source.untilFlows(10);
  await untilEmpty();
  expect(proxy.count(ofObject(key))).toBe(1);
});

test('with faults of S3 and SQS, messages come again until all is in, once', async () => {
  const source = await follow();
  await source.untilFlows(0);
  const { key } = await put('a.log.gz', rows(10));
  const get = proxy.provoke(ofObject(key), internalError, 12);
  const cut = proxy.provoke(ofObject(key), { kind: 'cut', afterBytes: 50 }, 1);
  const receive = proxy.provoke(({ action }) => action === 'ReceiveMessage', internalError, 7);
  const remove = proxy.provoke(({ action }) => action === 'DeleteMessageBatch', internalError, 7);
  await send({ Records: [created(key)] });
  await source.untilFlows(10);
  await untilEmpty();
  await source.untilFlows(10);
  expect([get.hits(), cut.hits(), receive.hits(), remove.hits()]).toEqual([12, 1, 7, 7]);
});

test('without permission it waits, with what is missing, and goes on when it is given', async () => {
  const receive = proxy.provoke(({ action }) => action === 'ReceiveMessage', denied);
  const source = await follow();
  await expect
    .poll(() => source.status().last_error?.message, { timeout: 30_000 })
    .toContain('sqs:ReceiveMessage on the queue');
  receive.end();
  const expired = proxy.provoke(({ action }) => action === 'ReceiveMessage', expiredToken, 3);
  const { key } = await put('a.log.gz', rows(10));
  await send({ Records: [created(key)] });
  await source.untilFlows(10);
  await untilEmpty();
  expect(expired.hits()).toBe(3);
});

test('without --follow a queue is refused', async () => {
  const source = await readSource({
    folder: folder.path,
    name: `s3://${bucket}/`,
    environment: account.env,
    options: { sqs: queue.url },
  });
  onTestFinished(() => source.close());
  await expect(source.once()).rejects.toMatchObject({ code: 'usage' });
});
