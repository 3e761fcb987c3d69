import { Command } from 'commander';
import { expect, test } from 'vitest';
import { noSourceOptions } from '../sources/source.ts';
import {
  sourceEnvironment,
  sourceOptionsOf,
  withSourceOptions,
  type SourceCliOptions,
} from './source-options.ts';

const now = Date.parse('2026-06-20T12:00:00Z');

function parse(...lines: readonly string[]): SourceCliOptions {
  const command = withSourceOptions(new Command()).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return command
    .parse(
      lines.flatMap((line) => line.split(' ')),
      { from: 'user' },
    )
    .opts();
}

test('every option reaches the sources', () => {
  const options = parse(
    '--from 2026-06-20T00:00:00Z --to 2026-06-21T00:00:00+02:00 --region eu-west-1 --profile audit',
    '--role-arn arn:aws:iam::1:role/r --external-id x --sqs https://queue --requester-pays',
    '--brokers a:9092,,b:9092, --group g',
  );
  expect(sourceOptionsOf(options, now)).toEqual({
    from: Date.parse('2026-06-20T00:00:00Z'),
    to: Date.parse('2026-06-20T22:00:00Z'),
    region: 'eu-west-1',
    profile: 'audit',
    roleArn: 'arn:aws:iam::1:role/r',
    externalId: 'x',
    sqs: 'https://queue',
    requesterPays: true,
    brokers: ['a:9092', 'b:9092'],
    group: 'g',
  });
});

test('absent options are null, empty or false', () => {
  expect({ format: null, ...sourceOptionsOf(parse(), now) }).toEqual(noSourceOptions);
});

test('--last counts back from now and has no end', () => {
  const { from, to } = sourceOptionsOf({ last: 'PT6H' }, now);
  expect([from, to]).toEqual([Date.parse('2026-06-20T06:00:00Z'), null]);
});

test.each([
  [{ last: 'PT6H', to: '2026-06-20T00:00:00Z' }, /either --last/],
  [{ last: 'six hours' }, /six hours is not an ISO 8601 duration/],
  [{ from: '2026-06-20T00:00:00Z', to: '2026-06-20T00:00:00Z' }, /--from must be before --to/],
  [{ from: 'yesterday' }, /--from/],
])('%o is refused', (options, message) => {
  expect(() => sourceOptionsOf(options, now)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message) }),
  );
});

test('only environment variables that sources read are passed on', () => {
  const environment = {
    AWS_REGION: 'eu-west-1',
    KAFKA_BROKERS: 'a:9092',
    PEEPHOLE_POLL_SECONDS: '1',
    PEEPHOLE_POLL_SECONDS_OLD: '1',
    PATH: '/bin',
    MY_AWS_SECRET: 'x',
    AWS_PROFILE: undefined,
  };
  expect(sourceEnvironment(environment)).toEqual({
    AWS_REGION: 'eu-west-1',
    KAFKA_BROKERS: 'a:9092',
    PEEPHOLE_POLL_SECONDS: '1',
  });
});
