import type { AddressFact } from '../../model/catalog/address-facts.ts';
import { isDerived } from '../../model/catalog/derived-field.ts';
import { fieldOf } from '../plan/condition.ts';

/** Fields that say of a thing what another field says of it. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['service_name', 'dstport'],
  ['pkt_srcaddr', 'srcaddr'],
  ['pkt_dstaddr', 'dstaddr'],
]);

/** Where the values of an explanation's dimension come from. */
export interface Dimension {
  readonly field: string;
  /** A fact about the address at an end of the flow, looked up once per address; null: the flow's own column. */
  readonly enriched: { readonly end: 'srcaddr' | 'dstaddr'; readonly fact: AddressFact } | null;
}

/** @throws TypeError for a name that is not a field's */
export function dimensionOf(name: string): Dimension {
  const field = fieldOf(name);
  return isDerived(field) && field.derivation.kind === 'address'
    ? { field: name, enriched: { end: field.derivation.end, fact: field.derivation.fact } }
    : { field: name, enriched: null };
}

/** The ends at which addresses are looked up. */
export function endsOf(dimensions: readonly Dimension[]): readonly ('srcaddr' | 'dstaddr')[] {
  return (['srcaddr', 'dstaddr'] as const).filter((end) =>
    dimensions.some(({ enriched }) => enriched?.end === end),
  );
}

/** The column of `explain_row` that says who was at an end: that of the address itself, where it is one and says it. */
export function whoColumn(dimensions: readonly Dimension[], end: string, changesOverTime: boolean): string {
  const place = changesOverTime ? -1 : dimensions.findIndex(({ field }) => field === end);
  return place < 0 ? `who_${end}` : `d${place}`;
}

/**
 * Whether two dimensions are of the same thing, so that values of both say little more than of one: an address and
 * a fact about it, the port and its name.
 */
export function sameThing(one: Dimension, other: Dimension): boolean {
  const about = ({ field, enriched }: Dimension): string => {
    if (enriched !== null) return enriched.end;
    return OTHER_WORDS.get(field) ?? field;
  };
  return about(one) === about(other);
}
