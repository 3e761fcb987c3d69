import { Type, type TSchema } from 'typebox';
import type { Field } from '../../model/catalog/field.ts';
import { measureForm } from '../../model/catalog/measure-expression.ts';
import { measures } from '../../model/catalog/measures.ts';
import { addressForm, blockForm } from '../../model/query/address-form.ts';
import { decimalForm } from '../../model/query/decimal-form.ts';
import { MAX_LIMIT, MAX_SHORT_TEXT, MAX_TEXT } from '../../model/query/limits.ts';
import { MAX_COUNTER } from '../../model/query/parse-value.ts';
import { queryField, queryFieldNames } from '../../model/query/query-field.ts';
import { queryDurationForm } from '../../model/time/duration.ts';
import { instantForm } from '../../model/time/instant-form.ts';
import { timeBuckets } from '../../model/time/time-bucket.ts';
import { timeZoneForm } from '../../model/time/zone-names.ts';

/** The words of questions, each by its name in `components/schemas`. They say exactly what the parsers of `model/` take. */
const words = {
  Instant: Type.String({
    pattern: instantForm,
    description: 'ISO 8601: 2018-06-20T00:00:00Z; without Z or an offset it is local to `timezone`',
    examples: ['2018-06-20T00:00:00Z'],
  }),
  Duration: Type.String({
    pattern: queryDurationForm,
    description: 'ISO 8601, whole units, longer than nothing',
    examples: ['P7D', 'PT1H'],
  }),
  TimeZone: Type.String({
    pattern: timeZoneForm,
    description: 'An IANA name',
    examples: ['Europe/Berlin'],
  }),
  Address: Type.String({ pattern: addressForm, description: 'IPv4 or IPv6' }),
  Block: Type.String({
    pattern: blockForm,
    description: 'A block of addresses, such as 10.0.0.0/8; an address is a block of one',
  }),
  WholeNumber: Type.Union(
    [
      Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
      Type.String({ pattern: decimalForm(MAX_COUNTER) }),
    ],
    { description: 'Beyond 2^53 as a text, below 2^63' },
  ),
  Text: Type.String({ maxLength: MAX_TEXT, description: 'Well-formed Unicode' }),
  ShortText: Type.String({ maxLength: MAX_SHORT_TEXT, description: 'One of many: well-formed Unicode' }),
  Pattern: Type.String({
    maxLength: MAX_TEXT,
    description: 'A regular expression of RE2; what is none is an impossible query (409)',
    examples: ['^10[.]'],
  }),
  Number: Type.Number({ minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE }),
  Field: Type.Enum([...queryFieldNames], {
    description: 'A field by its name in snake_case; `time` is when the flow began',
  }),
  Measure: Type.Union(
    [
      Type.Enum(
        measures.map(({ name }) => name),
        { description: measures.map(({ name, description }) => `${name}: ${description}`).join('. ') },
      ),
      Type.String({
        pattern: measureForm,
        description:
          'Defined by its name: distinct(FIELD), p1 to p99 of (bytes), (packets) or (duration), per_second(MEASURE), or two measures with / between',
        examples: ['p95(bytes)', 'distinct(dstport)', 'rejected_flows/connections'],
      }),
    ],
    { description: 'A measure by its name' },
  ),
  MeasureChange: Type.String({
    pattern: measureForm.replace(/\$$/, '_(?:delta|change)$'),
    description:
      'The change of a measure against the earlier period: the difference, or that as a share of then',
    examples: ['flows_delta', 'bytes_change'],
  }),
  Order: Type.Enum(['asc', 'desc']),
  TimeBucket: Type.Enum([...timeBuckets.keys()], {
    description: 'An ISO 8601 duration that divides an hour, a day or a year evenly',
  }),
  NumberBucket: Type.Number({
    minimum: 1e-9,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The width of a bucket',
  }),
  Limit: Type.Union([Type.Integer({ minimum: 1, maximum: MAX_LIMIT }), Type.Null()], {
    description: 'At most so many children of each parent; null: all',
  }),
} as const;

/** A schema with a name in `components/schemas`; `app.addSchema` makes it known. */
export type NamedSchema = TSchema & { readonly $id: string };

export function named(name: SchemaName, schema: TSchema): NamedSchema {
  return { ...schema, $id: name };
}

export const wordSchemas: readonly NamedSchema[] = Object.entries(words).map(([name, schema]) =>
  named(name as SchemaName, schema),
);

export type WordName = keyof typeof words;
export type SchemaName =
  | WordName
  | 'Time'
  | 'Clause'
  | 'Split'
  | 'Query'
  | 'RecordsRequest'
  | 'Explain'
  | 'Places'
  | 'StateChange'
  | 'ViewContent'
  | 'AlertContent'
  | 'DashboardContent'
  | 'LookupsContent'
  | 'MeasureContent'
  | 'Silence'
  | 'Acknowledgement'
  | 'Problem';

/** A reference to a schema by its name. */
export function ref(name: SchemaName): TSchema {
  return Type.Ref(`${name}#`);
}

export const nullOr = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);

/** The names of some of the fields. */
export function fieldsThat(are: (field: Field) => boolean): TSchema {
  return Type.Enum(
    queryFieldNames.filter((name) => {
      const field = queryField(name);
      return field !== undefined && are(field);
    }),
  );
}
