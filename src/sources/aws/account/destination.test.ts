import type { FlowLog } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { destinationOf } from './destination.ts';

const source = (log: FlowLog, region = 'eu-west-1', home: string | null = 'eu-west-1'): string | null =>
  destinationOf(log, region, home).source;

describe('a bucket', () => {
  test.each([
    ['arn:aws:s3:::flows', 's3://flows'],
    ['arn:aws:s3:::flows/', 's3://flows'],
    ['arn:aws:s3:::flows/team/vpc', 's3://flows/team/vpc/'],
    ['arn:aws:s3:::flows/team/vpc/', 's3://flows/team/vpc/'],
    ['arn:aws-us-gov:s3:::flows/a', 's3://flows/a/'],
  ])('%s is %s', (LogDestination, expected) => {
    expect(source({ LogDestinationType: 's3', LogDestination })).toBe(expected);
  });

  test('an ARN that is not of a bucket gives no source', () => {
    expect(source({ LogDestinationType: 's3', LogDestination: 'flows' })).toBeNull();
  });
});

describe('a log group', () => {
  const arn = 'arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/flows:*';

  test('is called by its name in the configured region', () => {
    expect(source({ LogDestinationType: 'cloud-watch-logs', LogGroupName: '/vpc/flows' })).toBe(
      'cloudwatch:/vpc/flows',
    );
    expect(source({ LogDestinationType: 'cloud-watch-logs', LogDestination: arn })).toBe(
      'cloudwatch:/vpc/flows',
    );
  });

  test('is called by its ARN in other regions', () => {
    const byArn = { LogDestinationType: 'cloud-watch-logs', LogDestination: arn } as const;
    expect(source(byArn, 'eu-west-1', 'us-east-1')).toBe(
      'cloudwatch:arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/flows',
    );
    const byRole = {
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: '/vpc/flows',
      DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow-logs',
    } as const;
    expect(source(byRole, 'eu-west-1', 'us-east-1')).toBe(
      'cloudwatch:arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/flows',
    );
  });
});

test('Firehose is not a source to read from, since it delivers by HTTP', () => {
  const LogDestination = 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/flows';
  expect(
    destinationOf({ LogDestinationType: 'kinesis-data-firehose', LogDestination }, 'eu-west-1', null),
  ).toEqual({ type: 'kinesis-data-firehose', destination: LogDestination, source: null });
});
