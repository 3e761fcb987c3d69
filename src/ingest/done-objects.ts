import type { ObjectState, SourceObject, SourceRegister } from '../engine/source-register.ts';
import type { Input } from '../sources/input.ts';

/** Inputs that are still to be taken in. */
export interface RemainingInputs {
  readonly inputs: readonly Input[];
  /** Names of those that are in as they were earlier. */
  readonly changed: ReadonlySet<string>;
  /** How many are done with. */
  readonly done: number;
  /** Those that could not be read when they were tried, and have not changed since, or files in them; with the reason. */
  readonly unreadable: readonly UnreadableInput[];
}

interface UnreadableInput {
  readonly name: string;
  readonly reason: string;
  /** As of `Input`. */
  readonly discovered: boolean;
}

const NOT_KNOWN = 'It could not be read before, and has not changed since.';

/** The object that an input is, if its place says by a tag what changes with its content. */
export function objectOf({ name, tag }: Input): SourceObject | null {
  return tag === null ? null : { name, tag };
}

/** Leaves out the inputs whose objects are done with, without opening them. */
export async function withoutDone(
  register: SourceRegister,
  inputs: readonly Input[],
): Promise<RemainingInputs> {
  const tagged = inputs.flatMap((input) => {
    const object = objectOf(input);
    return object === null ? [] : [{ input, object }];
  });
  const states = await register.states(tagged.map(({ object }) => object));
  const inState = (wanted: ObjectState): readonly Input[] =>
    tagged.flatMap(({ input }, index) => (states[index] === wanted ? [input] : []));
  const done = inState('done');
  const partly = inState('partly');
  const unreadable = inState('unreadable');
  const known = new Set([...done, ...partly, ...unreadable]);
  const reasons = await register.reasons(namesOf(unreadable), 'objects');
  const ofFiles = await register.reasons(namesOf(partly), 'files in them');
  return {
    inputs: inputs.filter((input) => !known.has(input)),
    changed: new Set(namesOf(inState('changed'))),
    done: done.length + partly.length,
    unreadable: [
      ...unreadable.map(({ name, discovered }) => ({
        name,
        discovered,
        reason: reasons.get(name) ?? NOT_KNOWN,
      })),
      ...[...ofFiles].map(([name, reason]) => ({ name, reason, discovered: true })),
    ],
  };
}

function namesOf(inputs: readonly Input[]): readonly string[] {
  return inputs.map(({ name }) => name);
}
