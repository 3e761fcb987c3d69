import type { Schema } from './schema.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import type { Clause } from '../model/query/query.ts';

type Filtered = Pick<Finding, 'target' | 'sources' | 'ports'>;

/** Fields of flows that findings have as well, and what a finding has in them. */
const fields: Readonly<Record<string, (finding: Filtered) => readonly (string | number)[]>> = {
  dstaddr: ({ target }) => (target === null ? [] : [target.address]),
  dstport: ({ ports }) => ports,
  interface_id: ({ target }) => (target?.interface_id == null ? [] : [target.interface_id]),
  srcaddr: ({ sources }) => sources.map(({ address }) => address),
  src_country: ({ sources }) => sources.flatMap(({ country }) => country ?? []),
};

/** Whether findings can be filtered by it: single values of such a field. */
export function appliesToFindings(clause: Clause): boolean {
  return clause.kind === 'in' && !clause.not && Object.hasOwn(fields, clause.field);
}

/** The findings that have one of the values of each filter that applies to findings. */
export function filterFindings<F extends Filtered>(
  findings: readonly F[],
  filters: readonly Clause[],
): readonly F[] {
  return filters.filter(appliesToFindings).reduce<readonly F[]>((left, clause) => {
    if (clause.kind !== 'in') return left;
    const wanted = new Set(clause.values.map(String));
    return left.filter((finding) =>
      fields[clause.field]?.(finding).some((value) => wanted.has(String(value))),
    );
  }, findings);
}

/** Which filters findings are not filtered by, as a sentence; null: there are none. */
export function unappliedWords(
  filters: readonly Clause[],
  { dimension }: Pick<Schema, 'dimension'>,
): string | null {
  const labels = filters
    .filter((clause) => !appliesToFindings(clause))
    .map(({ field }) => dimension(field).label.toLowerCase());
  return labels.length === 0 ? null : `Findings are not filtered by ${[...new Set(labels)].join(', ')}.`;
}
