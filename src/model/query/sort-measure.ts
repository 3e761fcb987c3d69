import { type MeasureName, isMeasureName } from '../catalog/measure-expression.ts';
import type { Split } from './query.ts';

/** What a split that is sorted by a measure is sorted by: its value, or how it changed from the earlier period. */
export interface SortKey {
  readonly measure: MeasureName;
  /** `delta`: now minus then; `change`: that as a share of then. */
  readonly of: 'value' | 'delta' | 'change';
}

/** What a name in `sort.by` means of measures; null: it is none's. */
export function parseSortKey(by: string): SortKey | null {
  if (isMeasureName(by)) return { measure: by, of: 'value' };
  const [, measure = '', of] = /^(.*)_(delta|change)$/.exec(by) ?? [];
  return isMeasureName(measure) ? { measure, of: of === 'delta' ? 'delta' : 'change' } : null;
}

/**
 * What a split is sorted by; null: by its own field. `bytes` and `packets` are measures and fields: a split by such a
 * field that is sorted by that name is sorted by the field.
 */
export function sortKey(split: Pick<Split, 'field' | 'sort'>): SortKey | null {
  const { by } = split.sort;
  return by === split.field ? null : parseSortKey(by);
}

/** The measure that a split is sorted by, or by the change of; null: by its own field. */
export function sortMeasure(split: Pick<Split, 'field' | 'sort'>): MeasureName | null {
  return sortKey(split)?.measure ?? null;
}
