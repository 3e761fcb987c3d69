import type { ObjectState, SourceObject } from './source-register.ts';

/** Before the tag of a state that could not be read: nothing of it is in. */
const UNREADABLE = 'unreadable ';

/** What is saved of an object that can't be read as it is now. */
export function unreadableState({ name, tag }: SourceObject): SourceObject {
  return { name, tag: UNREADABLE + tag };
}

/** What is known of objects, given rows of name and tag of those that are done with. */
export function objectStates(
  objects: readonly SourceObject[],
  done: readonly (readonly unknown[])[],
): readonly ObjectState[] {
  const tags = new Map<string, Set<string>>();
  for (const [name, tag] of done) {
    const known = tags.get(String(name)) ?? new Set();
    tags.set(String(name), known.add(String(tag)));
  }
  return objects.map(({ name, tag }) => {
    const known = tags.get(name);
    if (known === undefined) return 'new';
    if (known.has(tag) || known.has(UNREADABLE + tag)) return 'done';
    return [...known].every((one) => one.startsWith(UNREADABLE)) ? 'new' : 'changed';
  });
}
