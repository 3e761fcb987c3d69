import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import type { Having } from '../../model/query/query.ts';
import { type Period, componentColumn, measurePlan } from './component.ts';
import { hoursColumn } from './logged-hours.ts';
import type { Plan } from './plan.ts';

/** A measure's column; names that define their measure hold characters that no identifier may. */
export function measureColumn(measure: MeasureName, period: Period): string {
  const name = measure.replaceAll('(', '_of_').replaceAll(')', '').replaceAll('/', '_per_');
  return `m_${name}_${period}`;
}

/** Select items that make measures out of the components (and hours) in the table called `from`. */
export function measureItems(
  measures: readonly MeasureName[],
  from: string,
  hoursFrom: string,
  plan: Plan,
): readonly string[] {
  return plan.periods.flatMap((period) =>
    measures.map((measure) => {
      const value = measurePlan(measure).value(
        (component) => `${from}.${componentColumn(component, period)}`,
        `${hoursFrom}.${hoursColumn(period)}`,
        plan.scope.dialect,
      );
      return `${value} AS ${measureColumn(measure, period)}`;
    }),
  );
}

/** Measures that divide by the hours with logs. */
export function needsHours(measures: readonly MeasureName[]): boolean {
  return measures.some((measure) => measurePlan(measure).perTime === true);
}

/** Conditions on the measures in the table called `from`. A measure that is null satisfies no bound. */
export function havingConditions(having: readonly Having[], from: string, plan: Plan): readonly string[] {
  const { binder, dialect } = plan.scope;
  return having.flatMap(({ measure, low, high }) => {
    const column = `${from}.${measureColumn(measure, 'now')}`;
    return [
      ...(low === null ? [] : [`${column} >= ${binder.bind(low, dialect.types.real)}`]),
      ...(high === null ? [] : [`${column} <= ${binder.bind(high, dialect.types.real)}`]),
    ];
  });
}
