import { expect, test } from 'vitest';
import { accountSources } from './account-sources.ts';
import type { AccountFlowLog } from './flow-log.ts';

function log(source: string | null, format = '${version}', region = 'eu-west-1'): AccountFlowLog {
  return {
    id: 'fl-1',
    resource: 'vpc-1',
    destination: '',
    format,
    region,
    source,
    destination_type: 's3',
    traffic: 'ALL',
    interval: 600,
    status: 'ACTIVE',
    delivery: null,
    error: null,
  };
}

test('flow logs with the same destination, or one below it, are one source', () => {
  const sources = accountSources([
    log('s3://a/team/'),
    log('s3://a/team/', '${srcaddr}', 'us-east-1'),
    log('s3://a/team/vpc/'),
    log('s3://a/team-2/'),
    log('s3://ab'),
    log(null),
  ]);
  expect(sources).toEqual([
    { name: 's3://a/team/', options: { format: null, region: 'eu-west-1' } },
    { name: 's3://a/team-2/', options: { format: null, region: 'eu-west-1' } },
    { name: 's3://ab', options: { format: null, region: 'eu-west-1' } },
  ]);
  expect(accountSources([log('s3://a/team/'), log('s3://a')]).map(({ name }) => name)).toEqual(['s3://a']);
});

test('a log group gets the format of its flow logs if they all have the same', () => {
  expect(
    accountSources([
      log('cloudwatch:one', '${srcaddr} ${dstaddr}'),
      log('cloudwatch:one', '${srcaddr} ${dstaddr}'),
      log('cloudwatch:two', '${srcaddr}'),
      log('cloudwatch:two', '${dstaddr}'),
      log('cloudwatch:none', ''),
    ]).map(({ name, options }) => [name, options.format]),
  ).toEqual([
    ['cloudwatch:one', '${srcaddr} ${dstaddr}'],
    ['cloudwatch:two', null],
    ['cloudwatch:none', null],
  ]);
});
