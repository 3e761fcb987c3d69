import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { finished, start } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();

const DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
const EMPTY =
  '<ListBucketResult><Name>logs</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>';

test('a server says once that a source can’t be read, and once that it is read again', async () => {
  let refuses = true;
  let lists = 0;
  const bucket = createServer((request, response) => {
    if (request.method === 'GET') lists++;
    response.writeHead(refuses ? 403 : 200, { 'content-type': 'application/xml' });
    response.end(refuses ? DENIED : EMPTY);
  }).listen(0, '127.0.0.1');
  await once(bucket, 'listening');
  onTestFinished(() => {
    bucket.closeAllConnections();
    bucket.close();
  });
  const endpoint = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`;
  const env = {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
  };
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
    const before = lists;
    await vi.waitFor(() => expect(lists).toBeGreaterThan(before), { timeout: 30_000 });
    refuses = false;
    await vi.waitFor(() => expect(about().at(-1)).toBe('s3://logs/vpc/ is read again.'), { timeout: 30_000 });
    expect(about()).toHaveLength(2);
  } finally {
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  }
});
