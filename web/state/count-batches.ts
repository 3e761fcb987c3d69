import { isPerFlow } from '../../src/model/catalog/per-flow-fields.ts';
import { MAX_MEASURES } from '../../src/model/query/limits.ts';

/**
 * The fields whose values are counted in one question, question by question. Those that hourly totals keep come first, as
 * many at once as may be. Each of the others may need all flows and is counted alone: so none waits for another, and
 * little is lost when a count has to make way.
 *
 * @param together whether the database counts many faster at once than one by one
 */
export function countBatches(fields: readonly string[], together: boolean): readonly (readonly string[])[] {
  const alone = (some: readonly string[]): readonly (readonly string[])[] => some.map((field) => [field]);
  if (!together) return alone(fields);
  const totals = fields.filter((field) => !isPerFlow(field));
  const batches: (readonly string[])[] = [];
  for (let i = 0; i < totals.length; i += MAX_MEASURES) batches.push(totals.slice(i, i + MAX_MEASURES));
  return [...batches, ...alone(fields.filter(isPerFlow))];
}
