import { Type } from 'typebox';
import { sourceKinds } from '../../model/source-kinds.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);
const nullableNumber = Type.Union([Type.Number(), Type.Null()]);

export const sourceStatusSchema = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({
      description: `${Object.keys(sourceKinds).join(', ')}; aws: an account without a source yet`,
    }),
    state: Type.String({ description: 'starting, catching_up, live, waiting, stopped' }),
    paused: Type.Boolean(),
    lag_seconds: nullableNumber,
    lag_objects: nullableNumber,
    records: Type.Number(),
    objects: Type.Number(),
    rate: Type.Number({ description: 'Records a second over the last minute' }),
    last_success: nullableText,
    last_error: Type.Union([
      Type.Object({ code: Type.String(), message: Type.String(), at: Type.String() }),
      Type.Null(),
    ]),
    unreadable: Type.Array(
      Type.Object({
        reason: Type.String(),
        objects: Type.Number(),
        example: Type.String({ description: 'The name of one of them' }),
      }),
      {
        description:
          'Objects and messages that can’t be read as they are, by the reason, the most frequent first; they are in quarantine',
      },
    ),
    warnings: Type.Array(Type.String(), {
      description: 'What is wrong though it is read, such as a permission that would tell more',
    }),
    next_try: nullableText,
  },
  { title: 'Source' },
);

export const pauseSourceSchema = Type.Object(
  { id: Type.String(), paused: Type.Boolean() },
  { title: 'PauseSource', additionalProperties: false },
);
