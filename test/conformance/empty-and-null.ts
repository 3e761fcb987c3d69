import type { FlowObject } from './flow-object.ts';

const START = 1_529_452_800;

/** Flows of which some have no port, flags or text. */
export const someWithout: readonly FlowObject[] = Array.from({ length: 60 }, (_, i) => ({
  start: START + i * 300,
  srcaddr: `10.0.0.${i % 9}`,
  dstaddr: `10.0.1.${i % 4}`,
  dstport: i % 5 === 0 ? null : [22, 80, 443, 8080][i % 4]!,
  tcp_flags: i % 7 === 0 ? null : (i % 3) + 1,
  subnet_id: i % 6 === 0 ? null : `subnet-${i % 3}`,
  action: i % 2 === 0 ? 'ACCEPT' : 'REJECT',
  bytes: i * 10,
  packets: 1 + (i % 4),
}));

const nothingMatches: readonly object[] = [
  {
    filter: [
      { field: 'dstport', in: [22] },
      { field: 'dstport', in: [80] },
    ],
  },
  {
    filter: [
      { field: 'dstport', in: [22] },
      { field: 'dstport', in: [22], not: true },
    ],
  },
  {
    filter: [
      { field: 'dstport', between: [1, 20] },
      { field: 'dstport', between: [30, 40] },
    ],
  },
  { filter: [{ field: 'dstport', in: [99_999] }] },
  {
    filter: [
      { field: 'action', in: ['ACCEPT'] },
      { field: 'action', in: ['REJECT'] },
    ],
  },
  { filter: [{ field: 'srcaddr', in: [] }] },
  { filter: [{ field: 'srcaddr', cidr: [] }] },
  { having: [{ measure: 'packets', between: [0.1, 0.9] }] },
  {
    having: [
      { measure: 'flows', between: [1, 2] },
      { measure: 'flows', between: [5, 6] },
    ],
  },
  { having: [{ measure: 'unique_sources', between: [100, null] }] },
];

/** Questions in which nothing matches, or some rows have no value, in forms that databases treat apart from others. */
export const questionsOfFew: readonly object[] = [
  ...nothingMatches.flatMap((no) => [
    { ...no, measures: ['flows', 'packets'], splits: [{ field: 'dstport', limit: 3 }] },
    {
      ...no,
      measures: ['unique_sources', 'hours_active', 'bytes'],
      splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'hours_active' } }],
      subtotals: true,
    },
    {
      ...no,
      splits: [
        { field: 'tcp_flags', limit: 2 },
        { field: 'time', bucket: 'PT1H' },
      ],
    },
    { ...no, splits: [{ field: 'time', bucket: 'PT1H' }] },
    no,
  ]),
  ...['dstport', 'tcp_flags', 'subnet_id'].flatMap((field) => [
    ...[1, 2, 4].flatMap((limit) =>
      [{ other: true }, { subtotals: true }].map((whole) => ({
        ...whole,
        measures: ['unique_sources', 'unique_destinations', 'flows'],
        splits: [{ field, limit }],
      })),
    ),
    {
      measures: ['unique_sources'],
      splits: [{ field }],
      having: [{ measure: 'unique_sources', between: [null, 100] }],
      subtotals: true,
    },
    {
      measures: ['unique_sources', 'hours_active'],
      splits: [{ field, sort: { by: 'hours_active' } }],
      having: [{ measure: 'unique_sources', between: [null, 100] }],
      subtotals: true,
    },
    { measures: ['bytes'], splits: [{ field, limit: 3 }], having: [{ measure: 'bytes', between: [0, 0] }] },
  ]),
];

/** Values of fields in ascending order, those without one last. */
export const inOrder: Readonly<Record<string, readonly (string | number | null)[]>> = {
  srcaddr: ['9.0.0.1', '10.0.0.2', '10.0.0.10', '2001:db8::9', '2001:db8::10', null],
  dstport: [9, 22, 80, 443, 65_535, null],
  subnet_id: ['a', 'b', 'ba', 'c', 'd', null],
};

/** Addresses of which one is another written in IPv6 (RFC 4291, 2.5.5), and what finds them. */
export const mapped: readonly FlowObject[] = [
  '1.2.3.4',
  '::ffff:1.2.3.4',
  '::ffff:1.2.3.4',
  '::102:304',
  '2001:db8::1',
].map((srcaddr) => ({ srcaddr, start: START }));

export const mappedQuestions: readonly object[] = [
  ['::ffff:1.2.3.4'],
  ['::ffff:102:304'],
  ['::1.2.3.4'],
  ['::102:304'],
  ['1.2.3.4', '2001:DB8:0::1'],
].flatMap((addresses) => [
  { filter: [{ field: 'srcaddr', in: addresses }], splits: [{ field: 'srcaddr' }] },
  { filter: [{ field: 'srcaddr', in: addresses, not: true }], splits: [{ field: 'srcaddr' }] },
  { filter: [{ field: 'srcaddr', cidr: addresses }], splits: [{ field: 'srcaddr' }] },
]);
