import { type Candidate, type Picked, type Value, inOrder, nameOf, partsOf } from './combination-counts.ts';

/** All flows that have one value have another: an address is in one country. Either may imply the other. */
export interface Implication {
  readonly narrow: Value;
  readonly wide: Value;
}

/** What is at hand to say whether a combination says anything of its own. */
interface Told {
  /** Everything that was counted, by its values' names. */
  readonly counted: ReadonlyMap<string, Candidate>;
  /** What tells something. */
  readonly telling: readonly Picked[];
  readonly implied: readonly Implication[];
  /** The place of the first dimension that gives way to those before it. */
  readonly plain: number;
  /** How much a combination tells. */
  readonly worth: (one: Picked) => number;
}

/** No combination of more values is counted. */
const MOST_VALUES = 3;

/** Nearly all, of flows or of what is told. */
export const NEARLY_ALL = 0.95;

/**
 * Whether a combination says nearly the same as another that has one value exchanged:
 *
 * - for a narrower one (an address for its country), if nearly all of its selected flows have that;
 * - for one of an earlier dimension, where its own is of one that gives way: nearly all of its selected flows have that
 *   too, and nearly as much is told by it.
 *
 * Where the other adds nothing to a part of itself, the part stands for it.
 */
export function redundantValues({ counted, telling, implied, plain, worth }: Told): (one: Picked) => boolean {
  const told = new Map(telling.map((one) => [nameOf(one.values), one]));
  const narrower = narrowerOf(implied);
  const beside = besideOf(counted.values(), told);
  const covers = (values: Candidate['values'], { selected }: Picked): boolean =>
    (counted.get(nameOf(inOrder(values)))?.selected ?? 0) >= NEARLY_ALL * selected;
  const isTold = (values: Candidate['values'], instead: Value, least: number): boolean =>
    [inOrder(values), ...partsOf(inOrder(values))].some((some) => {
      const known = some.includes(instead) ? told.get(nameOf(some)) : undefined;
      return known !== undefined && worth(known) >= least;
    });
  return (one) =>
    one.values.some((value) => {
      const others = one.values.filter((other) => other !== value);
      const byNarrower = (narrower.get(nameOf([value])) ?? []).some(
        (instead) => covers([...others, instead], one) && isTold([...others, instead], instead, -Infinity),
      );
      if (byNarrower || value.dimension < plain) return byNarrower;
      return (beside.get(nameOf(one.values)) ?? []).some(
        (instead) =>
          instead.dimension < value.dimension &&
          covers([...one.values, instead], one) &&
          isTold([...others, instead], instead, NEARLY_ALL * worth(one)),
      );
    });
}

/**
 * Whether two combinations mean the same flows: as many, and as many that have the values of both. What was not counted
 * is not there; only combinations of more than three values never are, and then it is enough that there are as many.
 */
export function sameFlows({
  counted,
  implied,
}: Pick<Told, 'counted' | 'implied'>): (one: Candidate, other: Candidate) => boolean {
  const implications = new Set(implied.map(({ narrow, wide }) => nameOf([narrow, wide])));
  return (one, other) => {
    if (one.selected !== other.selected || one.rest !== other.rest) return false;
    const values = inOrder([
      ...new Map([...one.values, ...other.values].map((value) => [nameOf([value]), value])).values(),
    ]);
    // What is implied by another says nothing beside it, and is never counted with it.
    const both = values.reduce<readonly Value[]>(
      (kept, value) =>
        kept.some((by) => by !== value && implications.has(nameOf([by, value])))
          ? kept.filter((left) => left !== value)
          : kept,
      values,
    );
    if (both.length > MOST_VALUES) return !hasTwoOfOne(both);
    const joint = counted.get(nameOf(both));
    return joint?.selected === one.selected && joint.rest === one.rest;
  };
}

/** Whether two values are of the same dimension: then no flow has both. */
function hasTwoOfOne(values: Candidate['values']): boolean {
  return new Set(values.map(({ dimension }) => dimension)).size < values.length;
}

/** By the name of a value: values that imply it; where they imply each other, only those of earlier dimensions. */
function narrowerOf(implied: readonly Implication[]): ReadonlyMap<string, readonly Value[]> {
  const both = new Set(implied.map(({ narrow, wide }) => nameOf([narrow, wide])));
  const narrower = new Map<string, Value[]>();
  for (const { narrow, wide } of implied) {
    if (both.has(nameOf([wide, narrow])) && narrow.dimension > wide.dimension) continue;
    const list = narrower.get(nameOf([wide])) ?? [];
    list.push(narrow);
    narrower.set(nameOf([wide]), list);
  }
  return narrower;
}

/** By the name of a combination that tells something: values that were counted together with it. */
function besideOf(
  counted: Iterable<Candidate>,
  told: ReadonlyMap<string, Picked>,
): ReadonlyMap<string, readonly Value[]> {
  const beside = new Map<string, Value[]>();
  for (const { values } of counted) {
    for (const value of values) {
      const name = nameOf(values.filter((other) => other !== value));
      if (!told.has(name)) continue;
      const list = beside.get(name) ?? [];
      list.push(value);
      beside.set(name, list);
    }
  }
  return beside;
}
