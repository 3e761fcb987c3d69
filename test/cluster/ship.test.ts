// What a listener wrote is shipped to a bucket by processes that are killed again and again, and taken in elsewhere.
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import type { Door } from '../../src/model/visits/door.ts';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { visitFile, visitLine } from '../support/visit-lines.ts';
import { visitWriter } from '../support/visit-writer.ts';
import { sharedMoto } from './servers/shared.ts';
import { newAccount, type AwsAccount } from './support/aws-account.ts';
import { type FaultyProxy, slowDown, startFaultyProxy } from './support/faulty-proxy.ts';
import { createBucket } from './support/flow-log-objects.ts';

const temp = useTempFolder();
const KILLS = 6;
let account: AwsAccount;
let proxy: FaultyProxy;

beforeAll(async () => {
  const moto = await sharedMoto();
  proxy = await startFaultyProxy(moto);
  account = await newAccount(moto, { through: proxy.url });
});
afterAll(async () => {
  account.close();
  await proxy.close();
});

/** Texts of all objects, in the order of their names. */
async function objectsIn(bucket: string): Promise<readonly (readonly [string, string])[]> {
  const { Contents = [] } = await account.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await account.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return [Key, gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString()] as const;
    }),
  );
}

test('each line is in one object though the shipping is killed again and again, and in the store once', async () => {
  const bucket = await createBucket(account);
  const destination = `s3://${bucket}/door`;
  const store = join(temp.path, 'killed');
  const visits = join(store, 'visits');
  await mkdir(visits, { recursive: true, mode: 0o700 });
  const listener = '0123456789abcdef';
  const path = join(visits, visitFile(listener));
  const line = visitLine({ listener, number: 7, at: 1_769_860_800_000, source: '192.0.2.1' });
  const writing = spawn(
    process.execPath,
    ['-e', visitWriter(path, line.replace(`"${listener}-7"`, `"${listener}-NUMBER"`), 20)],
    { stdio: 'inherit' },
  );
  const written = once(writing, 'exit');
  const slow = proxy.provoke(({ method }) => method === 'PUT', slowDown, 3);
  const isPut = ({ method }: { readonly method: string }): boolean => method === 'PUT';
  for (let kill = 0; kill < KILLS; kill++) {
    const before = proxy.count(isPut);
    const shipping = start(['ship', destination, '--store', store, '--follow', '--every', '1'], {
      env: account.env,
    });
    const ended = finished(shipping);
    // While an object is on its way, and once one more is stored.
    if (kill % 2 === 0)
      await expect.poll(() => proxy.count(isPut), { timeout: 60_000, interval: 1 }).toBeGreaterThan(before);
    else {
      const stored = (await objectsIn(bucket)).length;
      await expect
        .poll(async () => (await objectsIn(bucket)).length, { timeout: 60_000 })
        .toBeGreaterThan(stored);
    }
    shipping.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
  }
  expect(slow.hits()).toBe(3);
  writing.kill('SIGKILL');
  await written;
  // The listener goes on in another file: the first ends as the kill left it.
  await writeFile(join(visits, visitFile(listener, 2)), '');
  await peephole(['ship', destination, '--store', store], { env: account.env });
  const again = await peepholeJson<unknown>(['ship', destination, '--store', store, '--json', '--quiet'], {
    env: account.env,
  });
  expect(again).toEqual({ objects: 0, lines: 0, bytes: 0 });
  const objects = await objectsIn(bucket);
  expect(objects.length).toBeGreaterThanOrEqual(KILLS / 2);
  const text = await readFile(path, 'utf8');
  expect(objects.map(([, part]) => part).join('')).toBe(text);

  const elsewhere = join(temp.path, 'elsewhere');
  const ingest = async (): Promise<IngestReport> => {
    // What a killed writer left of a line is set aside, which the exit code says.
    const { stdout } = await peephole(['ingest', destination, '--store', elsewhere, '--json', '--quiet'], {
      env: account.env,
    });
    return JSON.parse(stdout) as IngestReport;
  };
  const whole = text.split('\n').length - 1;
  const torn = text.endsWith('\n') ? 0 : 1;
  expect(await ingest()).toMatchObject({ visits: whole, duplicates: 0, quarantined: torn });
  expect(await ingest()).toMatchObject({ visits: 0, duplicates: 0 });
});

test('peephole listen --ship: visits of a listener without credentials are in the bucket when it ends', async () => {
  const bucket = await createBucket(account);
  const store = join(temp.path, 'listening');
  const child = start(
    [
      'listen', '--host', '127.0.0.1', '--port', '0', '--store', store, '--ship', `s3://${bucket}/door/`, '--ship-every',
      '1', ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ],
    { env: { ...account.env, HOME: temp.path } },
  ); // prettier-ignore
  const ended = finished(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await expect.poll(() => said, { timeout: 60_000 }).toMatch(/127\.0\.0\.1:\d+/);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
  // The process that strangers talk to knows no credentials.
  const listener = await listenerOf(child.pid ?? 0);
  if (listener !== null)
    expect(await readFile(`/proc/${listener}/environ`, 'latin1')).not.toMatch(/AWS_(?!SHARED)/);
  for (let number = 0; number < 5; number++)
    await request(port, `GET /${number} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
  await expect.poll(async () => (await objectsIn(bucket)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  await request(port, 'GET /last HTTP/1.1\r\nHost: a.example\r\n\r\n');
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  expect(stderr).toMatch(/6 visits: 6 kept/);
  // One that was open for a moment has a line more.
  expect(stderr).toMatch(/([6-9]|1[0-2]) lines shipped to s3:/);
  expect(code).toBe(0);
  const elsewhere = join(temp.path, 'joined');
  await peepholeJson(['ingest', `s3://${bucket}/door/`, '--store', elsewhere, '--json', '--quiet'], {
    env: account.env,
  });
  const door = await peepholeJson<Door>(['door', '--store', elsewhere, '--format', 'json']);
  expect(door.totals.visits).toBe(6);
  expect(door.visits[0]?.http?.path).toBe('/last');
});

test('a listener ends when the process that ships for it is killed', async () => {
  const store = join(temp.path, 'orphaned');
  const child = start(
    [
      'listen', '--host', '127.0.0.1', '--port', '0', '--store', store, '--ship', 's3://nobodys-bucket/door/',
      ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ],
    { env: { ...account.env, HOME: temp.path } },
  ); // prettier-ignore
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await expect.poll(() => said, { timeout: 60_000 }).toMatch(/127\.0\.0\.1:\d+/);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
  // Its output is the killed process's too: its last line shows that it ends.
  child.kill('SIGKILL');
  await expect.poll(() => said, { timeout: 30_000 }).toMatch(/0 visits: 0 kept/);
  await expect(request(port, 'GET / HTTP/1.1\r\n\r\n')).resolves.toBeUndefined();
});

test('what is wrong is said: no visits, no bucket, a place that is none', async () => {
  const store = join(temp.path, 'wrong');
  const none = await peephole(['ship', 's3://nobodys-bucket/x', '--store', store], { env: account.env });
  expect(none).toMatchObject({ code: expect.any(Number) });
  expect(none.stderr).toMatch(/There are no visits in/);
  await mkdir(join(store, 'visits'), { recursive: true, mode: 0o700 });
  const line = visitLine({ listener: '0123456789abcdef', number: 1, at: 0, source: '192.0.2.1' });
  await writeFile(join(store, 'visits', visitFile('0123456789abcdef')), line);
  const bucket = await peephole(['ship', 's3://nobodys-bucket/x', '--store', store], { env: account.env });
  expect(bucket.code).toBe(1);
  expect(bucket.stderr).toMatch(/could not be written: .*NoSuchBucket/);
  const place = await peephole(['ship', '/tmp/x', '--store', store], { env: account.env });
  expect(place.code).toBe(2);
  expect((await readdir(join(store, 'visits'))).filter((name) => name.startsWith('visits-'))).toHaveLength(1);
});

/** The process that a process started, of those that listen; null where the system does not tell. */
async function listenerOf(parent: number): Promise<number | null> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'latin1').catch(() => null);
  if (children === null) return null;
  return Number(children.trim().split(' ')[0]);
}

async function request(port: number, text: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(text);
  await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
}
