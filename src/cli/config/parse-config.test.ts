import { describe, expect, test } from 'vitest';
import { parseConfig } from './parse-config.ts';

describe('a configuration', () => {
  test('names sources, inventory and retention', () => {
    expect(
      parseConfig({
        sources: [
          '/var/log/flows',
          {
            name: 's3://logs/vpc',
            region: 'eu-west-1',
            role_arn: 'arn:aws:iam::1:role/r',
            external_id: 'x',
            sqs: 'https://q',
            requester_pays: true,
            from: '2026-01-01T00:00:00Z',
          },
          { name: 'aws:', region: 'eu-west-1,us-east-1', profile: 'ops', last: 'P7D' },
          { name: 'kafka:flows', brokers: ['a:9092', 'b:9092'], group: 'g', format: '${srcaddr}' },
        ],
        inventory: { regions: ['eu-west-1'], profile: 'ops' },
        knocks: { allow_scanners: ['10.0.9.9'], prices: { date: '2026-01', regions: {} } },
        retention: { keep: 'P90D' },
      }),
    ).toEqual({
      sources: [
        { name: '/var/log/flows', options: {}, last: null },
        {
          name: 's3://logs/vpc',
          options: {
            region: 'eu-west-1',
            roleArn: 'arn:aws:iam::1:role/r',
            externalId: 'x',
            sqs: 'https://q',
            requesterPays: true,
            from: Date.UTC(2026, 0, 1),
          },
          last: null,
        },
        { name: 'aws:', options: { region: 'eu-west-1,us-east-1', profile: 'ops' }, last: 'P7D' },
        {
          name: 'kafka:flows',
          options: { brokers: ['a:9092', 'b:9092'], group: 'g', format: '${srcaddr}' },
          last: null,
        },
      ],
      inventory: { every: 'PT1H', regions: ['eu-west-1'], profile: 'ops' },
      knocks: { allowedScanners: ['10.0.9.9'], prices: { date: '2026-01', regions: {} } },
      retention: { keep: 'P90D', keepRaw: null },
      documents: null,
      channels: [],
      reports: [],
      url: null,
    });
    expect(parseConfig({})).toEqual({
      sources: [],
      inventory: null,
      knocks: null,
      retention: null,
      documents: null,
      channels: [],
      reports: [],
      url: null,
    });
  });

  test.each([
    [[], 'must be an object'],
    [{ source: [] }, 'Did you mean sources?'],
    [{ sources: ['logs'] }, 'sources[0]'],
    [{ sources: ['s3://a', { name: 's3://a' }] }, 'sources[1]'],
    [{ sources: [{ name: 's3://a', regoin: 'x' }] }, 'Did you mean region?'],
    [{ sources: [{ region: 'x' }] }, 'sources[0].name'],
    [{ sources: [{ name: 's3://a', from: 'yesterday' }] }, 'sources[0].from'],
    [{ sources: [{ name: 's3://a', last: 'yesterday' }] }, 'sources[0].last'],
    [{ sources: [{ name: 's3://a', last: 'P1D', to: '2026-01-01T00:00:00Z' }] }, 'give either'],
    [{ sources: [{ name: 'kafka:a', brokers: 'a:1' }] }, 'sources[0].brokers'],
    [{ sources: ['aws:eu-west-1'] }, '--region all (in a configuration: region)'],
    [{ sources: [{ name: 'aws:', region: 'everywhere' }] }, 'sources[0].region'],
    [{ sources: ['s3:logs'] }, 'A bucket is s3://BUCKET/PREFIX'],
    [{ url: 'ftp://x' }, 'url'],
    [{ channels: [{ name: 'x' }] }, 'channels[0].kind'],
    [{ inventory: { every: 'PT1S' } }, 'inventory.every'],
    [{ inventory: { every: 'P1M' } }, 'inventory.every'],
    [{ knocks: { allow_scanner: [] } }, 'Did you mean allow_scanners?'],
    [{ knocks: { allow_scanners: ['a scanner'] } }, 'is not an IP address'],
    [{ knocks: { prices: { regions: {} } } }, 'date must say when'],
    [{ retention: {} }, 'retention'],
    [{ retention: { keep: '90 days' } }, 'retention.keep'],
  ])('that is wrong says where: %j', (json, message) => {
    expect(() => parseConfig(json)).toThrow(message);
  });
});
