import { describe, expect, test } from 'vitest';
import { fields } from '../../model/catalog/fields.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { duckdb } from '../dialects/duckdb/duckdb-dialect.ts';
import { planQuery } from './plan.ts';
import { EPHEMERAL } from './usual-rollups.ts';

const DAY = { from: Date.UTC(2018, 5, 20), to: Date.UTC(2018, 5, 21) };

/** The table that answers for all splits; `flow`: the flows one by one. */
function tableFor(query: object, range: ResolvedRange | null = DAY, flowsFrom = 0): string {
  const context = {
    range,
    columns: new Set(fields.map(({ name }) => name)),
    rollups: duckdb.rollups,
    flowsFrom,
  };
  return planQuery(parseQuery(query), context, duckdb).sources.rollup?.table ?? 'flow';
}

/** Only says that there is a range: what it means is given beside. */
const time = { from: '2018-06-20T00:00:00Z', to: '2018-06-21T00:00:00Z' };
const by = (...splits: readonly string[]) => ({ splits: splits.map((field) => ({ field })) });
const rejected = { field: 'action', in: ['REJECT'] };
const ports = (...values: readonly (number | null)[]) => ({ field: 'dstport', in: values });

describe('the smallest table that has what is asked', () => {
  test.each([
    ['the whole', {}, 'flow_port_day'],
    ['ports that are refused, all of them', { ...by('dstport'), filter: [rejected] }, 'flow_port_day'],
    ['a protocol, and amounts', { ...by('protocol'), measures: ['bytes', 'packets'] }, 'flow_port_day'],
    ['sources', by('srcaddr'), 'flow_hour'],
    ['how many sources a port has', { ...by('dstport'), measures: ['unique_sources'], filter: [rejected] }, 'flow_hour'], // prettier-ignore
    ['hours', { splits: [{ field: 'time', bucket: 'PT1H' }] }, 'flow_hour'],
    ['in how many hours', { measures: ['hours_active'] }, 'flow_hour'],
    ['minutes', { splits: [{ field: 'time', bucket: 'PT1M' }] }, 'flow'],
    ['source ports, which no table keeps', by('srcport'), 'flow'],
    ['a filter on one', { filter: [{ field: 'srcport', in: [53] }] }, 'flow'],
    ['connections, which need each flow', { measures: ['connections'] }, 'flow'],
  ])('%s', (_, query, table) => {
    expect(tableFor(query)).toBe(table);
  });
});

describe('hours of a time zone', () => {
  test.each([
    ['Europe/Berlin', 'PT1H', 'flow_hour'],
    ['Asia/Kolkata', 'PT1H', 'flow'],
    ['Europe/Berlin', 'P1D', 'flow_hour'],
    ['Asia/Kolkata', 'P1D', 'flow'],
    ['Asia/Kolkata', 'PT15M', 'flow'],
  ])('%s, %s', (timezone, bucket, table) => {
    expect(tableFor({ timezone, splits: [{ field: 'time', bucket }] })).toBe(table);
  });
});

// By the hour a port of an answer is null, so these need `srcaddr` to leave the table of ports out.
describe('ports that an hour may have lost', () => {
  const below = EPHEMERAL - 1;
  test.each([
    ['split by', by('srcaddr', 'dstport'), 'flow'],
    ['split by, of refused flows, which keep them', { ...by('srcaddr', 'dstport'), filter: [rejected] }, 'flow_hour'],
    ['split by, of all but refused flows', { ...by('srcaddr', 'dstport'), filter: [{ ...rejected, not: true }] }, 'flow'],
    ['split by, of refused and accepted flows', { ...by('srcaddr', 'dstport'), filter: [{ field: 'action', in: ['REJECT', 'ACCEPT'] }] }, 'flow'],
    ['split by, below them', { ...by('srcaddr', 'dstport'), filter: [ports(below)] }, 'flow_hour'],
    ['split by, of all but some below them', { ...by('srcaddr', 'dstport'), filter: [{ ...ports(below), not: true }] }, 'flow'],
    ['the last below them', { ...by('srcaddr'), filter: [ports(below)] }, 'flow_hour'],
    ['the first of them', { ...by('srcaddr'), filter: [ports(EPHEMERAL)] }, 'flow'],
    ['one below and one of them', { ...by('srcaddr'), filter: [ports(80, EPHEMERAL)] }, 'flow'],
    ['none at all', { ...by('srcaddr'), filter: [ports(null)] }, 'flow'],
    ['all but one below', { ...by('srcaddr'), filter: [{ ...ports(80), not: true }] }, 'flow_hour'],
    ['all but one of them', { ...by('srcaddr'), filter: [{ ...ports(EPHEMERAL), not: true }] }, 'flow'],
    ['a range up to the last below', { ...by('srcaddr'), filter: [{ field: 'dstport', between: [0, below] }] }, 'flow_hour'],
    ['a range up to the first of them', { ...by('srcaddr'), filter: [{ field: 'dstport', between: [0, EPHEMERAL] }] }, 'flow'],
    ['a range without an end', { ...by('srcaddr'), filter: [{ field: 'dstport', between: [80, null] }] }, 'flow'],
  ])('%s', (_, query, table) => {
    expect(tableFor(query)).toBe(table);
  });
}); // prettier-ignore

describe('a comparison with an earlier time', () => {
  test.each([
    ['P1D', 'srcaddr', 'flow_hour'],
    ['PT1H', 'srcaddr', 'flow_hour'],
    ['PT30M', 'srcaddr', 'flow'],
    ['P1D', 'dstport', 'flow_port_day'],
    ['PT1H', 'dstport', 'flow_hour'],
  ])('%s earlier, by %s', (shift, field, table) => {
    expect(tableFor({ ...by(field), time, compare: { shift }, filter: [rejected] })).toBe(table);
  });
});

describe('of a short range the flows are fewer than the rows of a day', () => {
  const hours = (count: number) => ({ from: DAY.from, to: DAY.from + count * 3_600_000 });
  test.each([
    ['four hours', hours(4), 0, 'flow'],
    ['a millisecond more', { ...hours(4), to: hours(4).to + 1 }, 0, 'flow_hour'],
    ['all data', null, 0, 'flow_hour'],
    ['four hours whose flows begin with them', hours(4), DAY.from / 1000, 'flow'],
    ['four hours whose flows begin an hour later', hours(4), DAY.from / 1000 + 3600, 'flow_hour'],
  ])('%s', (_, range, flowsFrom, table) => {
    expect(tableFor(by('srcaddr'), range, flowsFrom)).toBe(table);
  });

  test('unless they are compared with a time whose flows are gone', () => {
    const query = { ...by('srcaddr'), time, compare: { shift: 'P1D' } };
    expect(tableFor(query, hours(4), DAY.from / 1000)).toBe('flow_hour');
    expect(tableFor(query, hours(4), DAY.from / 1000 - 86_400)).toBe('flow');
  });
});
