import { formatClause, formatQuery } from '../../src/model/query/format-query.ts';
import type { Combination, ExplainBy } from '../../src/model/explain/explanation.ts';
import type { Clause } from '../../src/model/query/query.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { type Step, addFilter, clauseOf, only } from '../../src/view/filters.ts';
import { queryOf } from '../../src/view/to-query.ts';
import { type TimeChoice, type View, TIME } from '../../src/view/view.ts';

/** The flows of a view to explain: those under the steps, and, after brushing, a part of its time range. */
export interface ExplainTarget {
  readonly view: View;
  readonly steps: readonly Step[];
  readonly brushed: Extract<TimeChoice, { kind: 'absolute' }> | null;
}

/** What the flows are compared with: all others of the view, or the same flows of the comparison period. */
export type Baseline = 'rest' | 'before';

/** The question of docs/explain.md. `before` needs a view that compares. */
export function explainJson(
  what: ExplainTarget,
  against: Baseline,
  by: ExplainBy,
): Readonly<Record<string, unknown>> {
  const { view } = what;
  const chosen = onlyChosen(what);
  const shift = shiftOf(view);
  if (against === 'before' && shift !== null) return { ...selectionOf(chosen), earlier: { shift }, by };
  const time = chosen.time;
  const narrowed = time !== view.time && time.kind === 'absolute';
  const clauses: readonly Clause[] = [
    ...what.steps.filter(({ field }) => field !== TIME).map((step) => clauseOf(step, false)),
    // Both ends of a condition are inclusive, and flows start at whole seconds.
    ...(narrowed
      ? [{ kind: 'between' as const, field: TIME, low: time.from, high: time.to - 1000, not: false }]
      : []),
  ];
  return { ...selectionOf(view), selection: clauses.map(formatClause), by };
}

/** The view of the flows that are explained. */
export function onlyChosen({ view, steps, brushed }: ExplainTarget): View {
  const narrowed = only(view, steps);
  return brushed === null ? narrowed : { ...narrowed, time: brushed };
}

/** The view with the values of a combination as filters. */
export function withCombination(view: View, { values }: Combination): View {
  return values.reduce(
    (narrowed, { field, value }) => addFilter(narrowed, { kind: 'in', field, values: [value], not: false }),
    view,
  );
}

function selectionOf(view: View): Readonly<Record<string, unknown>> {
  const { time, filter, timezone } = formatQuery(
    queryOf({ ...view, splits: [], compare: null }, { from: 0, to: 1 }),
  );
  return Object.fromEntries(
    Object.entries({ time, filter, timezone }).filter(([, value]) => value !== undefined),
  );
}
