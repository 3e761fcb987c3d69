import { Type } from 'typebox';
import { queryFieldNames } from '../../model/query/query-field.ts';
import { measures } from '../../model/catalog/measures.ts';

const fieldName = Type.Union(
  queryFieldNames.map((name) => Type.Literal(name)),
  {
    description: 'A field by its name in snake_case; `time` is when the flow began',
  },
);
const measureName = Type.Union(measures.map(({ name, description }) => Type.Literal(name, { description })));
const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const bound = Type.Union([Type.Number(), Type.String(), Type.Null()]);
const bounds = Type.Array(bound, {
  minItems: 2,
  maxItems: 2,
  description: '[low, high], both inclusive; null is open',
});
const not = Type.Optional(Type.Boolean({ default: false }));

const time = Type.Union([
  Type.Object(
    { from: Type.String(), to: Type.String({ description: 'Exclusive' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { last: Type.String({ description: 'ISO 8601 duration that counts back from the newest flow' }) },
    { additionalProperties: false },
  ),
]);

const clause = Type.Union(
  [
    { in: Type.Array(scalar) },
    { contains: Type.String() },
    { matches: Type.String({ description: 'RE2' }) },
    { cidr: Type.Array(Type.String()) },
    { between: bounds },
  ].map((kind) => Type.Object({ field: fieldName, ...kind, not }, { additionalProperties: false })),
);

const selection = {
  time: Type.Optional(Type.Union([time, Type.Null()])),
  filter: Type.Optional(Type.Array(clause, { description: 'ANDed' })),
  timezone: Type.Optional(Type.String({ default: 'Etc/UTC', description: 'IANA name' })),
};

const order = Type.Union([Type.Literal('asc'), Type.Literal('desc')]);

/** The JSON of a query. It documents; `parseQuery` decides, and says what is wrong and where. */
export const querySchema = Type.Object(
  {
    ...selection,
    having: Type.Optional(Type.Array(Type.Object({ measure: measureName, between: bounds }))),
    having_depth: Type.Optional(
      Type.Union([
        Type.Integer({ minimum: 1, description: 'Of how many splits the groups are that having is about' }),
        Type.Null(),
      ]),
    ),
    splits: Type.Optional(
      Type.Array(
        Type.Object({
          field: fieldName,
          bucket: Type.Optional(
            Type.Union([
              Type.String({ description: 'Time: ISO 8601 duration' }),
              Type.Number({ description: 'Numbers: width' }),
            ]),
          ),
          limit: Type.Optional(Type.Integer({ minimum: 1 })),
          sort: Type.Optional(Type.Object({ by: Type.String(), order: Type.Optional(order) })),
        }),
        { description: 'Outermost first' },
      ),
    ),
    measures: Type.Optional(Type.Array(measureName)),
    compare: Type.Optional(Type.Object({ shift: Type.String({ description: 'ISO 8601 duration' }) })),
    other: Type.Optional(Type.Boolean()),
    hidden: Type.Optional(Type.Boolean({ description: 'Also say what having hid' })),
    subtotals: Type.Optional(Type.Boolean()),
  },
  { title: 'Query', additionalProperties: false },
);

/** The JSON of a request for raw flows. */
export const recordsSchema = Type.Object(
  {
    ...selection,
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    order: Type.Optional(Type.Object({ field: fieldName, order: Type.Optional(order) })),
  },
  { title: 'RecordsRequest', additionalProperties: false },
);
