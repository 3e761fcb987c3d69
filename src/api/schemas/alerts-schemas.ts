import { Type, type TSchema } from 'typebox';
import {
  MOST_ALERT_NOTE,
  MOST_CHANNELS,
  MOST_CHANNEL_NAME,
  MOST_SOURCE_NAME,
  MOST_WINDOWS,
  alertSteps,
  lengthForm,
} from '../../model/alert/parse-alert.ts';
import { MOST_KEY } from '../../model/alert/parse-silence.ts';
import { MOST_NAME } from '../../model/document/document.ts';
import { findingKinds } from '../../model/knocks/finding-kinds.ts';
import { MAX_CLAUSES } from '../../model/query/limits.ts';
import { fieldsThat, named, nullOr, ref } from './named-schemas.ts';

const optional = (schema: TSchema): TSchema => Type.Optional(schema);
const duration = (description: string): TSchema =>
  Type.String({ pattern: lengthForm, description, examples: ['PT90M', 'P7D'] });
const step = (description: string): TSchema => Type.Enum([...alertSteps], { description });
const closed = (properties: Readonly<Record<string, TSchema>>): TSchema =>
  Type.Object(properties, { additionalProperties: false });

const field = fieldsThat(({ type }) => type !== 'time');
const flows = {
  filter: optional(Type.Array(ref('Clause'), { maxItems: MAX_CLAUSES })),
  window: optional(step('The time before each look, PT1H by default')),
};
const measure = { ...flows, measure: ref('Measure'), split: optional(nullOr(field)) };

/** Exactly one of two bounds, the other one null or absent. */
function either(
  properties: Readonly<Record<string, TSchema>>,
  bounds: Readonly<Record<string, TSchema>>,
): readonly TSchema[] {
  return Object.entries(bounds).map(([name, bound]) => {
    const others = Object.keys(bounds).filter((each) => each !== name);
    const absent = Object.fromEntries(others.map((each) => [each, optional(Type.Null())]));
    return closed({ ...properties, ...absent, [name]: bound });
  });
}

/** Says exactly what `parseAlert` takes. */
const condition = Type.Union([
  ...either({ kind: Type.Literal('amount'), ...measure }, { above: ref('Number'), below: ref('Number') }),
  ...either(
    {
      kind: Type.Literal('change'),
      ...measure,
      shift: duration('How much earlier the time is that it is compared with'),
      at_least: optional({ ...ref('Number'), description: 'The larger of both amounts must be so large' }),
    },
    {
      increase: Type.Number({ exclusiveMinimum: 0, maximum: Number.MAX_VALUE, description: 'Percent' }),
      decrease: Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Percent' }),
    },
  ),
  closed({
    kind: Type.Literal('new_value'),
    ...flows,
    field,
    known: optional(duration('How far back it is looked for, P30D by default')),
  }),
  closed({
    kind: Type.Literal('absence'),
    ...flows,
    split: optional(nullOr(field)),
    windows: optional(Type.Integer({ minimum: 1, maximum: MOST_WINDOWS, description: '24 by default' })),
  }),
  closed({
    kind: Type.Literal('finding'),
    kinds: optional(Type.Array(Type.Enum([...findingKinds]), { maxItems: findingKinds.length })),
    score: optional(Type.Number({ minimum: 0, maximum: 1 })),
  }),
  closed({
    kind: Type.Literal('source_lag'),
    source: optional(nullOr(Type.String({ maxLength: MOST_SOURCE_NAME, description: 'Null: any' }))),
    lag: duration('How far behind, or failing for how long'),
  }),
  closed({ kind: Type.Literal('no_logs'), lasting: duration('Since the newest flow') }),
]);

export const alertContentSchema = named(
  'AlertContent',
  closed({
    name: Type.String({ maxLength: MOST_NAME, pattern: '\\S', description: 'Well-formed Unicode' }),
    enabled: optional(Type.Boolean()),
    condition,
    every: optional(step('How often it is looked at, PT5M by default')),
    delay: optional(duration('How long logs are waited for, PT15M by default')),
    for: optional(nullOr(duration('How long it must hold before it fires'))),
    channels: optional(
      Type.Array(Type.String({ maxLength: MOST_CHANNEL_NAME }), { maxItems: MOST_CHANNELS }),
    ),
    note: optional(nullOr(Type.String({ maxLength: MOST_ALERT_NOTE }))),
  }),
);

const cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const number = nullOr(Type.Number());
const text = nullOr(Type.String());

export const alertStatusSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    enabled: Type.Boolean(),
    state: Type.String({ description: 'ok, pending, firing, no_data or error' }),
    reason: text,
    evaluated_to: text,
    series: Type.Array(
      Type.Object({
        key: Type.String(),
        label: cell,
        state: Type.String({ description: 'pending or firing' }),
        since: Type.String(),
        fired_at: text,
        value: number,
        threshold: number,
        acknowledged: nullOr(Type.Object({ at: Type.String(), note: Type.String() })),
      }),
    ),
    silences: Type.Array(
      Type.Object({ id: Type.String(), key: text, until: Type.String(), reason: Type.String() }),
    ),
    history: Type.Array(
      Type.Object({
        at: Type.String(),
        key: Type.String(),
        label: cell,
        state: Type.String(),
        value: number,
        threshold: number,
        reason: text,
      }),
    ),
    waiting: Type.Array(Type.Object({ channel: Type.String(), since: Type.String(), error: text })),
  },
  { title: 'AlertStatus' },
);

export const channelSchema = Type.Object({
  name: Type.String(),
  kind: Type.String({ description: 'mail, slack, webhook or pagerduty' }),
});

/** Says exactly what `parseSilence` takes. */
export const silenceSchema = named(
  'Silence',
  closed({
    key: optional(nullOr(Type.String({ maxLength: MOST_KEY }))),
    until: ref('Instant'),
    reason: Type.String({ maxLength: MOST_ALERT_NOTE, pattern: '\\S', description: 'Well-formed Unicode' }),
  }),
);

/** Says exactly what `parseAcknowledgement` takes. */
export const acknowledgementSchema = named(
  'Acknowledgement',
  closed({
    key: optional(Type.String({ maxLength: MOST_KEY })),
    note: Type.String({ maxLength: MOST_ALERT_NOTE, pattern: '\\S', description: 'Well-formed Unicode' }),
  }),
);

export const previewSchema = Type.Object({
  from: Type.String({ description: 'The first and the last look' }),
  to: Type.String(),
  looks: Type.Integer(),
  no_data: Type.Integer({ description: 'Looks without data' }),
  fired: Type.Array(Type.Object({ at: Type.String(), label: cell, value: number, threshold: number })),
});
