import { expect, test } from 'vitest';
import { parseLogGroup } from './log-group-name.ts';

test('a group is named by its name, or by its ARN', () => {
  expect(parseLogGroup('/vpc/flow-logs')).toEqual({ name: '/vpc/flow-logs', arn: null });
  const arn = 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:/vpc/flow_logs#1.x';
  const parsed = {
    name: '/vpc/flow_logs#1.x',
    arn: { text: arn, region: 'cn-north-1', account: '123456789012' },
  };
  expect(parseLogGroup(arn)).toEqual(parsed);
  expect(parseLogGroup(`${arn}:*`)).toEqual(parsed);
});

test('anything else is refused', () => {
  for (const text of [
    '',
    'a b',
    'a:b',
    'x'.repeat(513),
    'arn:aws:s3:::bucket',
    'arn:aws:logs:us-east-1:123456789012:log-group:',
    'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s',
  ])
    expect(() => parseLogGroup(text), text).toThrow('is not the name of a log group');
});
