// What `npm test` tries of much that is alike, and what it leaves to `npm run test:long`. A test file that imports this
// runs in both (test-needs.ts).

/** `short`: `npm test`; `long`: `npm run test:long`. */
export type Suite = 'short' | 'long';

/** The variable that says which suite runs (suite-config.ts). */
export const SUITE_VARIABLE = 'PEEPHOLE_SUITE';

/** Whether the long suite runs. */
export const isLong = process.env[SUITE_VARIABLE] === 'long';

/** How many random cases a property is tried with. */
export function runs(counts: Readonly<Record<Suite, number>>): number {
  return isLong ? counts.long : counts.short;
}

/** Of cases that are alike (rows as `test.each` takes them), the first so many in `npm test`, and the others in the long suite. */
export function share<T extends object | readonly [unknown]>(
  cases: readonly T[],
  short: number,
): readonly T[] {
  return isLong ? cases.slice(short) : cases.slice(0, short);
}
