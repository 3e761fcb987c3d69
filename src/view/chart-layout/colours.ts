import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import type { Cell } from '../../model/query/answer.ts';
import type { ChartSpec } from './chart-query.ts';
import { toneOf } from './tone.ts';

const toneColours = {
  reject: 'var(--reject)',
  accept: 'var(--accept)',
  ink: 'var(--accent)',
} as const;

/** The colour of a line or part: that of its meaning if it has one, else one of ten. `path` null: the rest. */
export function colourOf(
  spec: ChartSpec,
  path: readonly Cell[] | null,
  index: number,
  measure: MeasureName,
): string {
  if (path === null) return 'var(--plain)';
  if (path.length === 0) return toneColours[toneOf(spec.view, measure)];
  const at = spec.splits.findIndex((split) => split.field === 'action');
  const named = spec.splits.length === 2 ? path[at] : undefined;
  if (named === 'REJECT') return toneColours.reject;
  if (named === 'ACCEPT') return toneColours.accept;
  return `var(--line-${(index % 10) + 1})`;
}
