import { expect, test } from 'vitest';
import { iamPolicy } from './iam-policy.ts';

const allowed = (...args: Parameters<typeof iamPolicy>) =>
  iamPolicy(...args).Statement.map(({ Action, Resource }) => [Action, Resource]);

test('for a bucket, only objects below the prefix are allowed', () => {
  expect(allowed(['s3://flows/team/'])).toEqual([
    [['s3:ListBucket'], 'arn:aws:s3:::flows'],
    [['s3:GetObject'], 'arn:aws:s3:::flows/team/*'],
  ]);
  expect(allowed(['s3://flows'], 'cn-north-1')).toEqual([
    [['s3:ListBucket'], 'arn:aws-cn:s3:::flows'],
    [['s3:GetObject'], 'arn:aws-cn:s3:::flows/*'],
  ]);
  expect(allowed(['s3://flows/a$*/'])[1]?.[1]).toBe('arn:aws:s3:::flows/a${$}${*}/*');
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/1';
  expect(allowed(['s3://flows'], null, key)[2]).toEqual([['kms:Decrypt'], key]);
});

test('a queue, and a log group by name or ARN, have their own statements', () => {
  expect(allowed(['https://sqs.eu-west-1.amazonaws.com/123456789012/flows'])[0]?.[1]).toBe(
    'arn:aws:sqs:eu-west-1:123456789012:flows',
  );
  expect(allowed(['cloudwatch:/vpc/flows'])[0]).toEqual([
    ['logs:FilterLogEvents'],
    'arn:aws:logs:*:*:log-group:/vpc/flows:*',
  ]);
  expect(allowed(['cloudwatch:/vpc/flows'], 'eu-west-1')[0]?.[1]).toBe(
    'arn:aws:logs:eu-west-1:*:log-group:/vpc/flows:*',
  );
  const arn = 'arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/flows';
  expect(allowed([`cloudwatch:${arn}`])[0]?.[1]).toBe(`${arn}:*`);
  expect(allowed([`cloudwatch:${arn}:*`])[0]?.[1]).toBe(`${arn}:*`);
});

test('for aws: it includes the inventory, has each statement once, and gives statements different names', () => {
  const { Statement } = iamPolicy(['aws:', 'inventory', 's3://a', 's3://b', 's3://a']);
  expect(Statement.map(({ Sid }) => Sid)).toEqual([
    'FindFlowLogs',
    'ReadInventory',
    'ListBucket',
    'ReadObjects',
    'ListBucket2',
    'ReadObjects2',
  ]);
  expect(Statement[0]?.Action).toContain('ec2:DescribeFlowLogs');
});

test('without sources, it covers all of them with placeholders', () => {
  const text = JSON.stringify(iamPolicy([]));
  for (const word of ['BUCKET/PREFIX/', 'REGION', 'ACCOUNT', 'QUEUE', 'LOG-GROUP', 'key/KEY'])
    expect(text).toContain(word);
});

test.each(['kafka:flows', 'logs', 's3://', 'cloudwatch:', 'https://example.com/x'])(
  '%s is refused',
  (source) => {
    expect(() => iamPolicy([source])).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);
