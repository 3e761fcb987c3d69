import { Type, type TSchema } from 'typebox';
import { MOST_NOTE, settableStates } from '../../model/knocks/finding-state.ts';
import { named, nullOr, ref } from './named-schemas.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);

/** The state of a finding. */
export const stateProperties = {
  state: Type.String({ description: 'new, known, acknowledged, muted or solved' }),
  state_info: Type.Object({
    since: nullableText,
    until: Type.Union([Type.String(), Type.Null()], { description: 'Of a muted one' }),
    note: Type.Union([Type.String(), Type.Null()], { description: 'As somebody wrote it' }),
    reason: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it is new though it was known, or like one that was',
    }),
    first_told: Type.Union([Type.String(), Type.Null()], {
      description: 'When knocks --new first reported it',
    }),
    solved_by: Type.Optional(
      Type.String({ description: 'visits: what came to its port solved it, and the note has the evidence' }),
    ),
  }),
};

export const keptFindingSchema = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    score: Type.Number({ description: '0 to 1, as it was last' }),
    summary: Type.String(),
    first_seen: Type.String(),
    last_seen: Type.String(),
    ...stateProperties,
  },
  { title: 'KeptFinding' },
);

const note = Type.String({ maxLength: MOST_NOTE, description: 'Well-formed Unicode' });
const time = nullOr(ref('Time'));
const changeOf = (states: readonly string[], properties: Readonly<Record<string, TSchema>>): TSchema =>
  Type.Object(
    {
      state: Type.Enum([...states]),
      time: Type.Optional({
        ...time,
        description: 'The time whose investigation reported the finding; absent: all data',
      }),
      ...properties,
    },
    { additionalProperties: false },
  );

/** Says exactly what `parseStateChange` takes. */
export const stateChangeSchema = named(
  'StateChange',
  Type.Union([
    changeOf(['acknowledged'], {
      note: Type.String({ ...note, pattern: '\\S', description: 'Why: not empty' }),
      until: Type.Optional(Type.Null()),
    }),
    changeOf(['muted'], {
      until: { ...ref('Instant'), description: 'A later moment; one that is past is answered 409' },
      note: Type.Optional(nullOr(note)),
    }),
    changeOf(
      settableStates.filter((state) => state !== 'acknowledged' && state !== 'muted'),
      { note: Type.Optional(nullOr(note)), until: Type.Optional(Type.Null()) },
    ),
  ]),
);
