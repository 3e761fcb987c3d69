import { Type } from 'typebox';
import { querySchema } from './query.ts';

const { time, filter, timezone } = querySchema.properties;
const range = Type.Union([Type.Object({ from: Type.String(), to: Type.String() }), Type.Null()]);
const cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);

export const explainSchema = Type.Object(
  {
    time,
    filter,
    selection: filter,
    earlier: Type.Optional(
      Type.Object(
        { shift: Type.String({ description: 'ISO 8601 duration' }) },
        { description: 'Instead of a selection' },
      ),
    ),
    by: Type.Optional(
      Type.Union([Type.Literal('flows'), Type.Literal('bytes')], {
        description: 'What is added up; flows unless told',
      }),
    ),
    dimensions: Type.Optional(Type.Array(Type.String(), { maxItems: 10 })),
    min_support: Type.Optional(Type.Number({ description: '0.01 unless told' })),
    min_ratio: Type.Optional(Type.Number({ description: '3 unless told' })),
    timezone,
  },
  { title: 'Explain', additionalProperties: false },
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
        ratio: Type.Number({ description: 'Risk ratio; of two times, odds ratio' }),
        ratio_low: Type.Union([Type.Number(), Type.Null()], {
          description: 'Of the 95 % interval; null for bytes',
        }),
        ratio_high: Type.Union([Type.Number(), Type.Null()]),
        filter: Type.Array(Type.Object({}, { additionalProperties: true, description: 'A clause' })),
      }),
      { description: 'What tells most first' },
    ),
    stats: Type.Object({ ms: Type.Number(), source: Type.String() }),
  },
  { title: 'Explanation' },
);
