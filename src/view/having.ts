import type { MeasureName } from '../model/catalog/measure-expression.ts';
import { numberAfter, numberBefore } from '../model/query/next-number.ts';
import type { Having } from '../model/query/query.ts';
import { formatAmount } from './format/numbers.ts';
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

/** `1,000 or more`, `up to 50 %`, `more than 50 %`, or both ends with `to` between them. */
export function havingWords({ low, high }: Pick<Having, 'low' | 'high'>, unit: string, to: string): string {
  const [above, below] = [leftOut(low, '>'), leftOut(high, '<')];
  const written = (bound: number | null): string => formatAmount(bound, unit);
  const most = below === null ? `up to ${written(high)}` : `less than ${written(below)}`;
  if (low === null) return most;
  if (high !== null && above === null && below === null) return `${written(low)}${to}${written(high)}`;
  const least = above === null ? `${written(low)} or more` : `more than ${written(above)}`;
  return high === null ? least : `${least}, ${most}`;
}

/** The number that a bound lies right beside, to leave it out; null: none. */
export function leftOut(bound: number | null, side: '>' | '<'): number | null {
  if (bound === null) return null;
  const beside = side === '>' ? numberAfter : numberBefore;
  const near = [0, Number(bound.toPrecision(15))];
  return near.find((each) => each !== bound && beside(each) === bound) ?? null;
}
