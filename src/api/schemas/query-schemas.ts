import { Type, type TSchema } from 'typebox';
import type { Field, FieldType } from '../../model/catalog/field.ts';
import {
  MAX_CLAUSES,
  MAX_HAVING,
  MAX_LONG_TEXTS,
  MAX_MEASURES,
  MAX_OFFSET,
  MAX_PAGE,
  MAX_RANGES,
  MAX_SPLITS,
  MAX_VALUES,
} from '../../model/query/limits.ts';
import { type ClauseKind, clauseKindsFor } from '../../model/query/query-field.ts';
import { type NamedSchema, type WordName, fieldsThat, named, nullOr, ref } from './named-schemas.ts';

const strict = { additionalProperties: false } as const;

const time = Type.Union([
  Type.Object({ last: ref('Duration') }, { ...strict, description: 'Counts back from the newest flow' }),
  Type.Object({ from: ref('Instant'), to: ref('Instant') }, { ...strict, description: '`to` is exclusive' }),
]);

function bounds(bound: TSchema): TSchema {
  return Type.Array(nullOr(bound), {
    minItems: 2,
    maxItems: 2,
    description: '[low, high], both inclusive, low not above high; null is open',
  });
}

/** What the values of a field's type look like. */
const valueOf: Readonly<Record<FieldType, WordName>> = {
  text: 'Text',
  address: 'Address',
  integer: 'WholeNumber',
  counter: 'WholeNumber',
  time: 'Instant',
};

function conditionOf(kind: ClauseKind, type: FieldType): TSchema {
  switch (kind) {
    case 'in': {
      const values = Type.Array(nullOr(ref(valueOf[type])), { maxItems: MAX_VALUES });
      if (type !== 'text') return values;
      return Type.Union([
        Type.Array(nullOr(ref('Text')), { maxItems: MAX_LONG_TEXTS }),
        Type.Array(nullOr(ref('ShortText')), { maxItems: MAX_VALUES }),
      ]);
    }
    case 'contains':
      return ref('Text');
    case 'matches':
      return ref('Pattern');
    case 'cidr':
      return Type.Array(ref('Block'), { maxItems: MAX_VALUES });
    case 'ranges':
      return Type.Array(Type.Object({ from: ref('Instant'), to: ref('Instant') }, strict), {
        maxItems: MAX_RANGES,
        description: 'Any of these; `to` is exclusive',
      });
    case 'between':
      return bounds(ref(type === 'time' ? 'Instant' : 'Number'));
  }
}

const types: readonly FieldType[] = ['text', 'address', 'integer', 'counter', 'time'];

const clause = Type.Union(
  types.flatMap((type) =>
    clauseKindsFor(type).map((kind) =>
      Type.Object(
        {
          field: fieldsThat((field) => field.type === type),
          [kind]: conditionOf(kind, type),
          not: Type.Optional(Type.Boolean({ default: false })),
        },
        strict,
      ),
    ),
  ),
);

export const selection = {
  time: Type.Optional(nullOr(ref('Time'))),
  filter: Type.Optional(Type.Array(ref('Clause'), { maxItems: MAX_CLAUSES, description: 'ANDed' })),
  timezone: Type.Optional(ref('TimeZone')),
};

const having = Type.Object({ measure: ref('Measure'), between: bounds(ref('Number')) }, strict);

/** The fields that are split alike: with a bucket or without, with one always, or (null) without. */
function splitBy(are: Parameters<typeof fieldsThat>[0], bucket: TSchema, required = false): object {
  return {
    properties: { field: fieldsThat(are), bucket },
    ...(required ? { required: ['bucket'] } : {}),
  };
}

const isNumber = ({ type }: Field): boolean => type === 'integer' || type === 'counter';

const split = Type.Object(
  {
    field: ref('Field'),
    bucket: Type.Optional(Type.Union([ref('TimeBucket'), ref('NumberBucket'), Type.Null()])),
    limit: Type.Optional(ref('Limit')),
    sort: Type.Optional(
      Type.Object(
        {
          by: Type.Optional(Type.Union([ref('Measure'), ref('MeasureChange'), ref('Field'), Type.Null()])),
          order: Type.Optional(nullOr(ref('Order'))),
        },
        {
          ...strict,
          description:
            'By a measure, by its change against the period compared with, or by the field of the split itself',
        },
      ),
    ),
  },
  {
    ...strict,
    anyOf: [
      splitBy(({ type }) => type === 'time', nullOr(ref('TimeBucket'))),
      splitBy((field) => isNumber(field) && field.role !== 'measure', nullOr(ref('NumberBucket'))),
      splitBy((field) => isNumber(field) && field.role === 'measure', ref('NumberBucket'), true),
      splitBy(({ type }) => type === 'text' || type === 'address', Type.Null()),
    ],
  },
);

/** The JSON of a query: what `parseQuery` takes. What no schema can say is refused as `impossible_query`. */
const query = Type.Object(
  {
    ...selection,
    having: Type.Optional(Type.Array(having, { maxItems: MAX_HAVING })),
    having_depth: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: MAX_SPLITS })], {
        description: 'Of how many splits the groups are that having is about, at most all of them',
      }),
    ),
    splits: Type.Optional(
      Type.Array(ref('Split'), {
        maxItems: MAX_SPLITS,
        description: 'Outermost first',
      }),
    ),
    measures: Type.Optional(Type.Array(ref('Measure'), { maxItems: MAX_MEASURES, uniqueItems: true })),
    compare: Type.Optional(nullOr(Type.Object({ shift: ref('Duration') }, strict))),
    other: Type.Optional(Type.Boolean()),
    hidden: Type.Optional(Type.Boolean({ description: 'Also say what having hid' })),
    subtotals: Type.Optional(Type.Boolean()),
  },
  {
    title: 'Query',
    ...strict,
    // Who compares says of what time.
    anyOf: [
      { properties: { compare: { type: 'null' } } },
      { properties: { time: ref('Time') }, required: ['time'] },
    ],
  },
);

/** The JSON of a request for raw flows. */
const records = Type.Object(
  {
    ...selection,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_OFFSET })),
    order: Type.Optional(
      Type.Object(
        {
          field: Type.Optional(nullOr(ref('Field'))),
          order: Type.Optional(nullOr(ref('Order'))),
        },
        strict,
      ),
    ),
  },
  { title: 'RecordsRequest', ...strict },
);

export const querySchemas: readonly NamedSchema[] = [
  named('Time', time),
  named('Clause', clause),
  named('Split', split),
  named('Query', query),
  named('RecordsRequest', records),
];
