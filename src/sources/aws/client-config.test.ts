import { describe, expect, test } from 'vitest';
import { noSourceOptions, type SourceOptions } from '../source.ts';
import { awsClientConfig, hasRenewableCredentials } from './client-config.ts';

const request = (environment: Record<string, string>, options: Partial<SourceOptions> = {}) => ({
  name: 's3://logs',
  options: { ...noSourceOptions, ...options },
  environment,
});
const keys = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };

describe('what clients of AWS are made with', () => {
  test('comes from the environment of whoever asked', () => {
    const environment = { ...keys, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' };
    expect(awsClientConfig(request(environment))).toMatchObject({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:5000',
      credentials: { accessKeyId: 'AKIA1', secretAccessKey: 's', sessionToken: 't' },
      retryMode: 'adaptive',
    });
  });

  test('options go before the environment, and a service’s own endpoint before that of all', () => {
    const environment = {
      ...keys,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:2',
    };
    const asked = request(environment, { region: 'us-east-2', profile: 'audit' });
    const config = awsClientConfig(asked, 'SQS');
    expect(config).toMatchObject({ region: 'us-east-2', endpoint: 'http://127.0.0.1:2', profile: 'audit' });
    expect(config).not.toHaveProperty('credentials');
  });

  test('without keys the SDK looks where it always does; empty variables are none', () => {
    const config = awsClientConfig(request({ AWS_ACCESS_KEY_ID: '', AWS_REGION: '', AWS_PROFILE: 'p' }));
    expect(config).toMatchObject({ profile: 'p' });
    expect(config).not.toHaveProperty('credentials');
    expect(config).not.toHaveProperty('region');
  });

  test('keys can’t be renewed, a role and what the SDK finds can', () => {
    expect(hasRenewableCredentials(request(keys))).toBe(false);
    expect(hasRenewableCredentials(request(keys, { roleArn: 'arn:aws:iam::1:role/r' }))).toBe(true);
    expect(hasRenewableCredentials(request({}))).toBe(true);
  });
});
