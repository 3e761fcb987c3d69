import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { ocsfFlow } from '../fixtures/ocsf-flow.ts';

const START = 1_700_000_000;
const json = (value: unknown): string => JSON.stringify(value);

describe('OCSF, as Amazon Security Lake stores flow logs', () => {
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
    ...ocsfFlow,
    packets: 1n,
    bytes: 101n,
    start: START,
    end: START + 60,
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

  test('in an outbound record the interface belongs to the source', async () => {
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

  test('reads the account of OCSF 1.0', async () => {
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

  test('another class is not a flow', async () => {
    await expect(decodeAll(json(record({ class_uid: 4003 })))).rejects.toThrow(/OCSF log of another class/);
  });
});

describe('OCSF by its versions', () => {
  const ms = START * 1000;
  const endpoints = {
    src_endpoint: { ip: '192.0.2.1', port: 20_001, svc_name: '-', intermediate_ips: null },
    dst_endpoint: { ip: '198.51.100.7', port: 443, svc_name: '-', interface_uid: 'eni-1', vpc_uid: 'vpc-1' },
  };
  const traffic = { packets: 3, bytes: 180 };
  const base = { class_uid: 4001, status_code: 'OK', traffic, ...endpoints };
  const inbound = { protocol_num: 6, tcp_flags: 2, direction: 'Inbound', direction_id: 1 };
  const versions: Readonly<Record<string, object>> = {
    '1.0.0-rc.2, Security Lake’s first': {
      ...base,
      metadata: { version: '1.0.0-rc.2', product: { name: 'Amazon VPC', version: '5' } },
      cloud: { account_uid: '123456789010', region: 'us-east-1' },
      connection_info: { ...inbound, protocol_ver: 'IPv4', boundary: '5', boundary_id: 99 },
      time: ms,
      start_time: ms,
      end_time: ms + 60_000,
      disposition: 'Blocked',
      disposition_id: 2,
      activity_id: 5,
    },
    '1.1.0, Security Lake’s second': {
      ...base,
      metadata: { version: '1.1.0', product: { name: 'Amazon VPC', version: '5' } },
      cloud: { account: { uid: '123456789010' }, region: 'us-east-1' },
      connection_info: { ...inbound, protocol_ver: 'IPv4', boundary: 'Virtual', boundary_id: 8 },
      time: ms,
      time_dt: '2023-11-14 22:13:20.000 UTC',
      start_time: ms,
      end_time: ms + 60_000,
      action: 'Denied',
      action_id: 2,
      disposition: 'Blocked',
      activity_id: 5,
    },
    '1.2.0, by numbers alone': {
      ...base,
      metadata: { version: '1.2.0', product: { version: '5' } },
      cloud: { account: { uid: '123456789010' }, region: 'us-east-1' },
      connection_info: { protocol_num: 6, tcp_flags: 2, direction_id: 1, protocol_ver_id: 4, boundary_id: 8 },
      time: ms,
      start_time: ms,
      end_time: ms + 60_000,
      action_id: 2,
      activity_id: 6,
    },
    '1.3.0, with times as dates alone': {
      ...base,
      metadata: { version: '1.3.0', product: { version: '5' } },
      cloud: { account: { uid: '123456789010' }, region: 'us-east-1' },
      connection_info: { ...inbound, protocol_ver: 'IPv4', boundary_id: 8 },
      time_dt: '2023-11-14T22:13:20Z',
      start_time_dt: '2023-11-14 22:13:20+00:00',
      end_time_dt: '2023-11-14 22:14:20+00:00',
      action: 'Other',
      action_id: 99,
      disposition: 'Dropped',
      disposition_id: 6,
      activity_id: 6,
    },
  };
  const flow = {
    ...ocsfFlow,
    packets: 3n,
    bytes: 180n,
    start: START,
    end: START + 60,
    vpc_id: 'vpc-1',
    tcp_flags: 2,
    type: 'IPv4',
    region: 'us-east-1',
    flow_direction: 'ingress',
    traffic_path: 5,
  };

  test.each(Object.keys(versions))('%s', async (version) => {
    const { flows, quarantined } = await decodeAll(json(versions[version]));
    expect(quarantined).toEqual([]);
    expect(flows).toEqual([flow]);
  });

  test.each([
    [{ action: 'Allowed', action_id: 1, disposition_id: 2 }, 'ACCEPT'],
    [{ action: 'Unknown', action_id: 0, disposition: 'Allowed' }, 'ACCEPT'],
    [{ action_id: 99, disposition_id: 21 }, 'REJECT'],
    [{ action: '-', disposition: 'Rejected' }, 'REJECT'],
    // As an action, this number would not exist.
    [{ action_id: 6, disposition_id: 1 }, 'ACCEPT'],
    [{ activity_name: 'Traffic' }, 'ACCEPT'],
    [{ activity_name: 'Refuse' }, 'REJECT'],
  ])('%j is %s', async (more, action) => {
    const { action: _, ...undecided } = { action: '', ...base, time: ms };
    const { flows, quarantined } = await decodeAll(json({ ...undecided, ...more }));
    expect(quarantined).toEqual([]);
    expect(flows).toMatchObject([{ action }]);
  });

  test('an intermediate address is the address of the interface, the other one that of the packet', async () => {
    const { flows } = await decodeAll(
      json({
        ...base,
        time: ms,
        src_endpoint: { ip: '192.0.2.1', intermediate_ips: [] },
        dst_endpoint: { ip: '198.51.100.7', intermediate_ips: ['10.0.0.1'] },
      }),
    );
    expect(flows).toMatchObject([{ srcaddr: '192.0.2.1', dstaddr: '10.0.0.1', pkt_dstaddr: '198.51.100.7' }]);
    expect(flows[0]).not.toHaveProperty('pkt_srcaddr');
  });

  test('unmapped fields keep their names, and mapped fields are not stored twice', async () => {
    const unmapped = {
      ecs_cluster_name: 'shop',
      reject_reason: 'BPA',
      sublocation_id: '-',
      vpc_id: 'vpc-9',
      note: 'x',
    };
    for (const way of [unmapped, Object.entries(unmapped)]) {
      const { flows } = await decodeAll(json({ ...base, time: ms, unmapped: way }));
      expect(flows).toMatchObject([
        { ecs_cluster_name: 'shop', reject_reason: 'BPA', vpc_id: 'vpc-1', extra: '{"note":"x"}' },
      ]);
    }
  });
});
