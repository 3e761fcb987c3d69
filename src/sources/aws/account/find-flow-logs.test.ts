import type { FlowLog, Subnet, TransitGateway, Vpc } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { PeepholeError } from '../../../model/errors.ts';
import type { Ec2Account } from './ec2-account.ts';
import { findFlowLogs } from './find-flow-logs.ts';

interface Region {
  readonly logs?: readonly FlowLog[];
  readonly vpcs?: readonly Vpc[];
  readonly subnets?: readonly Subnet[];
  readonly interfaces?: Readonly<Record<string, string>>;
  readonly gateways?: readonly TransitGateway[];
  /** Transit gateway ids of the attachments. */
  readonly attachments?: Readonly<Record<string, string>>;
  readonly refuses?: 'logs' | 'vpcs' | 'gateways';
}

/** An account; `home` is its configured region. `open` counts the clients that are not closed yet. */
function account(regions: Readonly<Record<string, Region>>, home: string | null = 'eu-west-1') {
  const state = { open: 0 };
  const open = async (asked: string | null): Promise<Ec2Account> => {
    state.open++;
    const name = asked ?? home;
    const { logs = [], vpcs = [], subnets = [], interfaces = {}, refuses } = regions[name ?? ''] ?? {};
    const { gateways = [], attachments = {} } = regions[name ?? ''] ?? {};
    const refuse = (what: string): void => {
      if (refuses === what) throw new PeepholeError('source_refused', `${name} refuses ${what}`);
    };
    return {
      region: async () => {
        if (name === null) throw new PeepholeError('source_refused', 'Region is missing');
        return name;
      },
      flowLogs: async () => {
        refuse('logs');
        return logs;
      },
      vpcs: async () => {
        refuse('vpcs');
        return vpcs;
      },
      subnets: async () => subnets,
      vpcsOfInterfaces: async (ids) => new Map(ids.map((id) => [id, interfaces[id] ?? ''])),
      transitGateways: async () => {
        refuse('gateways');
        return gateways;
      },
      gatewaysOfAttachments: async (ids) => new Map(ids.map((id) => [id, attachments[id] ?? ''])),
      regions: async () => Object.keys(regions),
      close: () => {
        state.open--;
      },
    };
  };
  return { open, state };
}

const ofVpc = (id: string, ResourceId: string, more: FlowLog = {}): FlowLog => ({
  FlowLogId: id,
  ResourceId,
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::flows/a',
  LogFormat: '${version}',
  MaxAggregationInterval: 60,
  FlowLogStatus: 'ACTIVE',
  DeliverLogsStatus: 'SUCCESS',
  ...more,
});

test('asks the configured region, and returns all attributes of a flow log', async () => {
  const { open, state } = account({ 'eu-west-1': { logs: [ofVpc('fl-1', 'tgw-1')] }, 'us-east-1': {} });
  expect(await findFlowLogs(open, [])).toEqual({
    flow_logs: [
      {
        id: 'fl-1',
        resource: 'tgw-1',
        destination: 'arn:aws:s3:::flows/a',
        format: '${version}',
        region: 'eu-west-1',
        source: 's3://flows/a/',
        destination_type: 's3',
        traffic: 'ALL',
        interval: 60,
        status: 'ACTIVE',
        delivery: 'SUCCESS',
        error: null,
      },
    ],
    vpcs: [],
    transit_gateways: [],
    failures: [],
  });
  expect(state.open).toBe(0);
});

test('tells which VPCs are logged completely, in part or not at all', async () => {
  const vpcs = ['whole', 'halves', 'subnets', 'subnet', 'interface', 'accepted', 'broken', 'none'];
  const { open } = account({
    'eu-west-1': {
      vpcs: vpcs.map((VpcId) => ({ VpcId, CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'Name', Value: VpcId }] })),
      subnets: vpcs.flatMap((VpcId) => [1, 2].map((i) => ({ VpcId, SubnetId: `subnet-${VpcId}-${i}` }))),
      interfaces: { 'eni-1': 'interface' },
      logs: [
        ofVpc('fl-1', 'whole'),
        ofVpc('fl-2', 'halves', { TrafficType: 'ACCEPT' }),
        ofVpc('fl-3', 'halves', { TrafficType: 'REJECT' }),
        ofVpc('fl-4', 'subnet-subnets-1'),
        ofVpc('fl-5', 'subnet-subnets-2'),
        ofVpc('fl-6', 'subnet-subnet-2'),
        ofVpc('fl-7', 'eni-1'),
        ofVpc('fl-8', 'accepted', { TrafficType: 'ACCEPT' }),
        ofVpc('fl-9', 'broken', { DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }),
      ],
    },
  });
  const found = await findFlowLogs(open, []);
  expect(found.vpcs.map(({ id, logged, flow_logs }) => [id, logged, flow_logs])).toEqual([
    ['whole', 'all', ['fl-1']],
    ['halves', 'all', ['fl-2', 'fl-3']],
    ['subnets', 'all', ['fl-4', 'fl-5']],
    ['subnet', 'part', ['fl-6']],
    ['interface', 'part', ['fl-7']],
    ['accepted', 'part', ['fl-8']],
    ['broken', 'part', ['fl-9']],
    ['none', 'none', []],
  ]);
  expect(found.vpcs[3]).toMatchObject({ name: 'subnet', unlogged_subnets: ['subnet-subnet-1'] });
});

test('tells which transit gateways are logged completely, by attachments or not at all', async () => {
  const ids = ['tgw-whole', 'tgw-part', 'tgw-broken', 'tgw-none'];
  const { open } = account({
    'eu-west-1': {
      gateways: ids.map((TransitGatewayId) => ({
        TransitGatewayId,
        Tags: [{ Key: 'Name', Value: `the ${TransitGatewayId}` }],
      })),
      attachments: { 'tgw-attach-1': 'tgw-part' },
      logs: [
        ofVpc('fl-1', 'tgw-whole'),
        ofVpc('fl-2', 'tgw-attach-1'),
        ofVpc('fl-3', 'tgw-broken', { DeliverLogsStatus: 'FAILED' }),
        ofVpc('fl-4', 'vpc-1'),
      ],
    },
  });
  const { transit_gateways } = await findFlowLogs(open, []);
  expect(transit_gateways.map(({ id, logged, flow_logs }) => [id, logged, flow_logs])).toEqual([
    ['tgw-whole', 'all', ['fl-1']],
    ['tgw-part', 'part', ['fl-2']],
    ['tgw-broken', 'part', ['fl-3']],
    ['tgw-none', 'none', []],
  ]);
  expect(transit_gateways[3]).toMatchObject({ name: 'the tgw-none', region: 'eu-west-1' });
});

test('without permission to list transit gateways, everything else is listed', async () => {
  const vpcs = [{ VpcId: 'vpc-1' }];
  const { open } = account({ 'eu-west-1': { refuses: 'gateways', vpcs } });
  expect(await findFlowLogs(open, [])).toMatchObject({
    vpcs: [{ id: 'vpc-1', logged: 'none' }],
    transit_gateways: [],
    failures: [{ region: 'eu-west-1', message: 'eu-west-1 refuses gateways' }],
  });
});

test('a region that refuses access does not hide the others', async () => {
  const { open, state } = account({
    'eu-west-1': { logs: [ofVpc('fl-1', 'vpc-1')] },
    'eu-west-2': { refuses: 'logs' },
    'eu-west-3': { refuses: 'vpcs', logs: [ofVpc('fl-3', 'vpc-3')] },
  });
  for (const regions of [['all'], ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-west-1']]) {
    const { flow_logs, failures } = await findFlowLogs(open, regions);
    expect(flow_logs.map(({ id }) => id)).toEqual(['fl-1', 'fl-3']);
    expect(failures).toEqual([
      { region: 'eu-west-2', message: 'eu-west-2 refuses logs' },
      { region: 'eu-west-3', message: 'eu-west-3 refuses vpcs' },
    ]);
  }
  expect(state.open).toBe(0);
});

test('if no region answers, it throws the reason', async () => {
  const { open } = account({ 'eu-west-1': { refuses: 'logs' } });
  await expect(findFlowLogs(open, [])).rejects.toThrow('eu-west-1 refuses logs');
  await expect(findFlowLogs(account({}, null).open, [])).rejects.toThrow('Region is missing');
});
