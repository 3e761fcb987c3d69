import type { ObjectState, SourceObject } from './source-register.ts';

/** Before the tag of a state that could not be read: nothing of it is in, unless the tag itself is kept too. */
export const UNREADABLE = 'unreadable ';

/** What is saved of an object that can't be read as it is now. */
export function unreadableState({ name, tag }: SourceObject): SourceObject {
  return { name, tag: UNREADABLE + tag };
}

/** The names of objects that are saved as done with, all of each. */
export function wholeObjects(saved: readonly SourceObject[]): readonly string[] {
  const unreadable = new Set(saved.flatMap(({ name, tag }) => (tag.startsWith(UNREADABLE) ? [name] : [])));
  return saved.flatMap(({ name }) => (unreadable.has(name) ? [] : [name]));
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
    if (known.has(UNREADABLE + tag)) return known.has(tag) ? 'partly' : 'unreadable';
    if (known.has(tag)) return 'done';
    return [...known].every((one) => one.startsWith(UNREADABLE)) ? 'new' : 'changed';
  });
}
