import { Type } from 'typebox';
import { explainBys } from '../../model/explain/explanation.ts';
import { MOST_DIMENSIONS } from '../../model/explain/parse-explain.ts';
import { MAX_CLAUSES } from '../../model/query/limits.ts';
import { fieldsThat, named, nullOr, ref } from './named-schemas.ts';
import { selection } from './query-schemas.ts';

const range = Type.Union([Type.Object({ from: Type.String(), to: Type.String() }), Type.Null()]);
const cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);

const { time, filter, timezone } = selection;

const common = {
  filter,
  by: Type.Optional(Type.Enum([...explainBys], { description: 'What is added up; flows by default' })),
  dimensions: Type.Optional(
    nullOr(
      Type.Array(
        fieldsThat(({ role }) => role === 'dimension'),
        { maxItems: MOST_DIMENSIONS },
      ),
    ),
  ),
  min_support: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: 1, description: '0.01 by default' }),
  ),
  min_ratio: Type.Optional(ref('Number')),
  timezone,
};

/** The JSON of what is to be explained: flows against the rest, or a time against an earlier one. */
export const explainSchema = named(
  'Explain',
  Type.Union(
    [
      Type.Object(
        {
          ...common,
          time,
          selection: Type.Array(ref('Clause'), { minItems: 1, maxItems: MAX_CLAUSES, description: 'ANDed' }),
          earlier: Type.Optional(Type.Null()),
        },
        { additionalProperties: false },
      ),
      Type.Object(
        {
          ...common,
          time: ref('Time'),
          earlier: Type.Object({ shift: ref('Duration') }, { additionalProperties: false }),
        },
        { additionalProperties: false },
      ),
    ],
    { title: 'Explain' },
  ),
);

export const explanationSchema = Type.Object(
  {
    range,
    earlier: range,
    by: Type.String({ description: 'What all amounts are of: flows or bytes' }),
    totals: Type.Object({ selected: Type.Number(), rest: Type.Number() }),
    dimensions: Type.Array(Type.String()),
    combinations: Type.Array(
      Type.Object({
        values: Type.Array(Type.Object({ field: Type.String(), value: cell })),
        selected: Type.Number(),
        rest: Type.Number(),
        support: Type.Number({ description: 'Share of the chosen side, 0 to 1' }),
        rest_share: Type.Number({ description: 'Share of the other side, 0 to 1' }),
        ratio: Type.Union([Type.Number(), Type.Null()], {
          description:
            'Share divided by share; of two times, amount by amount. Below 1: less; null: nothing on the other side',
        }),
        ratio_low: Type.Union([Type.Number(), Type.Null()], {
          description: 'Of the 95 % interval; null for bytes',
        }),
        ratio_high: Type.Union([Type.Number(), Type.Null()]),
        unlogged: Type.Boolean({
          description:
            'The interfaces that logged these flows at the other time have no record at the chosen one',
        }),
        text: Type.String({ description: 'The difference in words' }),
        filter: Type.Array(Type.Object({}, { additionalProperties: true, description: 'A clause' })),
      }),
      { description: 'What tells most first' },
    ),
    notes: Type.Array(Type.String(), { description: 'What could not be compared' }),
    stats: Type.Object({ ms: Type.Number(), source: Type.String() }),
  },
  { title: 'Explanation' },
);
