import { expect, test } from 'vitest';
import { measureNamed } from '../../src/model/catalog/measure-expression.ts';
import type { Schema } from '../../src/view/schema.ts';
import { measureOptions } from './measure-options.ts';

const schema = {
  measures: [measureNamed('flows')],
  named: [{ id: 'size', version: 1, name: 'Packet size', measure: 'bytes/packets' }],
  measure: measureNamed,
} as unknown as Schema;

test('named measures can be chosen, and the one that a view brought is there too', () => {
  expect(measureOptions(schema, 'flows')).toEqual([
    ['flows', 'Flows'],
    ['bytes/packets', 'Packet size'],
  ]);
  expect(measureOptions(schema, 'p95(bytes)').at(-1)).toEqual(['p95(bytes)', 'p95 of bytes']);
  expect(measureOptions(schema, 'no such (measure')).toHaveLength(2);
});
