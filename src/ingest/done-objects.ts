import type { SourceObject, SourceRegister } from '../engine/source-register.ts';
import type { Input } from '../sources/input.ts';

/** Inputs that are still to be taken in. */
export interface RemainingInputs {
  readonly inputs: readonly Input[];
  /** Names of those that are in as they were earlier. */
  readonly changed: ReadonlySet<string>;
  /** How many are done with. */
  readonly done: number;
}

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
  const inState = (wanted: string): readonly Input[] =>
    tagged.flatMap(({ input }, index) => (states[index] === wanted ? [input] : []));
  const done = new Set(inState('done'));
  return {
    inputs: inputs.filter((input) => !done.has(input)),
    changed: new Set(inState('changed').map(({ name }) => name)),
    done: done.size,
  };
}
