import type { FlowObject } from '../conformance/flow-object.ts';

/** Unix seconds: when the flows begin. */
export const START = Date.UTC(2024, 0, 10) / 1000;
export const HOURS = 48;

const flow = (
  at: number,
  srcaddr: string,
  dstaddr: string,
  bytes: number,
  more: FlowObject = {},
): FlowObject => ({
  version: 5,
  interface_id: `eni-${srcaddr}`,
  srcaddr,
  dstaddr,
  srcport: 40_000 + ((at / 60) % 20_000),
  dstport: 443,
  protocol: 6,
  packets: 10,
  bytes,
  start: START + at,
  end: START + at,
  action: 'ACCEPT',
  log_status: 'OK',
  az_id: 'use1-az1',
  region: 'us-east-1',
  flow_direction: 'egress',
  traffic_path: 8,
  ...more,
});

/** Two days in which something of each kind of finding about traffic happens, one of them over IPv6. */
export const trafficRecords: readonly FlowObject[] = [
  // Three machines send a little outside, and one of them much at once, which a NAT gateway passes on.
  ...Array.from({ length: HOURS * 2 }, (_, turn) =>
    ['10.0.0.1', '10.0.0.2', '10.0.0.3', '2600:1f18::1'].map((from) =>
      flow(turn * 1800, from, from.includes(':') ? '2001:db8::1' : '203.0.113.1', 1_000_000),
    ),
  ).flat(),
  flow(30 * 3600, '10.0.0.1', '198.51.100.7', 3_000_000_000),
  flow(30 * 3600, '10.0.0.1', '10.0.0.99', 3_000_000_000, {
    interface_id: 'eni-10.0.0.99',
    flow_direction: 'ingress',
    traffic_path: null,
  }),
  flow(30 * 3600, '10.0.0.99', '198.51.100.7', 3_000_000_000),
  flow(31 * 3600, '2600:1f18::1', '2001:db8::7', 900_000_000),
  // Another connects outside by a timer, and is answered.
  ...Array.from({ length: HOURS * 12 }, (_, turn) => [
    flow(turn * 300, '10.0.0.3', '198.51.100.66', 900),
    flow(turn * 300, '198.51.100.66', '10.0.0.3', 900, {
      interface_id: 'eni-10.0.0.3',
      srcport: 443,
      dstport: 40_000 + ((turn * 5) % 20_000),
      flow_direction: 'ingress',
      traffic_path: null,
    }),
  ]).flat(),
  // One machine reaches many others.
  ...Array.from({ length: 12 }, (_, turn) =>
    flow(35 * 3600 + turn * 60, '10.0.0.2', `10.0.3.${turn}`, 2000, { dstport: 22, traffic_path: 1 }),
  ),
  // One looks for open ports outside.
  ...Array.from({ length: 60 }, (_, turn) =>
    flow(40 * 3600 + turn * 20, '10.0.0.3', `192.0.2.${100 + turn}`, 180, { dstport: 23, packets: 3 }),
  ),
  // Something crosses each thing that is billed.
  ...Array.from({ length: HOURS }, (_, hour) => [
    flow(hour * 3600, '10.0.4.1', '10.0.5.1', 9e9, { traffic_path: 1, dstport: 9092 }),
    flow(hour * 3600, '10.0.4.1', '10.0.5.1', 9e9, {
      interface_id: 'eni-10.0.5.1',
      flow_direction: 'ingress',
      traffic_path: null,
      az_id: 'use1-az2',
      dstport: 9092,
    }),
    flow(hour * 3600, '10.0.4.2', '10.0.4.99', 5e9, {
      interface_id: 'eni-nat',
      flow_direction: 'ingress',
      traffic_path: null,
      pkt_srcaddr: '10.0.4.2',
      pkt_dstaddr: '192.0.2.1',
      pkt_dst_aws_service: 'S3',
    }),
    flow(hour * 3600, '10.0.4.3', '10.9.0.1', 4e9, { traffic_path: 5 }),
    flow(hour * 3600, '10.0.4.4', '192.0.2.9', 8e9),
    flow(hour * 3600, '10.0.4.5', '10.8.0.1', 6e9, {
      interface_id: null,
      tgw_id: 'tgw-1',
      flow_direction: 'ingress',
      traffic_path: null,
    }),
  ]).flat(),
];

/** What is found in it: kinds, and the machines that do it. */
export const trafficFindings: readonly string[] = [
  'cost 10.0.4.1',
  'cost 10.0.4.2',
  'cost 10.0.4.3',
  'cost 10.0.4.4',
  'cost 10.0.4.5',
  'lateral_spread 10.0.0.2',
  'outbound_beacon 10.0.0.3',
  'outbound_volume 10.0.0.1',
  'outbound_volume 2600:1f18::1',
  'scan 10.0.0.3',
];
