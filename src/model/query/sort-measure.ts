import { type MeasureName, isMeasureName } from '../catalog/measure-expression.ts';
import type { Split } from './query.ts';

/**
 * The measure that a split is sorted by; null: by its own field. `bytes` and `packets` are measures and
 * fields: a split by such a field that is sorted by that name is sorted by the field.
 */
export function sortMeasure(split: Split): MeasureName | null {
  const { by } = split.sort;
  return by !== split.field && isMeasureName(by) ? by : null;
}
