import {
  type Amount,
  type MeasureExpression,
  type MeasureName,
  measureExpression,
} from '../../model/catalog/measure-expression.ts';
import type { CatalogMeasure } from '../../model/catalog/measures.ts';
import type { Dialect } from '../dialects/dialect.ts';

/** What measures are made of: aggregates over rows. */
export type Component = FixedComponent | `distinct_${string}` | `p${number}_${Amount}`;

type FixedComponent =
  | 'flows'
  | 'bytes'
  | 'packets'
  | 'rejected'
  | 'connections_started'
  | 'sources'
  | 'destinations'
  | 'active_hours';

/**
 * How the values of a component for parts of some flows make its value for all of them. Whoever answers from anything
 * but the flows one by one asks for it (`combining.ts`): who chooses a rollup, condenses rows or adds up groups.
 *
 * - `adds_up`: the sum of the parts' values;
 * - `counts_different`: never from the parts' values, but from any rows that keep each different value of its input,
 *   however many flows a row stands for;
 * - `needs_each_flow`: only from the flows one by one, as percentiles do: a row that stands for several tells their
 *   sum, and none of them.
 */
type Combining = 'adds_up' | 'counts_different' | 'needs_each_flow';

interface ComponentPlan {
  /** What it may be made of but the flows one by one. */
  readonly combining: Combining;
  /** The column of the base that is aggregated; null: rows are counted. */
  readonly input: InputColumn | null;
  /** The aggregate; a function writes one over its input that has no word here. */
  readonly aggregate:
    | 'count'
    | 'sum'
    | 'count_true'
    | 'count_distinct'
    | ((input: string, dialect: Dialect) => string);
}

/** Columns that a base has for components. */
export type InputColumn =
  | 'bytes'
  | 'packets'
  | 'rejected'
  | 'starts_connection'
  | 'source'
  | 'destination'
  | 'active_hour'
  | 'duration'
  | FieldColumn;

/** The column that has a field's values, to count how many different ones there are. */
export type FieldColumn = `field_${string}`;

const fixed: Readonly<Record<FixedComponent, ComponentPlan>> = {
  flows: { combining: 'adds_up', input: null, aggregate: 'count' },
  bytes: { combining: 'adds_up', input: 'bytes', aggregate: 'sum' },
  packets: { combining: 'adds_up', input: 'packets', aggregate: 'sum' },
  rejected: { combining: 'adds_up', input: 'rejected', aggregate: 'count_true' },
  connections_started: { combining: 'adds_up', input: 'starts_connection', aggregate: 'count_true' },
  sources: { combining: 'counts_different', input: 'source', aggregate: 'count_distinct' },
  destinations: { combining: 'counts_different', input: 'destination', aggregate: 'count_distinct' },
  active_hours: { combining: 'counts_different', input: 'active_hour', aggregate: 'count_distinct' },
};

/** How a component is worked out. */
export function componentPlan(component: Component): ComponentPlan {
  if (isFixed(component)) return fixed[component];
  if (component.startsWith('distinct_')) {
    const input: FieldColumn = `field_${component.slice('distinct_'.length)}`;
    return { combining: 'counts_different', input, aggregate: 'count_distinct' };
  }
  const [rank = '', of = ''] = component.slice(1).split('_');
  return {
    combining: 'needs_each_flow',
    input: of as Amount,
    aggregate: (input, dialect) => dialect.percentile(input, Number(rank)),
  };
}

function isFixed(component: Component): component is FixedComponent {
  return Object.hasOwn(fixed, component);
}

/** The period that a row or an aggregate is of: now, or the earlier one that it is compared with. */
export type Period = 'now' | 'then';

export function componentColumn(component: Component, period: Period): string {
  return `${component}_${period}`;
}

/** The columns of some components. */
export function componentColumns(
  wanted: readonly Component[],
  periods: readonly Period[],
): readonly string[] {
  return periods.flatMap((period) => wanted.map((component) => componentColumn(component, period)));
}

/** What aggregates are made for. */
interface AggregatePlan {
  readonly periods: readonly Period[];
  readonly scope: { readonly dialect: Dialect };
}

/**
 * The aggregates that make components out of base rows, as select items. `periods` of one need no filter.
 * `weighted`: a row is as many flows as its `weight` says. `single`: a column of which no value comes twice.
 */
export function aggregates(
  wanted: readonly Component[],
  { periods, scope: { dialect } }: AggregatePlan,
  weighted: boolean,
  single: InputColumn | null = null,
): readonly string[] {
  return periods.flatMap((period) =>
    wanted.map((component) => {
      const { input, aggregate } = componentPlan(component);
      const tests = [
        ...(periods.length > 1 ? [period === 'then' ? 'b.earlier' : 'NOT b.earlier'] : []),
        ...(aggregate === 'count_true' ? [`b.${input}`] : []),
      ];
      const filter = tests.length === 0 ? '' : ` FILTER (WHERE ${tests.join(' AND ')})`;
      const counts = aggregate === 'count' || aggregate === 'count_true';
      const value =
        weighted && counts
          ? `coalesce(sum(b.weight)${filter}, 0)`
          : `${aggregateCall(aggregate, input, single, dialect)}${filter}`;
      return `${value} AS ${componentColumn(component, period)}`;
    }),
  );
}

/** The same components from groups (any number of them) that have them already; only for those that add up. */
export function sums(
  wanted: readonly Component[],
  { periods, scope: { dialect } }: AggregatePlan,
): readonly string[] {
  return periods.flatMap((period) =>
    wanted.map((component) => {
      const column = componentColumn(component, period);
      const sum = dialect.sum(`m.${column}`);
      return `${componentPlan(component).aggregate === 'sum' ? sum : `coalesce(${sum}, 0)`} AS ${column}`;
    }),
  );
}

function aggregateCall(
  aggregate: ComponentPlan['aggregate'],
  input: InputColumn | null,
  single: InputColumn | null,
  dialect: Dialect,
): string {
  if (typeof aggregate === 'function') return aggregate(`b.${input}`, dialect);
  switch (aggregate) {
    case 'count':
    case 'count_true':
      return 'count(*)';
    case 'sum':
      return dialect.sum(`b.${input}`);
    case 'count_distinct':
      return input === single ? `count(b.${input})` : `count(DISTINCT b.${input})`;
  }
}

interface MeasurePlan {
  readonly needs: readonly Component[];
  /** Whether it divides by the time that has logs. */
  readonly perTime?: true;
  /** `part` is a component's column; `hours` the hours with logs that the group's time has. */
  readonly value: (part: (component: Component) => string, hours: string, dialect: Dialect) => string;
}

const divided = (of: string, to: string, dialect: Dialect): string =>
  `CAST(${of} AS ${dialect.types.real}) / nullif(${to}, 0)`;

const share =
  (of: Component): MeasurePlan['value'] =>
  (part, _hours, dialect) =>
    divided(part(of), part('flows'), dialect);

const total =
  (of: Component): MeasurePlan['value'] =>
  (part) =>
    `CASE WHEN ${part('flows')} = 0 THEN 0 ELSE ${part(of)} END`;

const plain = (of: Component): MeasurePlan => ({ needs: [of], value: (part) => part(of) });

/** A measure by the second that has logs, so many times (8: its bits). */
const perSecond = ({ needs, value }: MeasurePlan, times = 1): MeasurePlan => ({
  needs,
  perTime: true,
  value: (part, hours, dialect) => {
    const rate = divided(`(${value(part, hours, dialect)})`, `(${hours} * 3600)`, dialect);
    return times === 1 ? rate : `${times} * ${rate}`;
  },
});

const bytes: MeasurePlan = { needs: ['flows', 'bytes'], value: total('bytes') };
const packets: MeasurePlan = { needs: ['flows', 'packets'], value: total('packets') };

/**
 * The measures of the catalog, exactly:
 *
 * - `flows`: rows.
 * - `bytes`, `packets`: sums over rows that have the field; 0 without rows, null where rows are but none has it.
 * - `rejected_flows`: rows whose action is REJECT; `rejected_share`: of all rows, null without rows.
 * - `connections`: rows that begin a connection (`connections.ts`).
 * - `unique_sources`, `unique_destinations`: different addresses, exact, null not counted.
 * - `bytes_per_flow`: `bytes` / `flows`, null without rows.
 * - `hours_active`: different whole hours (UTC) that rows start in.
 * - `flows_per_hour`: `flows` / hours of the time meant that have logs (`logged-hours.ts`), null without such hours.
 * - `flows_per_second`, …: likewise by the second; `bits_per_second`: eight times the bytes.
 */
const catalogPlans: Readonly<Record<CatalogMeasure, MeasurePlan>> = {
  flows: plain('flows'),
  bytes,
  packets,
  rejected_flows: plain('rejected'),
  rejected_share: { needs: ['flows', 'rejected'], value: share('rejected') },
  connections: plain('connections_started'),
  unique_sources: plain('sources'),
  unique_destinations: plain('destinations'),
  bytes_per_flow: { needs: ['flows', 'bytes'], value: share('bytes') },
  hours_active: plain('active_hours'),
  flows_per_hour: {
    needs: ['flows'],
    perTime: true,
    value: (part, hours, dialect) => divided(part('flows'), hours, dialect),
  },
  flows_per_second: perSecond(plain('flows')),
  packets_per_second: perSecond(packets),
  bytes_per_second: perSecond(bytes),
  bits_per_second: perSecond(bytes, 8),
};

/** How a measure is worked out, of the catalog or defined by its name. */
export function measurePlan(name: MeasureName): MeasurePlan {
  return planOf(measureExpression(name));
}

function planOf(expression: MeasureExpression): MeasurePlan {
  switch (expression.kind) {
    case 'catalog':
      return catalogPlans[expression.name];
    case 'distinct':
      return plain(`distinct_${expression.field}`);
    case 'percentile': {
      const component: Component = `p${expression.rank}_${expression.of}`;
      return {
        needs: ['flows', component],
        value: (part) => `CASE WHEN ${part('flows')} > 0 THEN ${part(component)} END`,
      };
    }
    case 'per_second':
      return perSecond(catalogPlans[expression.of]);
    case 'ratio': {
      const [of, to] = [planOf(expression.of), planOf(expression.to)];
      const perTime = of.perTime ?? to.perTime;
      return {
        needs: [...of.needs, ...to.needs],
        ...(perTime === undefined ? {} : { perTime }),
        value: (part, hours, dialect) =>
          divided(
            `(${of.value(part, hours, dialect)})`,
            `CAST((${to.value(part, hours, dialect)}) AS ${dialect.types.real})`,
            dialect,
          ),
      };
    }
  }
}
