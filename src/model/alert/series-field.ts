import type { AlertCondition } from './alert.ts';

/** The field whose values the series of an alert are; null: they are none. */
export function seriesField(condition: AlertCondition): string | null {
  if (condition.kind === 'new_value') return condition.field;
  return 'split' in condition ? condition.split : null;
}
