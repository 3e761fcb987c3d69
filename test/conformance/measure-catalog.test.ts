import { expect, test } from 'vitest';
import { type MeasureName, isMeasureName, measureNamed } from '../../src/model/catalog/measure-expression.ts';
import { measures } from '../../src/model/catalog/measures.ts';
import { addUp } from '../../src/sql/plan/combining.ts';
import { componentsOf } from '../../src/sql/plan/plan.ts';
import { measure } from './evaluate-measure.ts';

/** One of each form that a query can define itself. */
const defined: readonly MeasureName[] = ['distinct(dstport)', 'p95(bytes)', 'per_second(rejected_flows)', 'bytes/packets']; // prettier-ignore

test('what the catalog says adds up is made of components that do', () => {
  const additive = measures.filter((one) => one.additive);
  expect(additive.length).toBeGreaterThan(3);
  for (const { name } of additive) expect([name, addUp(componentsOf([name]))]).toEqual([name, true]);
});

test('without flows every measure has the value that the catalog says', () => {
  expect(defined.filter((name) => !isMeasureName(name))).toEqual([]);
  for (const name of [...measures.map((one) => one.name), ...defined]) {
    const value = measure(name, [], 3);
    expect([name, value === null ? null : Number(value)]).toEqual([name, measureNamed(name).withoutFlows]);
  }
});
