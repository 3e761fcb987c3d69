import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { parseFormat } from '../field-layout.ts';

const START = 1_700_000_000;
const json = (value: unknown): string => JSON.stringify(value);
const line = (i: number): string =>
  `2 123456789010 eni-1 192.0.2.${i} 198.51.100.7 ${20_000 + i} 443 6 1 ${100 + i} ${START} ${START + 60} ACCEPT OK`;

describe('the time of a record without a start', () => {
  test.each([
    [
      'an event of CloudWatch',
      { logEvents: [{ id: '1', timestamp: START * 1000 + 999, message: '192.0.2.1 22' }] },
    ],
    ['filter-log-events', { events: [{ timestamp: START * 1000, message: '192.0.2.1 22', eventId: '1' }] }],
    ['Splunk', { _time: START, _raw: '192.0.2.1 22' }],
    ['fields as keys', { '@timestamp': '2023-11-14 22:13:20.500', srcAddr: '192.0.2.1', dstPort: 22 }],
    [
      'a message that is an object',
      { timestamp: START * 1000, message: { srcaddr: '192.0.2.1', dstport: 22 } },
    ],
    [
      'a message that is JSON',
      { timestamp: START * 1000, message: json({ srcaddr: '192.0.2.1', dstport: 22 }) },
    ],
    [
      'get-query-results',
      {
        results: [
          [
            { field: '@timestamp', value: '2023-11-14 22:13:20.000' },
            { field: 'srcAddr', value: '192.0.2.1' },
            { field: 'dstPort', value: '22' },
            { field: '@ptr', value: 'x' },
          ],
        ],
      },
    ],
    ['the export of Logs Insights', [{ '@timestamp': '2023-11-14T22:13:20Z', '@message': '192.0.2.1 22' }]],
  ])('%s', async (_, value) => {
    const { flows, quarantined } = await decodeAll(json(value), { format: parseFormat('srcaddr dstport') });
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([{ srcaddr: '192.0.2.1', dstport: 22, start: START }]);
  });

  test('a timestamp beside a start is a field like any other', async () => {
    const { flows } = await decodeAll(json({ srcaddr: '192.0.2.1', start: START, timestamp: 'later' }));
    expect(flows).toEqual([{ srcaddr: '192.0.2.1', start: START, extra: '{"timestamp":"later"}' }]);
  });

  test('one event says nothing about the next', async () => {
    const events = [{ timestamp: START * 1000, message: '192.0.2.1 22' }, { message: '192.0.2.1 23' }];
    const { flows } = await decodeAll(json({ events }), { format: parseFormat('srcaddr dstport') });
    expect(flows.map((flow) => flow['start'])).toEqual([START, undefined]);
  });
});

describe('OCSF, as Amazon Security Lake keeps flow logs', () => {
  const record = (more: object): object => ({
    metadata: {
      product: { version: '5', name: 'Amazon VPC', feature: { name: 'Flowlogs' } },
      version: '1.1.0',
    },
    cloud: { account: { uid: '123456789010' }, region: 'us-east-1', zone: 'use1-az1', provider: 'AWS' },
    src_endpoint: { port: 20_001, svc_name: '-', ip: '192.0.2.1', interface_uid: null, vpc_uid: null },
    dst_endpoint: {
      port: 443,
      svc_name: 'S3',
      ip: '198.51.100.7',
      interface_uid: 'eni-1',
      vpc_uid: 'vpc-1',
      instance_uid: 'i-1',
      subnet_uid: 'subnet-1',
    },
    connection_info: {
      protocol_num: 6,
      tcp_flags: 2,
      protocol_ver: 'IPv4',
      boundary: '-',
      direction: 'Inbound',
    },
    traffic: { packets: 1, bytes: 101 },
    time: START * 1000,
    start_time: START * 1000,
    end_time: START * 1000 + 60_000,
    status_code: 'OK',
    class_uid: 4001,
    category_uid: 4,
    activity_id: 5,
    unmapped: [
      ['sublocation_id', '-'],
      ['sublocation_type', 'outpost'],
    ],
    ...more,
  });
  const flow = {
    version: 5,
    account_id: '123456789010',
    interface_id: 'eni-1',
    srcaddr: '192.0.2.1',
    dstaddr: '198.51.100.7',
    srcport: 20_001,
    dstport: 443,
    protocol: 6,
    packets: 1n,
    bytes: 101n,
    start: START,
    end: START + 60,
    action: 'REJECT',
    log_status: 'OK',
    vpc_id: 'vpc-1',
    subnet_id: 'subnet-1',
    instance_id: 'i-1',
    tcp_flags: 2,
    type: 'IPv4',
    region: 'us-east-1',
    az_id: 'use1-az1',
    sublocation_type: 'outpost',
    pkt_dst_aws_service: 'S3',
    flow_direction: 'ingress',
  };

  test.each([
    ['action', { action: 'Denied', action_id: 2 }, 'REJECT'],
    ['action', { action: 'Allowed', action_id: 1 }, 'ACCEPT'],
    ['only the number of the action', { action_id: 2 }, 'REJECT'],
    ['disposition', { disposition: 'Blocked' }, 'REJECT'],
    ['activity alone, as the first version has it', {}, 'REJECT'],
    ['activity alone', { activity_id: 6 }, 'ACCEPT'],
  ])('%s', async (_, more, action) => {
    const { flows, quarantined } = await decodeAll(`${json(record(more))}\n${json(record(more))}\n`);
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([
      { ...flow, action },
      { ...flow, action },
    ]);
  });

  test('outbound: the source has the interface', async () => {
    const { flows } = await decodeAll(
      json(
        record({
          action: 'Allowed',
          src_endpoint: { ip: '192.0.2.1', port: 1, interface_uid: 'eni-2' },
          connection_info: { protocol_num: 17, direction: 'Outbound', boundary: '8' },
        }),
      ),
    );
    expect(flows[0]).toMatchObject({ interface_id: 'eni-2', flow_direction: 'egress', traffic_path: 8 });
  });

  test('the account as the first version has it', async () => {
    const { flows } = await decodeAll(json(record({ cloud: { account_uid: '210987654321' } })));
    expect(flows[0]).toMatchObject({ account_id: '210987654321' });
  });

  test('NODATA is coverage', async () => {
    const none = { ip: null, port: null, interface_uid: 'eni-1' };
    const { flows, nodata } = await decodeAll(
      json(
        record({
          status_code: 'NODATA',
          src_endpoint: none,
          dst_endpoint: none,
          activity_id: 99,
          action: '-',
        }),
      ),
    );
    expect(flows).toEqual([]);
    expect(nodata).toBe(1);
  });

  test('another class is no flow', async () => {
    await expect(decodeAll(json(record({ class_uid: 4003 })))).rejects.toThrow(/OCSF log of another class/);
  });
});

describe('nesting', () => {
  const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  test.each([
    ['a message', json({ message: deep(100_000) })],
    ['a value of a field', `{"srcaddr":"192.0.2.1","other":${deep(100_000)}}`],
    ['an object', deep(100_000)],
    ['arrays', `{"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['data', json({ data: Buffer.from(deep(100_000)).toString('base64') })],
  ])('%s of 100,000 levels is quarantined alone', async (_, value) => {
    for (const input of [
      `[${json({ message: line(1) })},${value}]`,
      `${json({ message: line(1) })}\n${value}\n`,
    ]) {
      const { flows, quarantined } = await decodeAll(input);
      expect(flows).toHaveLength(1);
      expect(quarantined).toHaveLength(1);
      expect(quarantined[0]!.reason).toMatch(/no flow-log record|too deep/);
      expect(quarantined[0]!.text.length).toBeLessThanOrEqual(4096);
    }
  });

  test('a long text beside a long number is no trouble', async () => {
    const more = `"other":"${String.raw`\n`.repeat(3_000_000)}"`;
    const { flows } = await decodeAll(`{"srcaddr":"192.0.2.1","bytes":9007199254740993,${more}}`);
    expect(flows[0]).toMatchObject({ bytes: 9_007_199_254_740_993n });
  });
});

test('a NUL in a text is no text', async () => {
  const { flows, quarantined } = await decodeAll(
    `${json({ message: line(1) })}\n${json({ message: line(2).replace('eni', 'e\0ni') })}\n${json({ srcaddr: '192.0.2.1', 'interface-id': '\0' })}\n`,
  );
  expect(flows).toHaveLength(1);
  expect(quarantined.map((row) => row.reason)).toEqual([
    expect.stringMatching(/NUL/),
    'interface-id: there are NUL bytes in it',
  ]);
});
