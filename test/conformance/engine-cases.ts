import type { Cell } from '../../src/model/query/answer.ts';
import { canonicalIpv6 } from '../../src/model/query/ip-address.ts';
import type { FlowObject } from './flow-object.ts';
import { addresses, hostileTexts } from './arbitrary-flows.ts';

/** A question whose answer was worked out by hand. */
export interface Case {
  readonly title: string;
  readonly records: readonly FlowObject[];
  readonly query: Readonly<Record<string, unknown>>;
  readonly rows: readonly (readonly Cell[])[];
}

const second = (time: string): number => Date.parse(time) / 1000;

/** One flow at every step from a moment on. */
function every(seconds: number, from: string, count: number): readonly FlowObject[] {
  return Array.from({ length: count }, (_, i) => ({
    start: second(from) + i * seconds,
    srcaddr: '10.0.0.1',
  }));
}

const day = (zone: string, bucket: string): Record<string, unknown> => ({
  splits: [{ field: 'time', bucket }],
  timezone: zone,
});

const conversation = (minute: number, lasts: number, more: FlowObject = {}): FlowObject => ({
  interface_id: 'eni-1',
  srcaddr: '203.0.113.9',
  dstaddr: '10.0.0.1',
  srcport: 40_000,
  dstport: 80,
  protocol: 6,
  start: second('2018-06-20T00:00:00Z') + minute * 60,
  end: second('2018-06-20T00:00:00Z') + minute * 60 + lasts,
  ...more,
});

export const cases: readonly Case[] = [
  {
    title: 'a day of 25 hours when clocks go back (Berlin)',
    records: every(3600, '2018-10-27T22:00:00Z', 26),
    query: day('Europe/Berlin', 'P1D'),
    rows: [
      ['2018-10-27T22:00:00Z', 25],
      ['2018-10-28T23:00:00Z', 1],
    ],
  },
  {
    title: 'a day of 23 hours when clocks go forward (New York)',
    records: every(3600, '2018-03-11T05:00:00Z', 24),
    query: day('America/New_York', 'P1D'),
    rows: [
      ['2018-03-11T05:00:00Z', 23],
      ['2018-03-12T04:00:00Z', 1],
    ],
  },
  {
    title: 'hours that begin at half past (Kolkata)',
    records: every(1800, '2018-06-20T00:00:00Z', 4),
    query: day('Asia/Kolkata', 'PT1H'),
    rows: [
      ['2018-06-19T23:30:00Z', 1],
      ['2018-06-20T00:30:00Z', 2],
      ['2018-06-20T01:30:00Z', 1],
    ],
  },
  {
    title: 'a day of 24 and a half hours, and the half hour by itself (Lord Howe)',
    records: every(1800, '2018-03-31T13:00:00Z', 50),
    query: day('Australia/Lord_Howe', 'P1D'),
    rows: [
      ['2018-03-31T13:00:00Z', 49],
      ['2018-04-01T13:30:00Z', 1],
    ],
  },
  {
    title: 'the half hour that Lord Howe repeats is an hour of its own',
    records: every(900, '2018-03-31T14:00:00Z', 10),
    query: day('Australia/Lord_Howe', 'PT1H'),
    rows: [
      ['2018-03-31T14:00:00Z', 4],
      ['2018-03-31T15:00:00Z', 2],
      ['2018-03-31T15:30:00Z', 4],
    ],
  },
  {
    title: 'the hour that Berlin repeats is two hours',
    records: every(1800, '2018-10-27T23:30:00Z', 6),
    query: day('Europe/Berlin', 'PT1H'),
    rows: [
      ['2018-10-27T23:00:00Z', 1],
      ['2018-10-28T00:00:00Z', 2],
      ['2018-10-28T01:00:00Z', 2],
      ['2018-10-28T02:00:00Z', 1],
    ],
  },
  {
    title: 'one source in many hours of a day is one source of that day',
    records: every(3600, '2018-06-20T00:00:00Z', 30),
    query: { splits: [{ field: 'time', bucket: 'P1D' }], measures: ['unique_sources', 'hours_active'] },
    rows: [
      ['2018-06-20T00:00:00Z', 1, 24],
      ['2018-06-21T00:00:00Z', 1, 6],
    ],
  },
  {
    title: 'one source alone, by the day of New York',
    records: every(3600, '2018-06-20T00:00:00Z', 30),
    query: {
      splits: [{ field: 'time', bucket: 'P1D' }],
      measures: ['unique_sources'],
      timezone: 'America/New_York',
    },
    rows: [
      ['2018-06-19T04:00:00Z', 1],
      ['2018-06-20T04:00:00Z', 1],
      ['2018-06-21T04:00:00Z', 1],
    ],
  },
  {
    title: 'actions by the day, in one skip hours',
    records: every(3600, '2018-06-20T00:00:00Z', 30),
    query: {
      splits: [{ field: 'srcaddr' }, { field: 'time', bucket: 'P1D' }],
      filter: [{ field: 'srcaddr', in: ['10.0.0.1'] }],
    },
    rows: [
      ['10.0.0.1', '2018-06-20T00:00:00Z', 24],
      ['10.0.0.1', '2018-06-21T00:00:00Z', 6],
    ],
  },
  {
    title: 'weeks begin on Monday, quarters in January',
    records: [...every(86_400, '2018-03-31T00:00:00Z', 3)],
    query: {
      splits: [
        { field: 'time', bucket: 'P3M' },
        { field: 'time', bucket: 'P1W' },
      ],
    },
    rows: [
      ['2018-01-01T00:00:00Z', '2018-03-26T00:00:00Z', 1],
      ['2018-04-01T00:00:00Z', '2018-03-26T00:00:00Z', 1],
      ['2018-04-01T00:00:00Z', '2018-04-02T00:00:00Z', 1],
    ],
  },
  {
    title: 'a week earlier is the same local hour, although clocks changed between',
    records: [
      { start: second('2018-10-24T10:00:00Z'), srcaddr: '10.0.0.1' },
      { start: second('2018-10-31T11:30:00Z'), srcaddr: '10.0.0.1' },
    ],
    query: {
      time: { from: '2018-10-31T00:00:00', to: '2018-11-01T00:00:00' },
      splits: [{ field: 'time', bucket: 'PT1H' }],
      compare: { shift: 'P7D' },
      timezone: 'Europe/Berlin',
    },
    rows: [['2018-10-31T11:00:00Z', 1, 1, 0]],
  },
  {
    title: 'addresses sort as numbers, IPv4 before IPv6, null last',
    records: [...addresses.toReversed(), null, '9.0.0.0', '2001:db8::10', '2001:db8::9'].map((srcaddr) => ({
      srcaddr,
      start: 1_529_452_800,
    })),
    query: { splits: [{ field: 'srcaddr', sort: { by: 'srcaddr' } }] },
    rows: [
      '0.0.0.0',
      '8.8.8.8',
      '9.0.0.0',
      '10.0.0.1',
      '10.0.0.2',
      '10.200.3.4',
      '93.184.216.34',
      '172.31.9.69',
      '203.0.113.9',
      '255.255.255.255',
      '::',
      '::1',
      '2001:db8::1',
      '2001:db8::9',
      '2001:db8::10',
      '2001:db8::2:1',
      '2001:db8:0:1::2',
      '2606:4700::1111',
      'fe80::1',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      null,
    ].map((address) => [address, 1]),
  },
  {
    title: 'IPv6 blocks end within a half',
    records: ['2001:db8::1', '2001:db8:0:0:8000::', '2001:db8:0:1::', '2001:db9::', '10.0.0.1', null].map(
      (srcaddr) => ({
        srcaddr,
        start: 1_529_452_800,
      }),
    ),
    query: {
      filter: [{ field: 'srcaddr', cidr: ['2001:db8::/65', '2001:db8:0:1::5/64'] }],
      splits: [{ field: 'srcaddr', sort: { by: 'srcaddr' } }],
    },
    rows: [
      ['2001:db8::1', 1],
      ['2001:db8:0:1::', 1],
    ],
  },
  {
    title: 'every text comes back as it went in',
    records: hostileTexts.map((instance_tag) => ({ instance_tag, start: 1_529_452_800 })),
    query: { splits: [{ field: 'instance_tag', sort: { by: 'instance_tag' } }] },
    rows: hostileTexts
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((text) => [text, 1]),
  },
  {
    title: 'counters beyond 2^53 are exact, and text',
    records: [
      { bytes: 9_007_199_254_740_993n, start: 1_529_452_800 },
      { bytes: 9_223_372_036_854_775_807n, start: 1_529_452_800 },
      { bytes: null, start: 1_529_452_800 },
    ],
    query: { measures: ['bytes', 'packets', 'flows'] },
    rows: [['9232379236109516800', null, 3]],
  },
  {
    title: 'a conversation seen in consecutive minutes is one connection',
    records: [
      conversation(0, 55),
      conversation(1, 55),
      conversation(2, 55),
      // A minute and a half of silence: another one.
      conversation(4.5, 20),
      // The other way round, at another interface, to another port: others.
      conversation(1, 55, { srcaddr: '10.0.0.1', dstaddr: '203.0.113.9', srcport: 80, dstport: 40_000 }),
      conversation(1, 55, { interface_id: 'eni-2' }),
      conversation(1, 55, { dstport: 81 }),
      // The same record twice.
      conversation(1, 55, { dstport: 81 }),
      // A window of ten minutes reaches ten minutes.
      conversation(0, 590, { dstport: 82 }),
      conversation(19, 30, { dstport: 82 }),
      conversation(30, 30, { dstport: 82 }),
    ],
    query: { measures: ['connections', 'flows'] },
    rows: [[7, 11]],
  },
  {
    title: 'what began before the range does not begin in it',
    records: [conversation(0, 55), conversation(1, 55), conversation(2, 55, { action: 'REJECT' })],
    query: {
      time: { from: '2018-06-20T00:01:00Z', to: '2018-06-20T00:10:00Z' },
      filter: [{ field: 'action', in: ['REJECT'] }],
      measures: ['connections', 'flows'],
    },
    rows: [[0, 1]],
  },
  ...[
    { field: 'action', first: 'ACCEPT', second: 'REJECT' },
    { field: 'vpc_id', first: 'vpc-a', second: 'vpc-b' },
    { field: 'pkt_srcaddr', first: '10.0.0.1', second: '2001:db8::1' },
    { field: 'tcp_flags', first: 2, second: 18 },
    { field: 'vpc_id', first: 'vpc-z', second: null },
  ].map(({ field, first: one, second: other }) => ({
    title: `of equal records the first by ${field} begins the connection, whichever came first (${other})`,
    records: [conversation(0, 55, { [field]: other }), conversation(0, 55, { [field]: one })],
    query: {
      splits: [{ field, sort: { by: field, order: 'asc' } }],
      measures: ['connections'],
    },
    rows: [
      [one, 1],
      [other, 0],
    ],
  })),
  {
    title: 'flows per hour count the hours with logs, and edges by what is in the range',
    records: [
      ...every(600, '2018-06-20T00:00:00Z', 6),
      { start: second('2018-06-20T02:10:00Z'), log_status: 'NODATA' },
    ],
    query: {
      time: { from: '2018-06-20T00:30:00Z', to: '2018-06-20T03:00:00Z' },
      measures: ['flows_per_hour', 'flows'],
    },
    rows: [[2, 3]],
  },
  {
    title: 'rates by the second count the seconds with logs',
    records: [
      ...every(600, '2018-06-20T00:00:00Z', 6).map((flow) => ({ ...flow, bytes: 900, packets: 9 })),
      { start: second('2018-06-20T02:10:00Z'), log_status: 'NODATA' },
    ],
    query: {
      time: { from: '2018-06-20T00:30:00Z', to: '2018-06-20T03:00:00Z' },
      measures: [
        'flows_per_second',
        'bytes_per_second',
        'bits_per_second',
        'packets_per_second',
        'per_second(rejected_flows)',
      ],
    },
    // An hour and a half is known of two and a half.
    rows: [[3 / 5400, 0.5, 4, 27 / 5400, 0]],
  },
  {
    title: 'measures that their names define',
    records: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => ({
      ...conversation(n, n),
      dstport: n % 3,
      bytes: n * 100,
      packets: n,
    })),
    query: {
      measures: [
        'p50(bytes)',
        'p90(packets)',
        'p91(packets)',
        'p1(duration)',
        'distinct(dstport)',
        'bytes/packets',
        'distinct(dstport)/flows',
        'flows/rejected_flows',
      ],
    },
    rows: [[500, 9, 10, 1, 3, 100, 0.3, null]],
  },
  {
    title: 'hours of the day and weekdays as clocks read in a zone, and rates by the time that they leave',
    records: [
      ...every(3600, '2018-06-18T00:00:00Z', 48),
      // Ten more on Monday from 8 to 9 in Kolkata.
      ...every(60, '2018-06-18T03:00:00Z', 10),
    ],
    query: {
      time: { from: '2018-06-18T00:00:00Z', to: '2018-06-20T00:00:00Z' },
      filter: [
        { field: 'weekday', in: [1] },
        { field: 'hour_of_day', between: [8, 9] },
      ],
      splits: [{ field: 'hour_of_day', sort: { by: 'hour_of_day' } }],
      measures: ['flows', 'flows_per_hour'],
      timezone: 'Asia/Kolkata',
    },
    rows: [
      [8, 11, 11],
      [9, 1, 1],
    ],
  },
  {
    title: 'an IPv6 address whose last 32 bits could be an IPv4 address, by its text and its part of it',
    records: ['::1.2.3.4', '::1.2.0.0', '::1', '::ffff:0:1.2.3.4', '10.0.0.1'].map((srcaddr) => ({
      ...every(60, '2018-06-18T00:00:00Z', 1)[0],
      srcaddr: canonicalIpv6(srcaddr) ?? srcaddr,
    })),
    query: {
      filter: [{ field: 'srcaddr', contains: '102:' }],
      splits: [{ field: 'srcaddr', sort: { by: 'srcaddr' } }],
    },
    rows: [
      ['::102:0', 1],
      ['::102:304', 1],
      ['::ffff:0:102:304', 1],
    ],
  },
  {
    title: 'hours of the day beside other numbers of different values, where clocks are half an hour off',
    // A quarter of an hour before and after 5 o'clock, on a Wednesday, in Kolkata.
    records: every(1800, '2018-06-19T23:15:00Z', 2),
    query: { measures: ['distinct(hour_of_day)', 'distinct(weekday)', 'flows'], timezone: 'Asia/Kolkata' },
    rows: [[2, 1, 2]],
  },
  {
    title: 'several ranges of time, moved with an earlier period, and rows in order of their change',
    records: [
      ...every(60, '2018-06-18T00:00:00Z', 3),
      ...every(60, '2018-06-20T00:00:00Z', 5),
      ...every(60, '2018-06-21T00:00:00Z', 7),
      ...every(60, '2018-06-20T12:00:00Z', 2).map((flow) => ({ ...flow, srcaddr: '10.0.0.2' })),
    ],
    query: {
      time: { from: '2018-06-20T00:00:00Z', to: '2018-06-22T00:00:00Z' },
      filter: [
        {
          field: 'time',
          ranges: [
            { from: '2018-06-20T00:00:00Z', to: '2018-06-20T00:02:00Z' },
            { from: '2018-06-20T12:00:00Z', to: '2018-06-20T13:00:00Z' },
          ],
        },
      ],
      compare: { shift: 'P2D' },
      splits: [{ field: 'srcaddr', sort: { by: 'flows_change' } }],
    },
    // The first two minutes had two flows each time; the other address is new.
    rows: [
      ['10.0.0.2', 2, 0, 2],
      ['10.0.0.1', 2, 2, 0],
    ],
  },
];
