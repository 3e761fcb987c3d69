import type { Answer } from '../../model/query/answer.ts';
import type { Query } from '../../model/query/query.ts';
import { counted, formatCount } from '../format/numbers.ts';
import { TIME } from '../view.ts';
import type { ChartSpec } from './chart-query.ts';
import { countAt } from './tree.ts';

/** Its columns say how many of how many they name. */
const SANKEY = 'all flows, in every column';

/**
 * `16 rows, complete`, or how many of how many, and what conditions on measures hid; null: there is nothing to say.
 * `having`: the conditions that were asked; others than those of the view where a chart has no rows for them.
 */
export function rowsText(
  spec: ChartSpec,
  answer: Answer,
  having: Query['having'] = spec.view.having,
): string | null {
  const idle =
    spec.view.having.length > having.length
      ? 'the filter on measures is about rows, and hides nothing here'
      : null;
  if (spec.splits.length === 0) return idle;
  if (spec.visualization === 'sankey') return idle === null ? SANKEY : `${SANKEY}; ${idle}`;
  const folds = spec.splits.length > 1 && spec.splits.at(-1)?.field === TIME;
  const levels = spec.splits.length - (folds ? 1 : 0);
  const hidden =
    answer.hidden === null
      ? ''
      : `; ${counted(answer.hidden.groups, 'row')} hidden by the filter on measures, with ${counted(answer.hidden.flows, 'flow')}`;
  return `${shownText(spec, answer, levels)}${hidden}${idle === null ? '' : `; ${idle}`}`;
}

function shownText(spec: ChartSpec, answer: Answer, levels: number): string {
  const rows = countAt(answer, levels);
  if (!answer.truncated) return `${counted(rows, 'row')}, complete`;
  const cuts = Array.from({ length: levels }, (_, level) => ({
    level,
    shown: countAt(answer, level + 1),
    cut: (answer.other ?? [])
      .filter(({ path }) => path.length === level)
      .reduce((sum, { groups }) => sum + groups, 0),
  })).filter(({ cut }) => cut > 0);
  const [outer, inner] = cuts.map(({ shown, cut }) => `${formatCount(shown)} of ${formatCount(shown + cut)}`);
  if (outer === undefined) return `first ${counted(rows, 'row')}: an answer has no more`;
  const byChart = cuts.every(({ level }) => isCappedByChart(spec, level));
  return `first ${outer}${inner === undefined ? '' : `, and under them ${inner}`}: ${byChart ? 'this chart has no room for more' : 'cut by the limit'}`;
}

/** Whether a chart asks for fewer values of a split than its limit allows. */
function isCappedByChart({ splits, view }: ChartSpec, level: number): boolean {
  const asked = splits[level];
  const wanted = view.splits.find(({ field }) => field === asked?.field);
  if (asked?.limit == null || wanted === undefined) return false;
  return wanted.limit === null || asked.limit < wanted.limit;
}
