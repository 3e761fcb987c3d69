import { derivedFieldNamed, derivedFields } from './derived-fields.ts';
import { fieldNamed, fields } from './fields.ts';
import { type CatalogMeasure, type Measure, catalogMeasure, isCatalogMeasure, measures } from './measures.ts';

/**
 * A measure by its name: one of the catalog, or one that the name itself defines:
 *
 * - `distinct(dstport)`: how many different values of a dimension there are, exact;
 * - `p95(bytes)`: a percentile, 1 to 99, of bytes, packets or the duration of flows;
 * - `per_second(rejected_flows)`: an additive measure by the second that has logs;
 * - `bytes/packets`: one of these, or of the catalog, divided by another.
 *
 * A definition has one spelling only, so that the same measure has the same name everywhere.
 */
export type MeasureName =
  | CatalogMeasure
  | `distinct(${string})`
  | `p${number}(${Amount})`
  | `per_second(${string})`
  | `${string}/${string}`;

/** What percentiles are of: amounts of a flow; `duration` is its end minus its start, in seconds. */
const amounts = ['bytes', 'packets', 'duration'] as const;
export type Amount = (typeof amounts)[number];

export type MeasureExpression =
  | { readonly kind: 'catalog'; readonly name: CatalogMeasure }
  | { readonly kind: 'distinct'; readonly field: string }
  /** The smallest value that at least `rank` per cent of the values do not exceed. */
  | { readonly kind: 'percentile'; readonly rank: number; readonly of: Amount }
  | { readonly kind: 'per_second'; readonly of: CatalogMeasure }
  | { readonly kind: 'ratio'; readonly of: MeasureExpression; readonly to: MeasureExpression };

/** The dimensions whose different values can be counted. */
const countable: readonly string[] = [...fields, ...derivedFields]
  .filter(({ role }) => role === 'dimension')
  .map(({ name }) => name);
const additive: readonly string[] = measures.filter((measure) => measure.additive).map(({ name }) => name);

const term = `(?:${[
  measures.map(({ name }) => name).join('|'),
  `distinct[(](?:${countable.join('|')})[)]`,
  `p[1-9][0-9]?[(](?:${amounts.join('|')})[)]`,
  `per_second[(](?:${additive.join('|')})[)]`,
].join('|')})`;

/** The measures that a query can define itself, as a regular expression. */
export const measureForm = `^${term}(?:/${term})?$`;

const form = new RegExp(measureForm);
/** Whether a text names a measure: of the catalog, or defined by the name. */
export function isMeasureName(name: string): name is MeasureName {
  return isCatalogMeasure(name) || form.test(name);
}

/** What a measure's name means. @throws RangeError for a name that was not validated */
export function measureExpression(name: MeasureName): MeasureExpression {
  if (!isMeasureName(name)) throw new RangeError('no such measure: the query was not validated');
  return expressionOf(name);
}

function expressionOf(name: string): MeasureExpression {
  if (isCatalogMeasure(name)) return { kind: 'catalog', name };
  const [first = '', second] = name.split('/');
  if (second !== undefined) return { kind: 'ratio', of: expressionOf(first), to: expressionOf(second) };
  const [call = '', argument = ''] = name.slice(0, -1).split('(');
  if (call === 'distinct') return { kind: 'distinct', field: argument };
  if (call === 'per_second') return { kind: 'per_second', of: argument as CatalogMeasure };
  return { kind: 'percentile', rank: Number(call.slice(1)), of: argument as Amount };
}

/** What people read about a measure, whichever. */
export function measureNamed(name: MeasureName): Measure & { readonly name: MeasureName } {
  return isCatalogMeasure(name) ? catalogMeasure(name) : { name, ...described(measureExpression(name)) };
}

const amountWords = { bytes: 'bytes', packets: 'packets', duration: 'duration' } as const;

function described(expression: MeasureExpression): Omit<Measure, 'name'> {
  switch (expression.kind) {
    case 'catalog':
      return catalogMeasure(expression.name);
    case 'distinct': {
      const field = fieldNamed(expression.field) ?? derivedFieldNamed(expression.field);
      const label = field?.label ?? expression.field;
      return {
        label: `Different: ${label}`,
        unit: 'count',
        additive: false,
        withoutFlows: 0,
        description: `Different values of ${label}, exact`,
      };
    }
    case 'percentile': {
      const { rank, of } = expression;
      return {
        label: `p${rank} of ${amountWords[of]}`,
        unit: of === 'duration' ? 'seconds' : of,
        additive: false,
        withoutFlows: null,
        description: `The smallest ${amountWords[of]} of a flow that ${rank} % of the flows do not exceed`,
      };
    }
    case 'per_second': {
      const { label, unit } = catalogMeasure(expression.of);
      return {
        label: `${label} per second`,
        unit: unit === 'bytes' ? 'bytes_per_second' : 'per_second',
        additive: false,
        withoutFlows: 0,
        description: `${label} divided by the seconds of the time range that have logs`,
      };
    }
    case 'ratio': {
      const [of, to] = [described(expression.of), described(expression.to)];
      return {
        label: `${of.label} / ${to.label}`,
        unit: of.unit === 'bytes' && to.unit !== 'bytes' ? 'bytes' : 'ratio',
        additive: false,
        withoutFlows: null,
        description: `${of.label} divided by ${to.label}`,
      };
    }
  }
}
