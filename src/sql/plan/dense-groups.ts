import { isDerived } from '../../model/catalog/derived-field.ts';
import { passMeasures } from './pass-measures.ts';
import { type Plan, componentsOf } from './plan.ts';

/** Groups that are counted in a table with a place for each possible one. */
export interface DenseGroups {
  /** How many bits say which place. */
  readonly bits: number;
  /** How many parents there are at most. */
  readonly parents: number;
}

/** Bits of a port, or of another field of 16 bits, or null. */
const KEY_BITS = 17;
const LARGEST_KEY = 65_535;
/** Fewer flows are counted faster in a hash table: each place is looked at in the end. */
const MANY_FLOWS = 4_000_000;

/**
 * Whether the groups of a pass can be counted in a table with a place for each possible one; null: in a hash table. Those
 * by a port below few parents can, of flows that are read one by one. Not where amounts are added up, which is slower this
 * way, nor where a clause may leave few flows.
 */
export function denseGroups(plan: Plan, index: number): DenseGroups | null {
  const { query, keys, passes, sources, flows, densestBits, scope } = plan;
  const pass = passes[index];
  const key = keys[pass?.last ?? 0];
  if (pass === undefined || key === undefined || index === 0 || pass.first !== pass.last) return null;
  if (scope.dialect.narrowNumber === null || flows < MANY_FLOWS) return null;
  const { field } = key;
  const isNarrow = !isDerived(field) && field.type === 'integer' && (field.max ?? Infinity) <= LARGEST_KEY;
  if (!isNarrow || query.splits[pass.last]?.bucket != null) return null;
  const onlyCounts = componentsOf(passMeasures(plan, index)).every((component) => component === 'flows');
  if (!onlyCounts || query.compare !== null || sources.at(pass.last + 1).weighted) return null;
  if (query.filter.some(({ kind, not, field: name }) => kind === 'in' && !not && name !== 'action'))
    return null;
  const parents = query.splits
    .slice(0, pass.first)
    .reduce((product, { limit }) => product * (limit ?? Infinity), 1);
  const bits = KEY_BITS + Math.ceil(Math.log2(parents + 2));
  return bits <= densestBits ? { bits, parents } : null;
}
