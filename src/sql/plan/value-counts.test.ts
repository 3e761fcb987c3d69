import { expect, test } from 'vitest';
import { derivedFields } from '../../model/catalog/derived-fields.ts';
import { fields } from '../../model/catalog/fields.ts';
import { isPerFlow } from '../../model/catalog/per-flow-fields.ts';
import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { compile } from '../compile.ts';
import { duckdb } from '../dialects/duckdb/duckdb-dialect.ts';
import { type Plan, planQuery } from './plan.ts';
import { hourRollup } from './usual-rollups.ts';

const context = {
  range: null,
  columns: new Set(fields.map(({ name }) => name)),
  rollups: duckdb.rollups,
  enrichment: { changesOverTime: false },
};

/** The fields that are counted together, and the table that each is counted from. */
function tables({ counts }: Pick<Plan, 'counts'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    counts.map((each) => [
      each.components.map((name) => name.slice('distinct_'.length)).join(' '),
      each.tables.map((table) => table?.table ?? 'flow').join(' '),
    ]),
  );
}

const counting = (...names: readonly string[]) => names.map((name): MeasureName => `distinct(${name})`);

test('each from the smallest table that tells them, facts from the different addresses', () => {
  const measures = counting(
    'srcaddr',
    'protocol',
    'src_country',
    'src_name',
    'interface_id',
    'direction',
    'service_name',
    'srcport',
    'weekday',
  );
  const plan = planQuery(parseQuery({ measures }), context, duckdb);
  expect(tables(plan)).toEqual({
    'srcaddr src_country src_name': 'flow_address_day',
    'protocol interface_id': 'flow_interface_hour',
    direction: 'flow_address_day',
    service_name: 'flow_port_day',
    srcport: 'flow',
    weekday: 'flow_interface_hour',
  });
  // The flows are counted from the smallest of all.
  expect(plan.sources.rollup?.table).toBe('flow_interface_hour');
});

test('facts that change over time need the hour and the interface', () => {
  const changing = { ...context, enrichment: { changesOverTime: true } };
  const measures = counting('srcaddr', 'src_country', 'src_name', 'src_vpc');
  expect(tables(planQuery(parseQuery({ measures }), changing, duckdb))).toEqual({
    'srcaddr src_country': 'flow_address_day',
    'src_name src_vpc': 'flow_hour',
  });
});

test('an answer names the largest table that it is from', () => {
  const sourceOf = (...names: readonly string[]): string =>
    compile(parseQuery({ measures: counting(...names) }), context, duckdb).source;
  expect(sourceOf('action', 'direction')).toBe('flow_address_day');
  expect(sourceOf('action', 'direction', 'srcport')).toBe('flow');
});

test('what no flow has is not looked for', () => {
  const columns = new Set(['srcaddr', 'start']);
  const measures = counting('srcaddr', 'vpc_id', 'dst_country');
  expect(tables(planQuery(parseQuery({ measures }), { ...context, columns }, duckdb))).toEqual({
    srcaddr: 'flow_address_day',
    'vpc_id dst_country': '',
  });
});

test('those that hourly totals do not keep are known as such', () => {
  const wrong = [...fields, ...derivedFields]
    .filter(({ role }) => role === 'dimension')
    .filter(({ name }) => {
      const hourly = { ...context, rollups: [hourRollup] };
      const query = parseQuery({ measures: counting(name) });
      return (compile(query, hourly, duckdb).source === 'flow') !== isPerFlow(name);
    });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});
