import { describe, expect, test } from 'vitest';
import { fields } from '../../model/catalog/fields.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { duckdb } from '../dialects/duckdb/duckdb-dialect.ts';
import { planQuery } from './plan.ts';
import { EPHEMERAL } from './usual-rollups.ts';

const DAY = { from: Date.UTC(2018, 5, 20), to: Date.UTC(2018, 5, 21) };

/** The table that can answer all splits; `flow` is the table of flows. */
function tableFor(query: object, range: ResolvedRange | null = DAY, flowsFrom = 0): string {
  const context = {
    range,
    columns: new Set(fields.map(({ name }) => name)),
    rollups: duckdb.rollups,
    flowsFrom,
  };
  return planQuery(parseQuery(query), context, duckdb).sources.rollup?.table ?? 'flow';
}

/** Only says that there is a range; its values are in the context. */
const time = { from: '2018-06-20T00:00:00Z', to: '2018-06-21T00:00:00Z' };
const by = (...splits: readonly string[]) => ({ splits: splits.map((field) => ({ field })) });
const rejected = { field: 'action', in: ['REJECT'] };
const ports = (...values: readonly (number | null)[]) => ({ field: 'dstport', in: values });

describe('the smallest table that can answer', () => {
  test.each([
    ['totals', {}, 'flow_interface_hour'],
    [
      'the interfaces of rejected flows',
      { ...by('interface_id'), filter: [rejected] },
      'flow_interface_hour',
    ],
    ['all rejected ports', { ...by('dstport'), filter: [rejected] }, 'flow_port_day'],
    ['protocols, with amounts', { ...by('protocol'), measures: ['bytes', 'packets'] }, 'flow_interface_hour'],
    ['protocols of a port', { ...by('protocol'), filter: [ports(80)] }, 'flow_port_day'],
    ['sources', by('srcaddr'), 'flow_address_day'],
    ['days of a source', { splits: [{ field: 'time', bucket: 'P1D' }], filter: [{ field: 'srcaddr', in: ['10.0.0.1'] }] }, 'flow_address_day'], // prettier-ignore
    ['hours of a source', { splits: [{ field: 'time', bucket: 'PT1H' }], filter: [{ field: 'srcaddr', in: ['10.0.0.1'] }] }, 'flow_hour'], // prettier-ignore
    ['the AWS services of sources', by('pkt_src_aws_service'), 'flow_address_day'],
    ['sources of a port', { ...by('srcaddr'), filter: [ports(80)] }, 'flow_hour'],
    ['the number of sources of a port', { ...by('dstport'), measures: ['unique_sources'], filter: [rejected] }, 'flow_hour'], // prettier-ignore
    ['hours', { splits: [{ field: 'time', bucket: 'PT1H' }] }, 'flow_interface_hour'],
    ['hours active', { measures: ['hours_active'] }, 'flow_interface_hour'],
    ['minutes', { splits: [{ field: 'time', bucket: 'PT1M' }] }, 'flow'],
    ['source ports, which no rollup has', by('srcport'), 'flow'],
    ['a filter on a source port', { filter: [{ field: 'srcport', in: [53] }] }, 'flow'],
    ['connections, which need each flow', { measures: ['connections'] }, 'flow'],
  ])('%s', (_, query, table) => {
    expect(tableFor(query)).toBe(table);
  });
});

describe('hours of a time zone', () => {
  test.each([
    ['Europe/Berlin', 'PT1H', 'flow_interface_hour'],
    ['Asia/Kolkata', 'PT1H', 'flow'],
    ['Europe/Berlin', 'P1D', 'flow_interface_hour'],
    ['Asia/Kolkata', 'P1D', 'flow'],
    ['Asia/Kolkata', 'PT15M', 'flow'],
  ])('%s, %s', (timezone, bucket, table) => {
    expect(tableFor({ timezone, splits: [{ field: 'time', bucket }] })).toBe(table);
  });
});

// The hourly rollup has null for the ephemeral port of answers. `srcaddr` makes sure that the rollup of ports is not chosen.
describe('ports that the hourly rollup may not have', () => {
  const below = EPHEMERAL - 1;
  test.each([
    ['split by', by('srcaddr', 'dstport'), 'flow'],
    ['split by, only rejected flows, whose ports are kept', { ...by('srcaddr', 'dstport'), filter: [rejected] }, 'flow_hour'],
    ['split by, all but rejected flows', { ...by('srcaddr', 'dstport'), filter: [{ ...rejected, not: true }] }, 'flow'],
    ['split by, rejected and accepted flows', { ...by('srcaddr', 'dstport'), filter: [{ field: 'action', in: ['REJECT', 'ACCEPT'] }] }, 'flow'],
    ['split by, ports below them', { ...by('srcaddr', 'dstport'), filter: [ports(below)] }, 'flow_hour'],
    ['split by, all ports but one below them', { ...by('srcaddr', 'dstport'), filter: [{ ...ports(below), not: true }] }, 'flow'],
    ['the last port below them', { ...by('srcaddr'), filter: [ports(below)] }, 'flow_hour'],
    ['the first ephemeral port', { ...by('srcaddr'), filter: [ports(EPHEMERAL)] }, 'flow'],
    ['a port below and an ephemeral port', { ...by('srcaddr'), filter: [ports(80, EPHEMERAL)] }, 'flow'],
    ['no port', { ...by('srcaddr'), filter: [ports(null)] }, 'flow'],
    ['all but a port below', { ...by('srcaddr'), filter: [{ ...ports(80), not: true }] }, 'flow_hour'],
    ['all but an ephemeral port', { ...by('srcaddr'), filter: [{ ...ports(EPHEMERAL), not: true }] }, 'flow'],
    ['a range up to the last port below', { ...by('srcaddr'), filter: [{ field: 'dstport', between: [0, below] }] }, 'flow_hour'],
    ['a range up to the first ephemeral port', { ...by('srcaddr'), filter: [{ field: 'dstport', between: [0, EPHEMERAL] }] }, 'flow'],
    ['a range without an end', { ...by('srcaddr'), filter: [{ field: 'dstport', between: [80, null] }] }, 'flow'],
  ])('%s', (_, query, table) => {
    expect(tableFor(query)).toBe(table);
  });
}); // prettier-ignore

describe('a comparison with an earlier time', () => {
  test.each([
    ['P1D', 'srcaddr', 'flow_address_day'],
    ['PT1H', 'srcaddr', 'flow_hour'],
    ['PT30M', 'srcaddr', 'flow'],
    ['P1D', 'dstport', 'flow_port_day'],
    ['PT1H', 'dstport', 'flow_hour'],
  ])('%s earlier, by %s', (shift, field, table) => {
    expect(tableFor({ ...by(field), time, compare: { shift }, filter: [rejected] })).toBe(table);
  });
});

describe('a short range, which has fewer flows than rollup rows', () => {
  const hours = (count: number) => ({ from: DAY.from, to: DAY.from + count * 3_600_000 });
  test.each([
    ['four hours', hours(4), 0, 'flow'],
    ['a millisecond more', { ...hours(4), to: hours(4).to + 1 }, 0, 'flow_address_day'],
    ['all data', null, 0, 'flow_address_day'],
    ['four hours whose flows begin with them', hours(4), DAY.from / 1000, 'flow'],
    ['four hours whose flows begin an hour later', hours(4), DAY.from / 1000 + 3600, 'flow_address_day'],
  ])('%s', (_, range, flowsFrom, table) => {
    expect(tableFor(by('srcaddr'), range, flowsFrom)).toBe(table);
  });

  test('needs the rollup if the earlier period of a comparison has no flows any more', () => {
    const query = { ...by('srcaddr'), time, compare: { shift: 'P1D' } };
    expect(tableFor(query, hours(4), DAY.from / 1000)).toBe('flow_address_day');
    expect(tableFor(query, hours(4), DAY.from / 1000 - 86_400)).toBe('flow');
  });
});
