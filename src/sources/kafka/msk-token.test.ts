import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { mskToken } from './msk-token.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'a/b+c==' };

test('a token is the presigned URL of a request (Signature Version 4)', async () => {
  const token = await mskToken('eu-west-1', credentials, new Date('2026-06-01T12:34:56Z'));
  expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
  const url = new URL(Buffer.from(token, 'base64url').toString());
  expect(`${url.origin}${url.pathname}`).toBe('https://kafka.eu-west-1.amazonaws.com/');
  const {
    'X-Amz-Signature': signature,
    'User-Agent': agent,
    ...signed
  } = Object.fromEntries(url.searchParams);
  expect(agent).toBe('peephole');
  expect(signed).toEqual({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLE/20260601/eu-west-1/kafka-cluster/aws4_request',
    'X-Amz-Date': '20260601T123456Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'a/b+c==',
    'X-Amz-SignedHeaders': 'host',
  });
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
  const query = Object.entries(signed)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join('&');
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const request = `GET\n/\n${query}\nhost:${url.hostname}\n\nhost\n${sha('')}`;
  const scope = '20260601/eu-west-1/kafka-cluster/aws4_request';
  const text = `AWS4-HMAC-SHA256\n20260601T123456Z\n${scope}\n${sha(request)}`;
  const key = ['20260601', 'eu-west-1', 'kafka-cluster', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  expect(signature).toBe(hmac(key, text).toString('hex'));
});
