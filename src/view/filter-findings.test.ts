import { expect, test } from 'vitest';
import type { Clause } from '../model/query/query.ts';
import { appliesToFindings, filterFindings, unappliedWords } from './filter-findings.ts';
import type { Schema } from './schema.ts';

const finding = (address: string | null, ports: readonly number[], ...sources: readonly string[]) =>
  ({
    target: address === null ? null : { address, interface_id: 'eni-1' },
    ports,
    sources: sources.map((source) => ({ address: source, country: 'KR' })),
  }) as unknown as Parameters<typeof filterFindings>[0][number];
const only = (field: string, ...values: readonly (string | number)[]): Clause => ({
  kind: 'in',
  field,
  values,
  not: false,
});

test('keeps findings that match each filter that applies to them', () => {
  const [one, other] = [finding('10.0.0.1', [22], '203.0.113.1'), finding(null, [22, 80], '203.0.113.2')];
  const all = [one, other];
  expect(filterFindings(all, [])).toEqual(all);
  expect(filterFindings(all, [only('dstport', 80)])).toEqual([other]);
  expect(filterFindings(all, [only('dstport', 22, 80), only('dstaddr', '10.0.0.1')])).toEqual([one]);
  expect(filterFindings(all, [only('srcaddr', '203.0.113.2')])).toEqual([other]);
  expect(filterFindings(all, [only('src_country', 'KR'), only('interface_id', 'eni-1')])).toEqual([one]);
  expect(filterFindings(all, [only('src_country', 'US')])).toEqual([]);
});

test('names the other filters, which change nothing', () => {
  const all = [finding('10.0.0.1', [22], '203.0.113.1')];
  const others: readonly Clause[] = [
    only('action', 'ACCEPT'),
    { kind: 'in', field: 'dstport', values: [80], not: true },
    { kind: 'between', field: 'dstport', low: 80, high: 90, not: false },
  ];
  for (const clause of others) {
    expect(appliesToFindings(clause)).toBe(false);
    expect(filterFindings(all, [clause])).toEqual(all);
  }
  const schema = { dimension: (field: string) => ({ label: field.toUpperCase() }) } as Pick<
    Schema,
    'dimension'
  >;
  expect(unappliedWords(others, schema)).toBe('Findings are not filtered by action, dstport.');
  expect(unappliedWords([only('dstport', 80)], schema)).toBeNull();
});
