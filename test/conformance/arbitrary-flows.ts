import fc from 'fast-check';
import type { FlowObject } from './flow-object.ts';

/** Texts that break what is pasted, escaped or cut short. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  "it's",
  "'; DROP TABLE flow; --",
  '"quoted"',
  'back\\slash',
  '100%_sure',
  'nul\0inside',
  '\0',
  'a\nb\tc',
  '日本語',
  '😀🇩🇪',
  'ÄÖÜ straße',
  '$1',
  '${version}',
  '-',
  'null',
  'NULL',
  'REJECT',
  'x'.repeat(300),
];

export const addresses: readonly string[] = [
  '0.0.0.0',
  '10.0.0.1',
  '10.0.0.2',
  '10.200.3.4',
  '172.31.9.69',
  '203.0.113.9',
  '8.8.8.8',
  '93.184.216.34',
  '255.255.255.255',
  '::',
  '::1',
  '2001:db8::1',
  '2001:db8::2:1',
  '2001:db8:0:1::2',
  '2606:4700::1111',
  'fe80::1',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
];

export const ports: readonly number[] = [0, 22, 80, 443, 3389, 5678, 65_535];

/** Where and how widely a set of flows lies in time. */
export interface Era {
  readonly around: string;
  readonly spread: number;
  readonly timezone: string;
}

export const eras: readonly Era[] = [
  { around: '2018-06-20T12:00:00Z', spread: 3 * 3600, timezone: 'Etc/UTC' },
  { around: '2018-10-28T01:00:00Z', spread: 30 * 3600, timezone: 'Europe/Berlin' },
  { around: '2018-03-11T07:00:00Z', spread: 2 * 3600, timezone: 'America/New_York' },
  { around: '2018-04-01T15:00:00Z', spread: 26 * 3600, timezone: 'Australia/Lord_Howe' },
  { around: '2018-06-20T18:30:00Z', spread: 40 * 3600, timezone: 'Asia/Kolkata' },
  { around: '2018-03-05T00:00:00Z', spread: 80 * 86_400, timezone: 'Europe/Berlin' },
];

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | null> =>
  fc.option(fc.constantFrom(...values), { freq: 8, nil: null });

/** Records of an era: few different values, so that groups, ties and conversations come about. */
export function arbitraryFlows(era: Era): fc.Arbitrary<readonly FlowObject[]> {
  const center = Date.parse(era.around) / 1000;
  const start = fc.oneof(
    fc.integer({ min: center - era.spread, max: center + era.spread }),
    fc.integer({ min: -4, max: 4 }).map((n) => center + n * 600),
  );
  const columns = {
    interface_id: maybe(['eni-1', 'eni-2']),
    srcaddr: maybe(addresses),
    dstaddr: maybe(addresses.slice(0, 12)),
    srcport: maybe([0, 40_000, 40_001]),
    dstport: maybe(ports),
    protocol: fc.constantFrom(6, 17, null),
    packets: fc.option(fc.integer({ min: 0, max: 2000 }), { nil: null }),
    bytes: fc.oneof(
      fc.nat(5000),
      fc.constantFrom<bigint | null>(9_007_199_254_740_993n, 9_223_372_036_854_775_807n, null),
    ),
    action: maybe(['ACCEPT', 'REJECT']),
    vpc_id: maybe(['vpc-1', 'VPC-1', 'vpc-2']),
    instance_tag: maybe(hostileTexts),
    tcp_flags: maybe([0, 2, 18]),
    encryption_status: maybe([0, 4_294_967_295]),
    pkt_srcaddr: maybe(addresses),
  };
  // Not every input logs every field: some columns are not there at all.
  const optional = Object.keys(columns).filter((name) => !['srcaddr', 'dstport'].includes(name));
  return fc
    .record({ missing: fc.subarray(optional, { maxLength: 4 }), hasEnd: fc.boolean() })
    .chain(({ missing, hasEnd }) =>
      fc.array(
        fc
          .record({
            ...columns,
            start: fc.option(start, { freq: 30, nil: null }),
            lasts: fc.constantFrom(-5, 0, 10, 55, 60, 61, 590, 700, 90_000, null),
            status: fc.constantFrom('OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'NODATA', 'SKIPDATA'),
          })
          .map(({ lasts, status, ...record }): FlowObject => {
            const end = record.start === null || lasts === null ? null : record.start + lasts;
            const all = { ...record, ...(hasEnd ? { end } : {}), log_status: status };
            return Object.fromEntries(Object.entries(all).filter(([name]) => !missing.includes(name)));
          }),
        { minLength: 30, maxLength: 90 },
      ),
    );
}
