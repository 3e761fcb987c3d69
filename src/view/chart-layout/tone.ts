import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import type { Cell } from '../../model/query/answer.ts';
import type { View } from '../view.ts';

/** The two meanings that have a colour; everything else is ink. */
export type Tone = 'reject' | 'accept' | 'ink';

/** Whether a measure's amounts are of rejected flows, whatever a view shows. */
export function countsRejected(measure: MeasureName | undefined): boolean {
  return measure === 'rejected_flows' || measure === 'rejected_share';
}

/** The tone of a measure's amounts under a view. */
export function toneOf(view: View, measure: MeasureName | undefined): Tone {
  if (countsRejected(measure)) return 'reject';
  const action = view.filters.find((clause) => clause.field === 'action' && clause.kind === 'in');
  if (action?.kind !== 'in' || action.values.length !== 1) return 'ink';
  return toneOfAction(action.values[0] === 'REJECT' ? !action.not : action.not);
}

/** The tone of a row: that of its action, if it has one. */
export function toneOfPath(fields: readonly string[], path: readonly Cell[], otherwise: Tone): Tone {
  const at = fields.indexOf('action');
  const action = at < 0 ? undefined : path[at];
  return action === 'REJECT' || action === 'ACCEPT' ? toneOfAction(action === 'REJECT') : otherwise;
}

function toneOfAction(rejected: boolean): Tone {
  return rejected ? 'reject' : 'accept';
}
