import { Type } from 'typebox';
import { named, ref } from './named-schemas.ts';

const cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const cells = Type.Array(cell);
const stats = Type.Object({
  ms: Type.Number(),
  rows_scanned: Type.Number(),
  source: Type.String({ description: 'The table that answered' }),
});
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

export const answerSchema = Type.Object(
  {
    columns: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String(),
        type: Type.String(),
        label: Type.String(),
        unit: nullable(Type.String()),
      }),
    ),
    rows: Type.Array(cells, { description: 'One a leaf of the split tree, in tree order' }),
    truncated: Type.Boolean({ description: 'Whether a limit cut something off' }),
    other: nullable(Type.Array(Type.Object({ path: cells, groups: Type.Number(), values: cells }))),
    hidden: nullable(
      Type.Object(
        { groups: Type.Number(), flows: Type.Number(), values: cells },
        { description: 'What having hid' },
      ),
    ),
    subtotals: nullable(Type.Array(Type.Object({ path: cells, values: cells }))),
    range: nullable(Type.Object({ from: Type.String(), to: Type.String() })),
    stats,
  },
  { title: 'Answer' },
);

export const recordsPageSchema = Type.Object(
  {
    columns: Type.Array(Type.Object({ name: Type.String(), label: Type.String(), type: Type.String() })),
    rows: Type.Array(cells),
    more: Type.Boolean(),
    stats,
  },
  { title: 'RecordsPage' },
);

const stretch = Type.Object({ from: Type.String(), to: Type.String() });

export const accountCoverageSchema = Type.Object(
  {
    range: nullable(stretch),
    accounts: Type.Array(
      Type.Object({
        account_id: nullable(Type.String()),
        region: nullable(Type.String()),
        flows: Type.Number(),
        logged: Type.Array(stretch, { description: 'Hours with any record' }),
        skipdata: Type.Array(stretch, { description: 'Hours in which AWS lost records' }),
      }),
      { description: 'Those with the most flows first' },
    ),
    truncated: Type.Boolean({ description: 'Whether there are more accounts and regions' }),
  },
  { title: 'AccountCoverage' },
);

export const storeSchemaSchema = Type.Object(
  {
    version: Type.String(),
    dimensions: Type.Array(
      Type.Object({
        name: Type.String(),
        aws: Type.String(),
        label: Type.String(),
        group: Type.String(),
        type: Type.String(),
        unit: nullable(Type.String()),
        description: Type.String(),
        logged: Type.Boolean(),
      }),
    ),
    measures: Type.Array(
      Type.Object({
        name: Type.String(),
        label: Type.String(),
        unit: Type.String(),
        additive: Type.Boolean(),
        description: Type.String(),
      }),
    ),
    store: Type.Object({
      flows: Type.Number(),
      untimed_flows: Type.Number({ description: 'Of them, those without any time' }),
      from: nullable(Type.String()),
      to: nullable(Type.String()),
      newest: nullable(
        Type.String({
          description: 'What `last` counts back from: `to`, unless that is of a clock that is ahead',
        }),
      ),
      bytes: Type.Number(),
      gaps: Type.Array(stretch, { description: 'Hours without any record' }),
      skipdata: Type.Array(stretch, { description: 'Hours in which AWS lost records' }),
      revision: Type.Number(),
      read_only: Type.Boolean({ description: 'Whether nothing can be taken in' }),
      engine: Type.String({ description: 'The database that answers: duckdb, clickhouse, …' }),
      unsupported: Type.Record(Type.String(), Type.String(), {
        description:
          'What that can’t do (keep_raw, compact, later_state, knocks, explain, sql), with the reason',
      }),
    }),
    timezone: Type.String(),
  },
  { title: 'StoreSchema' },
);

export const namesSchema = Type.Object(
  {
    names: Type.Array(Type.Array(Type.String(), { minItems: 2, maxItems: 2 }), {
      description: '[address, name], each address once',
    }),
  },
  { title: 'Names' },
);

export const placesAnswerSchema = Type.Object(
  {
    places: Type.Array(
      Type.Object({
        address: Type.String({ description: 'As it was asked for' }),
        country: nullable(Type.String({ description: 'ISO 3166-1, two letters' })),
        asn: nullable(Type.Number({ description: 'The number of the network operator (autonomous system)' })),
        as_name: nullable(Type.String({ description: 'The name of the network operator' })),
      }),
      { description: 'In the order asked; addresses of which nothing is known are left out' },
    ),
  },
  { title: 'PlacesAnswer' },
);

export const problemSchema = named(
  'Problem',
  Type.Object(
    {
      type: Type.String(),
      title: Type.String(),
      status: Type.Number(),
      detail: Type.String(),
      code: Type.String(),
    },
    { title: 'Problem', description: 'RFC 9457', additionalProperties: true },
  ),
);

export const problemContent = { 'application/problem+json': { schema: ref('Problem') } };

/** What went wrong, with any status: `problem.ts` sends it. */
export const problemResponse = {
  description: 'An RFC 9457 problem; `code` is stable, `detail` says what to do',
  content: problemContent,
};

/** What can be wrong with a question, besides what any request can meet. */
export const questionProblems = {
  400: { description: 'The question does not fit the schema', content: problemContent },
  409: {
    description:
      'The question fits the schema, and what it says can’t be: a range that ends before it begins, a pattern that is not a regular expression, a depth beyond the splits, a time of which only sums are kept',
    content: problemContent,
  },
  default: problemResponse,
};
