import type { ExplainRequest } from '../../model/explain/explanation.ts';
import type { Clause } from '../../model/query/query.ts';
import { queryField } from '../../model/query/query-field.ts';
import type { ResolvedRange } from '../../model/time/range.ts';

/** Whether a time is compared with another one, be it chosen by the flows' start: then how much there is counts, not only which share. */
export function isOfTimes({ question }: ExplainRequest): boolean {
  return question.kind === 'earlier' || question.selection.every(isOfTime);
}

/** The time that a selection of nothing else chooses, within the range that is looked at; null: another selection. */
export function chosenTime({ question }: ExplainRequest, range: ResolvedRange): ResolvedRange | null {
  if (question.kind !== 'selection') return null;
  const [clause, ...more] = question.selection;
  if (clause === undefined || clause.not || more.length > 0 || fieldName(clause) !== 'start') return null;
  const chosen = timeOf(clause);
  if (chosen === null) return null;
  const from = Math.max(range.from, chosen.from ?? range.from);
  const to = Math.min(range.to, chosen.to ?? range.to);
  return to <= from ? null : { from, to };
}

function isOfTime(clause: Clause): boolean {
  const name = fieldName(clause);
  return name === 'start' || name === 'end';
}

/** `time` is another name of `start`. */
function fieldName({ field }: Clause): string | undefined {
  return queryField(field)?.name;
}

/** The one range that a clause allows, `to` exclusive, null where it is open; null: more than one, or single moments. */
function timeOf(clause: Clause): { readonly from: number | null; readonly to: number | null } | null {
  if (clause.kind === 'between')
    // Times are whole seconds.
    return { from: clause.low, to: clause.high === null ? null : clause.high + 1000 };
  if (clause.kind !== 'ranges') return null;
  const [only, ...more] = clause.ranges;
  return only === undefined || more.length > 0 ? null : only;
}
