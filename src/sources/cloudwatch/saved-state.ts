import { idsSince, NOTHING_READ, parseState, type ReadState } from './read-state.ts';

/** What a store knows of how far a group was read. */
export interface SavedState {
  /** What the position is kept under. */
  readonly name: string;
  readonly state: ReadState;
  /** Ids of events that are not older have to be known for other groups of the same name; null: of none. */
  readonly othersSince: number | null;
}

/**
 * Finds how far a group was read among the positions of its source. Groups in other regions and accounts may have the same
 * name; where the account was unknown once, and is known now, or the other way round, it is taken for the same.
 */
export function findState(
  positions: ReadonlyMap<string, string>,
  region: string,
  account: string | null,
): SavedState {
  const inRegion = [...positions.keys()].filter((name) => name.startsWith(`${region}/`));
  const exact = `${region}/${account ?? ''}`;
  const alike = account === null ? inRegion : inRegion.filter((name) => name === `${region}/`);
  const name = positions.has(exact) || alike.length !== 1 ? exact : alike[0]!;
  const text = positions.get(name);
  const others = [...positions]
    .filter(([other]) => other !== name)
    .map(([, other]) => idsSince(parseState(other), Infinity));
  const othersSince = Math.min(...others);
  return {
    name,
    state: text === undefined ? NOTHING_READ : parseState(text),
    othersSince: othersSince === Infinity ? null : othersSince,
  };
}
