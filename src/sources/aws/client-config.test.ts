import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { noSourceOptions, type SourceOptions } from '../source.ts';
import { awsClientConfig, hasRenewableCredentials } from './client-config.ts';

const temp = useTempFolder();

const request = (environment: Record<string, string>, options: Partial<SourceOptions> = {}) => ({
  name: 's3://logs',
  options: { ...noSourceOptions, ...options },
  environment,
});
const keys = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };

describe('the configuration of AWS clients', () => {
  test('comes from the environment of the calling process', () => {
    const environment = { ...keys, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' };
    expect(awsClientConfig(request(environment))).toMatchObject({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:5000',
      credentials: { accessKeyId: 'AKIA1', secretAccessKey: 's', sessionToken: 't' },
      retryMode: 'adaptive',
    });
  });

  test('options take precedence over the environment, and a service’s endpoint over the general one', () => {
    const environment = {
      ...keys,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:2',
    };
    const asked = request(environment, { region: 'us-east-2', profile: 'audit' });
    const config = awsClientConfig(asked, 'SQS');
    expect(config).toMatchObject({ region: 'us-east-2', endpoint: 'http://127.0.0.1:2', profile: 'audit' });
    expect(config.credentials).toBeTypeOf('function');
  });

  test('without keys the SDK uses its default chain; empty variables are ignored', () => {
    const config = awsClientConfig(request({ AWS_ACCESS_KEY_ID: '', AWS_REGION: '', AWS_PROFILE: 'p' }));
    expect(config).toMatchObject({ profile: 'p' });
    expect(config.credentials).toBeTypeOf('function');
    expect(config).not.toHaveProperty('region');
  });

  test('a profile is read again each time, from the files of the calling process', async () => {
    const file = join(temp.path, 'credentials');
    const asked = request(
      { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: devNull },
      { profile: 'ops' },
    );
    const found = async (): Promise<unknown> => {
      const { credentials } = awsClientConfig(asked);
      return typeof credentials === 'function' ? credentials() : credentials;
    };
    for (const key of ['AKIAOLD', 'AKIANEW']) {
      await writeFile(file, `[ops]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`);
      expect(await found()).toMatchObject({ accessKeyId: key });
    }
  });

  test('a role is always assumed with the same session name, since MSK brokers do not allow another one on a connection', async () => {
    const asked: URLSearchParams[] = [];
    const sts = createServer(async (incoming, reply) => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      asked.push(new URLSearchParams(body));
      const until = new Date(Date.now() + 900_000).toISOString();
      reply
        .setHeader('content-type', 'text/xml')
        .end(
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA${asked.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        );
    }).listen(0, '127.0.0.1');
    await once(sts, 'listening');
    try {
      const url = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
      const { credentials } = awsClientConfig(
        request(
          { ...keys, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: url },
          { roleArn: 'arn:aws:iam::1:role/r', externalId: 'x' },
        ),
        'STS',
      );
      if (typeof credentials !== 'function') throw new Error('they can be asked for only once');
      for (const accessKeyId of ['ASIA1', 'ASIA2'])
        expect(await credentials()).toMatchObject({ accessKeyId });
      expect(asked.map((one) => [one.get('RoleSessionName'), one.get('ExternalId')])).toEqual([
        ['peephole', 'x'],
        ['peephole', 'x'],
      ]);
    } finally {
      sts.close();
    }
  });

  test('keys can’t be renewed, but a role and credentials that the SDK finds can', () => {
    expect(hasRenewableCredentials(request(keys))).toBe(false);
    expect(hasRenewableCredentials(request(keys, { roleArn: 'arn:aws:iam::1:role/r' }))).toBe(true);
    expect(hasRenewableCredentials(request({}))).toBe(true);
  });
});
