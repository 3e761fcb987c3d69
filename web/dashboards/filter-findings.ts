import type { Finding } from '../../src/model/knocks/knocks.ts';
import type { Clause } from '../../src/model/query/query.ts';

/** What a finding has of a field; null: not told. */
type ValuesOf = (finding: Pick<Finding, 'target' | 'sources' | 'ports'>) => readonly (string | number)[];

/** The fields of flows that findings tell of, too. */
const told: Readonly<Record<string, ValuesOf>> = {
  dstaddr: ({ target }) => (target === null ? [] : [target.address]),
  dstport: ({ ports }) => ports,
  interface_id: ({ target }) => (target?.interface_id == null ? [] : [target.interface_id]),
  srcaddr: ({ sources }) => sources.map(({ address }) => address),
  src_country: ({ sources }) => sources.flatMap(({ country }) => country ?? []),
};

/** Whether findings tell what a filter asks: single values of such a field. */
export function tellsOf(clause: Clause): boolean {
  return clause.kind === 'in' && !clause.not && Object.hasOwn(told, clause.field);
}

/** The findings under those filters that they tell of: those with one of the values. */
export function filterFindings<F extends Pick<Finding, 'target' | 'sources' | 'ports'>>(
  findings: readonly F[],
  filters: readonly Clause[],
): readonly F[] {
  return filters.filter(tellsOf).reduce<readonly F[]>((left, clause) => {
    if (clause.kind !== 'in') return left;
    const wanted = new Set(clause.values.map(String));
    return left.filter((finding) => told[clause.field]?.(finding).some((value) => wanted.has(String(value))));
  }, findings);
}
