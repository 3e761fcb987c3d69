// Flow logs in S3, read once or followed by listing.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SourceOptions } from '../../src/sources/source.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import {
  type FaultyProxy,
  expiredToken,
  internalError,
  slowDown,
  startFaultyProxy,
} from './support/faulty-proxy.ts';
import { type FlowLogObject, createBucket, putFlowLog, putObject } from './support/flow-log-objects.ts';
import { parquetFlowLog } from './support/parquet-flow-log.ts';
import { type ReadSource, readSource } from './support/read-source.ts';

const folder = useTempFolder();
const HOUR = 3600;
const BEGIN = Date.UTC(2018, 5, 20) / 1000;

let account: AwsAccount;
let faulty: AwsAccount;
let proxy: FaultyProxy;
let bucket: string;
let files = 0;

beforeAll(async () => {
  const moto = await sharedMoto();
  proxy = await startFaultyProxy(moto);
  account = await newAccount(moto);
  faulty = await newAccount(moto, { through: proxy.url });
});
afterAll(async () => {
  account.close();
  faulty.close();
  await proxy.close();
});

const open = async (
  prefix = '',
  { through = account, ...options }: Partial<SourceOptions> & { readonly through?: AwsAccount } = {},
): Promise<ReadSource> => {
  const environment = { ...through.env, PEEPHOLE_POLL_SECONDS: '0.2' };
  const source = await readSource({
    folder: folder.path,
    name: `s3://${bucket}/${prefix}`,
    environment,
    options,
  });
  onTestFinished(() => source.close());
  return source;
};

/** Rows of an hour that no other file has. */
const rows = (count: number, second = BEGIN): string => logFile(count, second, ++files * 1000);
const put = (
  second: number,
  body: string | Uint8Array,
  more: Partial<FlowLogObject> & { readonly as?: AwsAccount } = {},
): Promise<string> => {
  const { as = account, ...rest } = more;
  return putFlowLog(as, { bucket, time: new Date((second + HOUR) * 1000), body, ...rest });
};
const ofProxy =
  (part: string) =>
  ({ method, path }: { method: string; path: string }) =>
    method === 'GET' && path.includes(`/${bucket}/${part}`);

async function newBucket(): Promise<void> {
  bucket = await createBucket(account);
}

describe('read once', () => {
  test('both layouts, text and Parquet, several accounts and regions, with odd keys beside', async () => {
    await newBucket();
    const other = await newAccount(await sharedMoto(), { region: 'eu-west-1' });
    onTestFinished(() => other.close());
    const as = { ...account, id: other.id, region: other.region };
    await put(BEGIN, rows(100));
    await put(BEGIN + 30 * HOUR, rows(10), { layout: { hourly: true } });
    await put(BEGIN, rows(20), { as });
    await put(BEGIN + HOUR, rows(30), { layout: { hive: true }, as });
    await put(BEGIN + HOUR, parquetFlowLog(40, BEGIN), {
      layout: { hive: true, hourly: true },
      extension: '.log.parquet',
    });
    await putObject(account, bucket, 'by hand/a+b %41.log.gz', rows(50));
    await putObject(account, bucket, 'by+hand/x/y/z/1/2/3/4.log.gz', rows(60));
    await putObject(account, bucket, 'AWSLogs/', new Uint8Array());
    await putObject(account, bucket, 'README', Buffer.from('No logs here, only words.\n'));
    const source = await open();
    expect(await source.once()).toMatchObject({
      flows: 310,
      failed_inputs: 0,
      ignored: [`s3://${bucket}/README`],
    });
    await source.untilFlows(310);
    // All of it is done with.
    expect(await source.once()).toMatchObject({ flows: 310 });
    await source.untilFlows(310);
  });

  test('nothing of other prefixes, and of a key only that object', async () => {
    await newBucket();
    const key = await put(BEGIN, rows(10), { prefix: 'a/' });
    await put(BEGIN, rows(20), { prefix: 'b/' });
    await putObject(account, bucket, `${key}.copy`, rows(40));
    expect(await (await open('b/')).once()).toMatchObject({ flows: 20 });
    expect(await (await open(key)).once()).toMatchObject({ flows: 10 });
    await expect((await open('nothing/')).once()).rejects.toThrow('begins with “nothing/”');
    // Within AWS's folders only keys of the time are listed.
    const from = (BEGIN + 30 * 24 * HOUR) * 1000;
    const folder = key.slice(0, key.lastIndexOf('/2018/') + 1);
    expect(await (await open(folder, { from })).once()).toMatchObject({ inputs: 0 });
  });

  test('only what may be of the time, without opening or listing the rest', async () => {
    await newBucket();
    for (let day = 0; day < 10; day++) await put(BEGIN + day * 24 * HOUR, rows(10 + day), { as: faulty });
    const from = (BEGIN + 5 * 24 * HOUR) * 1000;
    const opened = proxy.count(ofProxy('AWSLogs'));
    const source = await open('', { through: faulty, from, to: from + 2 * HOUR * 1000 });
    expect(await source.once()).toMatchObject({ flows: 15 });
    expect(proxy.count(ofProxy('AWSLogs')) - opened).toBe(1);
  });

  test('what can’t be read is set aside, with its name', async () => {
    await newBucket();
    await put(BEGIN, rows(10));
    const broken = await put(BEGIN, Buffer.from('1f8b08000000000000ff', 'hex'));
    await account.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'old.log', Body: rows(5), StorageClass: 'GLACIER' }),
    );
    const source = await open();
    expect(await source.once()).toMatchObject({ flows: 10, failed_inputs: 2 });
    expect(await source.sql('SELECT input, reason FROM quarantine ORDER BY input')).toEqual([
      [`s3://${bucket}/${broken}`, expect.any(String)],
      [`s3://${bucket}/old.log`, expect.stringContaining('Glacier')],
    ]);
  });
});

describe('with faults on the way', () => {
  const large = 60_000;

  test.each([
    ['500', internalError],
    ['503 SlowDown', slowDown],
  ])('%s, in listings and objects, costs nothing', async (_, fault) => {
    await newBucket();
    for (let i = 0; i < 3; i++) await put(BEGIN + i * HOUR, rows(10));
    const list = proxy.provoke(ofProxy('?'), fault, 2);
    const get = proxy.provoke(ofProxy('AWSLogs'), fault, 2);
    expect(await (await open('', { through: faulty })).once()).toMatchObject({ flows: 30, failed_inputs: 0 });
    expect([list.hits(), get.hits()]).toEqual([2, 2]);
  });

  test('an object is read on after each cut, and slowly', async () => {
    await newBucket();
    await put(BEGIN, rows(large));
    const cut = proxy.provoke(ofProxy('AWSLogs'), { kind: 'cut', afterBytes: 100_000 }, 3);
    const slow = proxy.provoke(ofProxy('AWSLogs'), { kind: 'delay', milliseconds: 300 }, 1);
    const source = await open('', { through: faulty });
    expect(await source.once()).toMatchObject({ flows: large, failed_inputs: 0 });
    await source.untilFlows(large);
    expect([cut.hits(), slow.hits()]).toEqual([3, 1]);
  });

  test('an object that is overwritten while it is read comes as it is then, nothing twice', async () => {
    await newBucket();
    const text = rows(large);
    const key = await put(BEGIN, text);
    const lines = text.trimEnd().split('\n').length - 1;
    const more = `${text}${rows(7).split('\n').slice(1).join('\n')}`;
    const isObject = ofProxy('AWSLogs');
    let overwriting: Promise<unknown> = Promise.resolve();
    let isOverwritten = false;
    const overwrite = async (): Promise<void> => {
      await putObject(account, bucket, key, more);
      isOverwritten = true;
    };
    const cut = proxy.provoke(
      (request) => {
        if (!isObject(request)) return false;
        overwriting = overwrite();
        return true;
      },
      { kind: 'cut', afterBytes: 50_000 },
      1,
    );
    // Until it is overwritten, the rest of it can't be had.
    proxy.provoke((request) => isObject(request) && !isOverwritten, internalError);
    const source = await open('', { through: faulty });
    expect(await source.once()).toMatchObject({ failed_inputs: 0 });
    await overwriting;
    await source.untilFlows(lines + 7);
    expect(cut.hits()).toBe(1);
  });

  test('an object that S3 cannot return is reported, and the others are ingested', async () => {
    await newBucket();
    await put(BEGIN, rows(10));
    const key = await put(BEGIN, rows(20));
    const bad = proxy.provoke(ofProxy(key), internalError);
    const report = await (await open('', { through: faulty })).once();
    bad.end();
    expect(report).toMatchObject({ flows: 10, failed_inputs: 1 });
    expect(report.failures).toMatchObject([{ input: `s3://${bucket}/${key}`, code: 'source_failed' }]);
  });

  test('without permission it is refused, with what is missing', async () => {
    await newBucket();
    await put(BEGIN, rows(10));
    const denied = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
    const list = proxy.provoke(ofProxy('?'), denied);
    const source = await open('', { through: faulty });
    await expect(source.once()).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining(`s3:ListBucket on arn:aws:s3:::${bucket}`) as string,
    });
    list.end();
    const get = proxy.provoke(ofProxy('AWSLogs'), denied);
    await expect(source.once()).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining(`s3:GetObject on arn:aws:s3:::${bucket}/*`) as string,
    });
    get.end();
    bucket = 'peephole-there-is-no-such-bucket';
    await expect((await open()).once()).rejects.toMatchObject({ code: 'source_refused' });
  });
});

describe('followed by listing', () => {
  test('what comes later, late, or is overwritten is taken in', async () => {
    await newBucket();
    const key = await put(BEGIN + 24 * HOUR, rows(10));
    const source = await open();
    source.follow();
    await source.untilFlows(10);
    await expect.poll(() => source.status()).toMatchObject({ state: 'live', lag_seconds: 0, lag_objects: 0 });
    await put(BEGIN + 25 * HOUR, rows(20));
    await put(BEGIN, rows(30));
    await put(BEGIN, rows(5), { layout: { hive: true } });
    await source.untilFlows(65);
    const text = rows(40);
    await putObject(account, bucket, key, text);
    await source.untilFlows(105);
    await putObject(account, bucket, key, `${text}${rows(3).split('\n').slice(1).join('\n')}`);
    await source.untilFlows(108);
    await source.stop();
    await put(BEGIN, rows(9));
    expect(source.status()).toMatchObject({ state: 'stopped', last_error: null });
    await source.untilFlows(108);
  });

  test('it waits and goes on when credentials expire, S3 is out of order, or an object fails for a while', async () => {
    await newBucket();
    await put(BEGIN, rows(10));
    const source = await open('', { through: faulty });
    source.follow();
    await source.untilFlows(10);
    const expired = proxy.provoke(ofProxy('?'), expiredToken);
    await expect
      .poll(() => source.status().last_error, { timeout: 30_000 })
      .toMatchObject({ code: 'source_refused', message: expect.stringContaining('expired') });
    await put(BEGIN + HOUR, rows(20));
    expired.end();
    await source.untilFlows(30);
    const bad = await put(BEGIN + 2 * HOUR, rows(1));
    const get = proxy.provoke(ofProxy(bad), internalError);
    await put(BEGIN + 3 * HOUR, rows(40));
    await expect.poll(() => get.hits(), { timeout: 60_000 }).toBeGreaterThan(0);
    get.end();
    await source.untilFlows(71);
    await source.stop();
    expect(source.report()).toMatchObject({ failed_inputs: 0 });
  });
});
