// Objects that S3 denies, or that are missing: the others are read, and these are reported with the reason.
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { SourceOptions } from '../../src/sources/source.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from './support/faulty-proxy.ts';
import { createBucket, putObject } from './support/flow-log-objects.ts';
import { type ReadSource, readSource } from './support/read-source.ts';
import { createQueue, notifyQueue } from './support/s3-notifications.ts';

const folder = useTempFolder();
const denied: Fault = { kind: 'error', status: 403, code: 'AccessDenied' };
const WAIT = { timeout: 60_000 };

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

const put = (key: string, count: number): Promise<string> =>
  putObject(account, bucket, key, logFile(count, 1_529_452_800, ++files * 1000));
const nameOf = (key: string): string => `s3://${bucket}/${key}`;
/** All that is asked for of objects whose keys begin so. */
const provoke = (key: string, fault: Fault) =>
  proxy.provoke(({ method, path }) => /GET|HEAD/.test(method) && path.startsWith(`/${bucket}/${key}`), fault);

async function open(options: Partial<SourceOptions> = {}): Promise<ReadSource> {
  const environment = { ...account.env, AWS_ENDPOINT_URL: proxy.url, PEEPHOLE_POLL_SECONDS: '0.2' };
  const source = await readSource({ folder: folder.path, name: `s3://${bucket}/`, environment, options });
  onTestFinished(async () => {
    await source.close();
    await proxy.close();
  });
  return source;
}

const quarantine = (source: ReadSource) => source.sql('SELECT input, reason FROM quarantine ORDER BY input');

describe.each([
  ['followed by listing', false],
  ['followed by a queue', true],
])('%s', (_, byQueue) => {
  test('one that is denied is set aside with its reason and tried again, and the others go on', async () => {
    const queue = byQueue ? await createQueue(account, 1) : null;
    if (queue !== null) await notifyQueue(account, bucket, queue);
    await put('a.log.gz', 10);
    await put('denied/b.log.gz', 20);
    await put('kms/c.log.gz', 40);
    const faults = [
      provoke('denied/', denied),
      provoke('kms/', { kind: 'error', status: 400, code: 'KMS.DisabledException' }),
    ];
    const source = await open(queue === null ? {} : { sqs: queue.url });
    source.follow();
    await source.untilFlows(10);
    await put('d.log.gz', 80);
    await source.untilFlows(90);
    await expect
      .poll(() => source.status(), WAIT)
      .toMatchObject({
        state: 'live',
        last_error: null,
        warnings: [
          expect.stringContaining(`${nameOf('denied/b.log.gz')} could not be read: AccessDenied`),
          expect.stringContaining(`${nameOf('kms/c.log.gz')} could not be read: KMS.DisabledException`),
        ] as unknown,
      });
    expect(source.status().lag_objects).toBeGreaterThanOrEqual(2);
    expect(await quarantine(source)).toEqual([
      [nameOf('denied/b.log.gz'), expect.stringContaining('s3:GetObject') as string],
      [nameOf('kms/c.log.gz'), expect.stringContaining('KMS.DisabledException') as string],
    ]);
    for (const fault of faults) fault.end();
    await source.untilFlows(150);
    await expect.poll(() => source.status(), WAIT).toMatchObject({ lag_objects: 0, warnings: [] });
    await source.stop();
    expect(source.report()).toMatchObject({ flows: 150, failed_inputs: 0 });
  });

  test('where all are denied the source refuses, and goes on once they are given', async () => {
    const queue = byQueue ? await createQueue(account, 1) : null;
    await put('a.log.gz', 10);
    await put('b.log.gz', 20);
    const faults = ['a', 'b'].map((key) => provoke(key, denied));
    const source = await open(queue === null ? {} : { sqs: queue.url });
    source.follow();
    await expect
      .poll(() => source.status(), WAIT)
      .toMatchObject({ state: 'waiting', last_error: { code: 'source_refused' } });
    expect(source.status().last_error?.message).toContain('Needed is s3:');
    expect(await quarantine(source)).toEqual([]);
    for (const fault of faults) fault.end();
    await source.untilFlows(30);
  });
});

test('when read once, denied objects are reported, and a later run reads them', async () => {
  await put('a.log.gz', 10);
  await put('denied/b.log.gz', 20);
  const fault = provoke('denied/', denied);
  const source = await open();
  expect(await source.once()).toMatchObject({
    flows: 10,
    failed_inputs: 1,
    failures: [
      { input: nameOf('denied/b.log.gz'), reason: expect.stringContaining('AccessDenied') as string },
    ],
  });
  fault.end();
  expect(await source.once()).toMatchObject({ flows: 30, failed_inputs: 0, failures: [] });
});

test('one that was deleted before it could be read is set aside as gone', async () => {
  await put('a.log.gz', 10);
  await put('gone.log.gz', 20);
  const fault = proxy.provoke(({ method, path }) => method === 'GET' && path.startsWith(`/${bucket}/gone`), {
    kind: 'error',
    status: 404,
    code: 'NoSuchKey',
  });
  const source = await open();
  source.follow();
  await expect.poll(() => fault.hits(), WAIT).toBeGreaterThan(0);
  await account.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'gone.log.gz' }));
  await expect
    .poll(() => quarantine(source), WAIT)
    .toEqual([
      [nameOf('gone.log.gz'), `${nameOf('gone.log.gz')} is gone: it was deleted before it could be read.`],
    ]);
  await source.untilFlows(10);
  await expect
    .poll(() => source.status(), WAIT)
    .toMatchObject({
      state: 'live',
      lag_objects: 0,
      warnings: [expect.stringContaining('1 (s3://') as string],
    });
});
