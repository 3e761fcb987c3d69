// What buckets may ask of whoever reads them: a role, another region, payment, a restore from an archive, new credentials.
import { writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, RestoreObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { SourceOptions } from '../../src/sources/source.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import {
  type FaultyProxy,
  type ProxiedRequest,
  expiredToken,
  startFaultyProxy,
} from './support/faulty-proxy.ts';
import { createBucket, putObject } from './support/flow-log-objects.ts';
import { type ReadSource, readSource } from './support/read-source.ts';
import { createQueue, notifyQueue } from './support/s3-notifications.ts';

const folder = useTempFolder();
let account: AwsAccount;
let proxy: FaultyProxy;
let bucket: string;
let files = 0;

beforeAll(async () => {
  account = await newAccount(await sharedMoto());
});
afterAll(() => account.close());
beforeEach(async () => {
  proxy = await startFaultyProxy(await sharedMoto());
  bucket = await createBucket(account);
});

const rows = (count: number): string => logFile(count, 1_529_452_800, ++files * 1000);
const put = (key: string, count: number): Promise<string> => putObject(account, bucket, key, rows(count));

async function open(
  options: Partial<SourceOptions> = {},
  environment: Readonly<Record<string, string>> = account.env,
): Promise<ReadSource> {
  const source = await readSource({
    folder: folder.path,
    name: `s3://${bucket}/`,
    environment: { ...environment, AWS_ENDPOINT_URL: proxy.url, PEEPHOLE_POLL_SECONDS: '0.2' },
    options,
  });
  onTestFinished(async () => {
    await source.close();
    await proxy.close();
  });
  return source;
}

const isS3 = ({ path }: ProxiedRequest): boolean => path.startsWith(`/${bucket}`);
const keyOf = ({ headers }: ProxiedRequest): string =>
  /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1] ?? '';
const regionOf = ({ headers }: ProxiedRequest): string =>
  /Credential=\w+\/\d+\/([\w-]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
/** The requests that a proxy passes on from now on. */
function watch(match: (request: ProxiedRequest) => boolean): readonly ProxiedRequest[] {
  const seen: ProxiedRequest[] = [];
  proxy.provoke(
    (request) => {
      if (match(request)) seen.push(request);
      return false;
    },
    { kind: 'delay', milliseconds: 0 },
  );
  return seen;
}

describe('a role', () => {
  const roleArn = 'arn:aws:iam::123456789012:role/reads-logs';

  test('is assumed with the external id, and again when its credentials expire while it is followed', async () => {
    const asked = watch(({ body }) => body.includes('Action=AssumeRole'));
    const reads = watch(isS3);
    await put('a.log.gz', 10);
    // The role is of the bucket's account.
    const source = await open({
      roleArn: roleArn.replace('123456789012', account.id),
      externalId: 'for peephole & us',
    });
    source.follow();
    await source.untilFlows(10);
    const [{ body }] = asked as [ProxiedRequest];
    const fields = new URLSearchParams(body);
    expect(fields.get('ExternalId')).toBe('for peephole & us');
    expect(fields.get('RoleArn')).toBe(roleArn.replace('123456789012', account.id));
    expect(fields.get('RoleSessionName')).toBe('peephole');
    const keys = new Set(reads.map(keyOf));
    expect([...keys]).not.toContain(account.env['AWS_ACCESS_KEY_ID']);
    expect(keys.size).toBe(1);
    const expired = proxy.provoke((request) => isS3(request) && keys.has(keyOf(request)), expiredToken);
    await put('b.log.gz', 20);
    await source.untilFlows(30);
    expect(expired.hits()).toBeGreaterThan(0);
    expect(asked.length).toBeGreaterThan(1);
    expect(source.status()).toMatchObject({ last_error: { code: 'source_failed' } });
  });

  test('that may not be assumed is refused, with what its trust policy needs', async () => {
    proxy.provoke(({ body }) => body.includes('Action=AssumeRole'), {
      kind: 'error',
      status: 403,
      code: 'AccessDenied',
    });
    const source = await open({ roleArn, externalId: 'x' });
    await expect(source.once()).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringMatching(
        new RegExp(`The role ${roleArn} could not be assumed.*sts:AssumeRole.*with this external id`, 's'),
      ) as string,
    });
  });
});

test('credentials of a profile that expire are read again from its file, while the source is followed', async () => {
  const file = join(folder.path, 'credentials');
  const write = (of: AwsAccount): Promise<void> =>
    writeFile(
      file,
      `[default]\naws_access_key_id = ${of.env['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = ${of.env['AWS_SECRET_ACCESS_KEY']}\naws_session_token = ${of.env['AWS_SESSION_TOKEN']}\n`,
    );
  await write(account);
  await put('a.log.gz', 10);
  const { AWS_REGION = '' } = account.env;
  const source = await open(
    {},
    {
      AWS_REGION,
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONFIG_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  );
  source.follow();
  await source.untilFlows(10);
  const old = account.env['AWS_ACCESS_KEY_ID'];
  const expired = proxy.provoke((request) => isS3(request) && keyOf(request) === old, expiredToken);
  await expect
    .poll(() => source.status(), { timeout: 30_000 })
    .toMatchObject({
      state: 'waiting',
      last_error: { message: expect.stringContaining('expired') as string },
    });
  // Another key of the same account.
  const again = await newAccount(await sharedMoto(), { id: account.id });
  onTestFinished(() => again.close());
  await put('b.log.gz', 20);
  await write(again);
  await source.untilFlows(30);
  expect(expired.hits()).toBeGreaterThan(0);
});

test.each(['us-east-1', null])(
  'a bucket in another region is found there by itself, from the region %s',
  async (region) => {
    await put('a b.log.gz', 10);
    const elsewhere = 'eu-central-1';
    const redirect = proxy.provoke((request) => isS3(request) && regionOf(request) !== elsewhere, {
      kind: 'error',
      status: 301,
      code: 'PermanentRedirect',
      headers: { 'x-amz-bucket-region': elsewhere },
    });
    const reads = watch((request) => isS3(request) && regionOf(request) === elsewhere);
    const { AWS_REGION: _, ...env } = account.env;
    const source = await open({ region }, env);
    expect(await source.once()).toMatchObject({ flows: 10, failed_inputs: 0 });
    expect(redirect.hits()).toBeGreaterThan(0);
    expect(reads.length).toBeGreaterThan(1);
  },
);

test('whoever reads pays, and says so with every request: listings, objects, their heads, and the rest after a cut', async () => {
  await putObject(account, bucket, 'a.log.gz', logFile(60_000));
  const queue = await createQueue(account, 1);
  await notifyQueue(account, bucket, queue);
  const reads = watch(isS3);
  const cut = proxy.provoke(
    ({ path, method }) => method === 'GET' && path.includes('a.log.gz'),
    {
      kind: 'cut',
      afterBytes: 100_000,
    },
    1,
  );
  const source = await open({ requesterPays: true, sqs: queue.url });
  source.follow();
  await source.untilFlows(60_000);
  // One that fails is looked at before it is asked for again.
  proxy.provoke(
    ({ path, method }) => method === 'GET' && path.includes('b.log.gz'),
    {
      kind: 'error',
      status: 500,
      code: 'InternalError',
    },
    6,
  );
  await put('b.log.gz', 7);
  await source.untilFlows(60_007);
  expect(cut.hits()).toBe(1);
  const kinds = new Set(
    reads.map(({ method, path, headers }) =>
      method === 'HEAD'
        ? 'head'
        : path.includes('list-type')
          ? 'list'
          : headers.range === undefined
            ? 'get'
            : 'rest',
    ),
  );
  expect([...kinds].toSorted()).toEqual(['get', 'head', 'list', 'rest']);
  expect(reads.filter(({ headers }) => headers['x-amz-request-payer'] !== 'requester')).toEqual([]);
  const own = await open();
  const unpaid = watch(isS3);
  await own.once();
  expect(unpaid.length).toBeGreaterThan(0);
  expect(unpaid.filter(({ headers }) => 'x-amz-request-payer' in headers)).toEqual([]);
});

describe('in an archive', () => {
  const archive = (key: string, count: number, StorageClass: 'GLACIER' | 'DEEP_ARCHIVE'): Promise<unknown> =>
    account.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: rows(count), StorageClass }));
  const gets = (key: string) => watch(({ method, path }) => method === 'GET' && path.includes(key));

  test('an archived object is reported once and not requested, and read once it is restored', async () => {
    await archive('old.log', 10, 'DEEP_ARCHIVE');
    await put('new.log.gz', 5);
    const asked = gets('/old.log');
    const lists = watch(({ path }) => path.includes('list-type'));
    const source = await open();
    source.follow();
    await source.untilFlows(5);
    const before = lists.length;
    await expect.poll(() => lists.length, { timeout: 30_000 }).toBeGreaterThan(before + 5);
    expect(asked).toEqual([]);
    expect(await source.sql('SELECT input, reason FROM quarantine')).toEqual([
      [`s3://${bucket}/old.log`, expect.stringContaining('Restore it first') as string],
    ]);
    expect(source.status()).toMatchObject({ state: 'live', lag_seconds: 0, lag_objects: 0 });
    await account.s3.send(
      new RestoreObjectCommand({ Bucket: bucket, Key: 'old.log', RestoreRequest: { Days: 1 } }),
    );
    // The emulator's listing does not tell of restores, as S3's does.
    proxy.provoke(({ path }) => path.includes('list-type'), {
      kind: 'rewrite',
      text: (xml) =>
        xml.replaceAll(
          /<StorageClass>DEEP_ARCHIVE<\/StorageClass>/g,
          '$&<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2036-01-01T00:00:00.000Z</RestoreExpiryDate></RestoreStatus>',
        ),
    });
    await source.untilFlows(15);
    expect(
      lists.every(({ headers }) => headers['x-amz-optional-object-attributes'] === 'RestoreStatus'),
    ).toBe(true);
  });

  test('one whose listing does not say so is requested once and reported, and the others go on', async () => {
    // As the archives of intelligent tiering answer.
    const refused = proxy.provoke(({ method, path }) => method === 'GET' && path.includes('/tiered.log'), {
      kind: 'error',
      status: 403,
      code: 'InvalidObjectState',
    });
    await put('tiered.log.gz', 10);
    await put('new.log.gz', 5);
    const lists = watch(({ path }) => path.includes('list-type'));
    const source = await open();
    source.follow();
    await source.untilFlows(5);
    const before = lists.length;
    await expect.poll(() => lists.length, { timeout: 30_000 }).toBeGreaterThan(before + 5);
    expect(refused.hits()).toBe(1);
    expect(await source.sql('SELECT input, reason FROM quarantine')).toEqual([
      [`s3://${bucket}/tiered.log.gz`, expect.stringContaining('Restore it first') as string],
    ]);
  });

  test('with a queue, the notification of a restore has the object read', async () => {
    const queue = await createQueue(account, 1);
    await archive('old.log', 10, 'GLACIER');
    const source = await open({ sqs: queue.url });
    source.follow();
    await expect
      .poll(() => source.sql('SELECT count(*) FROM quarantine'), { timeout: 30_000 })
      .toEqual([[1]]);
    await account.s3.send(
      new RestoreObjectCommand({ Bucket: bucket, Key: 'old.log', RestoreRequest: { Days: 1 } }),
    );
    const record = {
      eventName: 'ObjectRestore:Completed',
      s3: { bucket: { name: bucket }, object: { key: 'old.log' } },
    };
    await account.sqs.send(
      new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify({ Records: [record] }) }),
    );
    await source.untilFlows(10);
  });
});
