import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { finished, peephole, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();

const DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
const listing = (contents: string): string =>
  `<ListBucketResult><Name>logs</Name><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
const EMPTY = listing('');
const ONLY_A_FOLDER = listing('<Contents><Key>vpc/</Key><Size>0</Size><ETag>"0"</ETag></Contents>');

/** Buckets that answer what `answer` says about the path of a request, its query included. */
async function startBucket(
  answer: (url: string) => { readonly status: number; readonly body: string },
): Promise<{ readonly env: Readonly<Record<string, string>> }> {
  const bucket = createServer((request, response) => {
    const { status, body } = answer(request.url ?? '');
    response.writeHead(status, {
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(body),
      etag: '"1"',
    });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(bucket, 'listening');
  onTestFinished(() => {
    bucket.closeAllConnections();
    bucket.close();
  });
  const env = {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
  };
  return { env };
}

test('a server says once that a source can’t be read, and once that it is read again', async () => {
  let refuses = true;
  let requests = 0;
  const { env } = await startBucket(() => {
    requests++;
    return refuses ? { status: 403, body: DENIED } : { status: 200, body: ONLY_A_FOLDER };
  });
  const child = start(
    ['serve', '--store', join(folder.path, 'store'), '--port', '0', '--source', 's3://logs/vpc/'],
    { env },
  );
  const ended = finished(child);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const about = (): readonly string[] => stderr.split('\n').filter((line) => line.includes('s3://logs/vpc/'));
  try {
    await vi.waitFor(() => expect(about()).toHaveLength(1), { timeout: 30_000 });
    expect(about()[0]).toMatch(/^! s3:\/\/logs\/vpc\/ can't be read, and is tried again: .*ListBucket/);
    const before = requests;
    await vi.waitFor(() => expect(requests).toBeGreaterThan(before), { timeout: 30_000 });
    refuses = false;
    await vi.waitFor(() => expect(about().at(-1)).toBe('s3://logs/vpc/ is read again.'), { timeout: 30_000 });
    expect(about()).toHaveLength(2);
  } finally {
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  }
});

test('a prefix that nothing has is an error, and told where what comes is waited for', async () => {
  const { env } = await startBucket(() => ({ status: 200, body: EMPTY }));
  const ingest = ['ingest', '--store', join(folder.path, 'typo'), 's3://logs/typo/'];
  const once = await peephole(ingest, { env });
  expect(once).toMatchObject({
    code: 1,
    stderr: 'peephole: Nothing is in s3://logs/typo/: No key of logs begins with “typo/”.\n',
  });
  // It does not keep others from being read.
  const other = join(folder.path, 'other');
  const two = await peephole(['ingest', '--store', other, 's3://logs/typo/', 's3://logs/slip/'], { env });
  expect(two.code).toBe(1);
  for (const name of ['typo', 'slip']) expect(two.stderr).toContain(`Nothing is in s3://logs/${name}/`);
  const child = start([...ingest, '--follow'], { env });
  const ended = finished(child);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const line = '! Nothing is in s3://logs/typo/ yet. No key of logs begins with “typo/”. What comes is read.';
  try {
    await vi.waitFor(() => expect(stderr.split('\n')).toContain(line), { timeout: 30_000 });
  } finally {
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  }
});

test('a source that refuses does not keep files and other sources from being read', async () => {
  const text = logFile(3);
  const { env } = await startBucket((url) => {
    if (url.includes('denied')) return { status: 403, body: DENIED };
    if (url.includes('.log')) return { status: 200, body: text };
    const object = `<Contents><Key>vpc/a.log</Key><Size>${text.length}</Size><ETag>"1"</ETag></Contents>`;
    return { status: 200, body: listing(object) };
  });
  const file = join(folder.path, 'b.log');
  await writeFile(file, logFile(5, undefined, 1));
  const ingest = (name: string, ...inputs: readonly string[]): ReturnType<typeof peephole> =>
    peephole(['ingest', '--store', join(folder.path, name), '--json', ...inputs], { env });
  const beside = await ingest('beside', 's3://denied/vpc/', file, 's3://logs/vpc/');
  expect(beside.code).toBe(1);
  expect(JSON.parse(beside.stdout)).toMatchObject({ inputs: 3, failed_inputs: 1, flows: 8 });
  expect(beside.stderr).toMatch(/^! s3:\/\/denied\/vpc\/ could not be listed: .*ListBucket/);

  const onlyFile = await ingest('only-file', 's3://denied/vpc/', file);
  expect(onlyFile.code).toBe(1);
  expect(JSON.parse(onlyFile.stdout)).toMatchObject({ inputs: 2, failed_inputs: 1, flows: 5 });

  // A source that is named wrongly is found before anything is read.
  const wrong = await ingest('wrong', file, 'kafka:flows');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect((await ingest('wrong', file)).stdout).toContain('"skipped_inputs":0');
});
