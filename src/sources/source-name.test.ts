import { expect, test } from 'vitest';
import { checkSourceName } from './source-name.ts';

test.each([
  ['aws:eu-west-1', '--region eu-west-1'],
  ['AWS:', 'aws: alone'],
  ['aws://eu-west-1', '--region all'],
  ['arn:aws:s3:::logs/vpc/', 's3://logs/vpc/.'],
  [
    'arn:aws-cn:logs:cn-north-1:123456789012:log-group:/vpc',
    'cloudwatch:arn:aws-cn:logs:cn-north-1:123456789012:log-group:/vpc.',
  ],
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/q', '--sqs URL'],
  ['sqs:q', '--sqs URL'],
  ['firehose:flows', '/api/v1/firehose'],
  ['s3:logs', 's3://BUCKET/PREFIX'],
  ['S3://logs', 's3://BUCKET/PREFIX'],
  ['s3:/logs', 's3://BUCKET/PREFIX'],
  ['logs:/vpc', 'cloudwatch:LOG-GROUP'],
  ['Kafka:flows', 'kafka:TOPIC'],
])('%s is no source, and what is right is said', (name, right) => {
  expect(() => checkSourceName(name)).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(() => checkSourceName(name)).toThrow(right);
});

test.each([
  'aws:',
  's3://logs',
  'cloudwatch:/vpc',
  'kafka:flows',
  'aws.log',
  'aws',
  's3',
  '/var/log',
  'C:\\logs',
  'logs/a:b',
  '-',
])('%s is left alone', (name) => {
  expect(() => checkSourceName(name)).not.toThrow();
});
