import type { ObjectState, SourceObject } from './source-register.ts';

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
    return known.has(tag) ? 'done' : 'changed';
  });
}
