import type { Field } from '../../model/catalog/field.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import type { Scalar } from '../../model/query/query.ts';

/**
 * Whether the first values of Druid's order (`druid-top.ts`) have those among them that are shown, whatever others are as large as the
 * last ones. Numbers and texts come in the order in which they are shown, but for null, which is first there. Of addresses that are
 * equally large those of IPv4 come in order, and before all others.
 */
export function areFirst(field: Field, values: Iterable<Scalar>, limit: number): boolean {
  if (field.type !== 'address') return true;
  const inOrder = [...values].filter((value) => parseAddress(String(value))?.version === 4);
  return inOrder.length >= limit;
}

/** A value that a field may have and that is none of some. */
export function placeholderFor(field: Field, values: ReadonlySet<Scalar>): Scalar {
  for (let i = 0; ; i++) {
    const value =
      field.type === 'integer' ? i : field.type === 'address' ? `0.0.${i >> 8}.${i & 255}` : `${i}`;
    if (!values.has(value)) return value;
  }
}
