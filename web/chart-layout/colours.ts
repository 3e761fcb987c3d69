import type { MeasureName } from '../../src/model/catalog/measures.ts';
import type { Cell } from '../../src/model/query/answer.ts';
import type { Asked } from './chart-query.ts';
import { toneOf } from './tone.ts';

const toneColours = {
  reject: 'var(--reject)',
  accept: 'var(--accept)',
  ink: 'var(--accent)',
} as const;

/** The colour of a line or part: that of its meaning if it has one, else one of ten. `path` null: the rest. */
export function colourOf(
  asked: Asked,
  path: readonly Cell[] | null,
  index: number,
  measure: MeasureName,
): string {
  if (path === null) return 'var(--plain)';
  if (path.length === 0) return toneColours[toneOf(asked.view, measure)];
  const at = asked.splits.findIndex((split) => split.field === 'action');
  const named = asked.splits.length === 2 ? path[at] : undefined;
  if (named === 'REJECT') return toneColours.reject;
  if (named === 'ACCEPT') return toneColours.accept;
  return `var(--line-${(index % 10) + 1})`;
}
