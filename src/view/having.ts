import type { MeasureName } from '../model/catalog/measure-expression.ts';
import type { Having } from '../model/query/query.ts';
import type { View } from './view.ts';

/** Sets the condition on a measure, or takes it away (null). A measure has one at most. */
export function setHaving(view: View, measure: MeasureName, condition: Having | null): View {
  const at = view.having.findIndex((each) => each.measure === measure);
  if (condition === null) return at < 0 ? view : { ...view, having: view.having.toSpliced(at, 1) };
  return {
    ...view,
    having: at < 0 ? [...view.having, condition] : view.having.with(at, condition),
  };
}

/** In the URL: `flows:1000..`, `rejected_share:0.5..1`. */
export function writeHaving({ measure, low, high }: Having): string {
  return `${measure}:${low ?? ''}..${high ?? ''}`;
}
