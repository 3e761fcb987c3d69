import fc from 'fast-check';
import { derivedFields } from '../../src/model/catalog/derived-fields.ts';
import { fields } from '../../src/model/catalog/fields.ts';
import { measures } from '../../src/model/catalog/measures.ts';
import { MAX_MEASURES } from '../../src/model/query/limits.ts';
import { type Era, addresses, hostileTexts, ports } from './arbitrary-flows.ts';

const enrichedFields = [
  'src_name',
  'dst_name',
  'src_country',
  'dst_country',
  'dst_vpc',
  'src_as_name',
  'dst_tags',
  'src_security_groups',
  'dst_kind',
  'src_cloud_service',
  'service_name',
  'initiator',
  'direction',
  'src_side',
  'dst_side',
];
const enrichedValue = fc.constantFrom('alpha', 'beta', 'gamma', 'before', 'after', "it's", 'US', 'DE', 'vpc-1', 'vpc-2', 'private', 'a=1, b=2', 'admin, web', 'S3', 'ssh', 'http', 'source', 'inbound', 'outbound', 'internal', 'external'); // prettier-ignore
const measureNames = [
  ...measures.map(({ name }) => name),
  'distinct(dstport)',
  'distinct(instance_tag)',
  'distinct(srcaddr)',
  'distinct(dst_name)',
  'distinct(region)',
  'p50(bytes)',
  'p95(packets)',
  'p99(duration)',
  'per_second(rejected_flows)',
  'bytes/packets',
  'distinct(srcaddr)/flows_per_hour',
];
const anyMeasure = fc.constantFrom(...measureNames);
const anyChange = fc
  .tuple(anyMeasure, fc.constantFrom('delta', 'change'))
  .map(([name, of]) => `${name}_${of}`);
const shifts = ['PT1H', 'PT30M', 'PT15M', 'P1D', 'P7D', 'P1M', 'P1Y', 'P1M2DT3H'];
const timeBuckets = ['PT10M', 'PT15M', 'PT1H', 'PT6H', 'P1D', 'P1W', 'P1M', 'P3M', 'P1Y'];

/** The JSON of queries about flows of an era: everything the language has. */
export function arbitraryQuery(era: Era): fc.Arbitrary<Record<string, unknown>> {
  const center = Date.parse(era.around) / 1000;
  const moment = fc
    .integer({ min: -60, max: 60 })
    .map((n) => new Date((center + Math.round((n / 40) * era.spread)) * 1000).toISOString());
  const range = fc.oneof(
    fc
      .tuple(moment, moment)
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => (from < to ? { from, to } : { from: to, to: from })),
    fc.constantFrom('PT1H', 'P1D', 'P7D', 'P1M').map((last) => ({ last })),
  );
  return fc
    .record(
      {
        time: range,
        filter: fc.oneof(
          fc.constant([]),
          fc.array(arbitraryClause(moment), { minLength: 1, maxLength: 1 }),
          fc.array(arbitraryClause(moment), { maxLength: 2 }),
        ),
        having: fc.oneof(fc.constant([]), fc.array(arbitraryHaving, { maxLength: 2 })),
        splits: fc.array(arbitrarySplit, { maxLength: 3 }),
        measures: fc.uniqueArray(anyMeasure, { minLength: 1, maxLength: 4 }),
        compare: fc.record({ shift: fc.constantFrom(...shifts) }),
        other: fc.boolean(),
        having_depth: fc.option(fc.integer({ min: 1, max: 3 })),
        hidden: fc.boolean(),
        subtotals: fc.boolean(),
        timezone: fc.constantFrom(era.timezone, era.timezone, 'Etc/UTC', 'Europe/Berlin'),
      },
      { requiredKeys: ['measures', 'timezone'] },
    )
    .map(({ having_depth, ...query }) => {
      const fits = having_depth != null && having_depth <= (query.splits ?? []).length;
      return fits ? { ...query, having_depth } : query;
    })
    .map((query) => {
      // An earlier period needs a range; and by the second, its hours with logs are more than a test can count.
      const bySecond =
        /per_hour|per_second/.test(JSON.stringify(query)) &&
        (query.splits ?? []).some(
          (split) => ['time', 'start'].includes(String(split['field'])) && split['bucket'] === undefined,
        );
      if (query.time !== undefined && !bySecond)
        return query.compare === undefined ? withoutChanges(query) : query;
      const { compare: _, ...rest } = query;
      const plain = (rest.filter ?? []).filter((clause) => !isOfTime(clause));
      return withoutChanges(bySecond ? { ...rest, filter: plain } : rest);
    });
}

/** The JSON of queries that count the different values of dimensions, up to as many as one query may ask for. */
export function arbitraryCounts(era: Era): fc.Arbitrary<Record<string, unknown>> {
  const counted = [...fields, ...derivedFields].flatMap(({ name, role }) =>
    role === 'dimension' ? `distinct(${name})` : [],
  );
  const measured = fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...counted), { minLength: 1, maxLength: MAX_MEASURES - 2 }),
      fc.uniqueArray(anyMeasure, { maxLength: 2 }),
    )
    .map(([counts, others]) => [...new Set([...counts, ...others])]);
  return fc
    .tuple(arbitraryQuery(era), measured)
    .map(([{ time, filter = [], timezone }, measures]) =>
      time === undefined ? { filter, timezone, measures } : { time, filter, timezone, measures },
    );
}

/** A change is there to sort by only where there is an earlier period. */
function withoutChanges(query: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(query).replaceAll(/_(delta|change)"/g, '"')) as Record<string, unknown>;
}

function isOfTime(clause: Record<string, unknown>): boolean {
  return 'ranges' in clause || ['hour_of_day', 'weekday'].includes(String(clause['field']));
}

const not = fc.option(fc.boolean(), { nil: undefined });

function arbitraryClause(moment: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  const text = fc.constantFrom('interface_id', 'vpc_id', 'instance_tag', 'action', 'region');
  const known = fc.constantFrom(...enrichedFields);
  const address = fc.constantFrom(
    'srcaddr',
    'dstaddr',
    'pkt_srcaddr',
    'pkt_dstaddr',
    'src_public_address',
    'dst_public_address',
    'client_address',
  );
  const integer = fc.constantFrom(
    'srcport',
    'dstport',
    'protocol',
    'tcp_flags',
    'encryption_status',
    'traffic_path',
    'src_asn',
    'service_port',
  );
  const counter = fc.constantFrom('bytes', 'packets');
  const time = fc.constantFrom('time', 'start', 'end');
  const anyText = fc.constantFrom(...hostileTexts, 'vpc-1', 'eni-1', 'ACCEPT', 'REJECT', 'nowhere');
  const number = fc.constantFrom(...ports, 2, 6, 18, 15_169, 100, 4_294_967_295, 5_000_000_000);
  const patterns = fc.constantFrom(
    '^vpc-',
    '1$',
    '[0-9]{2}',
    '^$',
    '.',
    'a|e',
    "'",
    '%_',
    '\\\\',
    '::',
    '^10\\.',
    'db8',
  );
  const needles = fc.constantFrom(
    '',
    'VPC',
    'e',
    '%',
    '_',
    "'",
    '\\',
    '\0',
    '😀',
    'ö',
    '0',
    '10.',
    '::',
    'DB8',
    '43',
    'x',
  );
  const blocks = fc.constantFrom(
    '10.0.0.0/8',
    '10.0.0.1',
    '10.0.0.3/30',
    '0.0.0.0/0',
    '203.0.113.0/24',
    '::/0',
    '2001:db8::/32',
    '2001:db8::/64',
    '2001:db8::/96',
    '::1',
    'fe80::/10',
  );
  const nullable = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> =>
    fc.array(fc.option(values, { freq: 6, nil: null }), { maxLength: 4 });
  const bounds = (low: fc.Arbitrary<number>): fc.Arbitrary<(number | null)[]> =>
    fc.tuple(fc.option(low, { nil: null }), fc.option(low, { nil: null })).map(ordered);
  const exact = fc.constantFrom<number | string>(0, 40, 1000, '9007199254740993', '9223372036854775807');
  return fc.oneof(
    fc.record({ field: known, in: nullable(enrichedValue), not }),
    fc.record({ field: known, contains: needles, not }),
    fc.record({ field: known, matches: patterns, not }),
    fc.record({ field: text, in: nullable(anyText), not }),
    fc.record({ field: text, contains: needles, not }),
    fc.record({ field: text, matches: patterns, not }),
    fc.record({
      field: address,
      in: nullable(fc.constantFrom(...addresses, '8.8.8.8', '2001:DB8:0::1')),
      not,
    }),
    fc.record({ field: address, cidr: fc.array(blocks, { maxLength: 3 }), not }),
    fc.record({ field: address, contains: needles, not }),
    fc.record({ field: address, matches: patterns, not }),
    fc.record({ field: integer, in: nullable(number), not }),
    fc.record({ field: integer, between: bounds(fc.oneof(number, fc.constant(21.5), fc.constant(-1))), not }),
    fc.record({ field: integer, contains: needles, not }),
    fc.record({ field: integer, matches: patterns, not }),
    fc.record({ field: counter, in: nullable(exact), not }),
    fc.record({ field: counter, between: bounds(fc.nat(6000)), not }),
    fc.record({
      field: time,
      between: fc.tuple(fc.option(moment, { nil: null }), fc.option(moment, { nil: null })).map(ordered),
      not,
    }),
    fc.record({ field: time, in: nullable(moment), not }),
    fc.record({
      field: time,
      ranges: fc.array(
        fc
          .tuple(moment, moment)
          .filter(([from, to]) => from !== to)
          .map(([from, to]) => (from < to ? { from, to } : { from: to, to: from })),
        { maxLength: 3 },
      ),
      not,
    }),
    fc.record({ field: fc.constant('hour_of_day'), in: nullable(fc.nat(25)), not }),
    fc.record({ field: fc.constantFrom('hour_of_day', 'weekday'), between: bounds(fc.nat(24)), not }),
    fc.record({ field: fc.constant('weekday'), in: nullable(fc.nat(8)), not }),
  );
}

const arbitraryHaving = fc.record({
  measure: anyMeasure,
  between: fc
    .tuple(
      fc.option(fc.constantFrom(0, 0.5, 1, 2, 5, 1000), { nil: null }),
      fc.option(fc.constantFrom(1, 3, 20, 1e15), { nil: null }),
    )
    .map(ordered),
});

const arbitrarySplit: fc.Arbitrary<Record<string, unknown>> = fc
  .oneof(
    fc
      .constantFrom(
        'srcaddr',
        'dstaddr',
        'pkt_srcaddr',
        'pkt_dstaddr',
        'dstport',
        'protocol',
        'action',
        'vpc_id',
        'instance_tag',
        'region',
        'encryption_status',
        'src_public_address',
        'dst_public_address',
        'src_asn',
        'server_address',
        'service_port',
        'hour_of_day',
        'weekday',
        ...enrichedFields,
        ...enrichedFields,
      )
      .map((field) => ({ field })),
    fc.record({
      field: fc.constantFrom('time', 'time', 'start', 'end'),
      bucket: fc.constantFrom(...timeBuckets),
    }),
    fc.constant({ field: 'time' }),
    fc.record({
      field: fc.constantFrom('bytes', 'packets'),
      bucket: fc.constantFrom(1, 100, 1000, 2.5, 0.1),
    }),
    fc.record({ field: fc.constantFrom('hour_of_day', 'weekday'), bucket: fc.constantFrom(2, 6, 1.5) }),
    fc.record({ field: fc.constantFrom('dstport', 'srcport'), bucket: fc.constantFrom(1, 1024, 7.5) }),
  )
  .chain((split) =>
    fc.record(
      {
        field: fc.constant(split.field),
        ...('bucket' in split ? { bucket: fc.constant(split.bucket) } : {}),
        limit: fc.constantFrom<number | null>(1, 2, 3, 5, 100, null),
        sort: fc.record(
          {
            by: fc.oneof(anyMeasure, anyChange, fc.constant(split.field)),
            order: fc.constantFrom('asc', 'desc'),
          },
          { requiredKeys: ['by'] },
        ),
      },
      { requiredKeys: ['field', ...('bucket' in split ? ['bucket'] : [])] } as never,
    ),
  );

function ordered<T extends number | string>([low, high]: readonly (T | null)[]): (T | null)[] {
  return low !== null && high !== null && low !== undefined && high !== undefined && low > high
    ? [high, low]
    : [low ?? null, high ?? null];
}
