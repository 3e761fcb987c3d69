import type { Field } from '../../model/catalog/field.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import type { Scalar } from '../../model/query/query.ts';
import type { Row } from './read-lines.ts';

/** So many values beyond the limit that are as large as its last one are taken for others that may be shown. */
export const FEW_EQUAL = 200;
/** So many that are as large as the last one are looked at, to tell which of them come first. */
export const MOST_EQUAL = 200_000;

/**
 * The values within a limit, possibly with some that are as large as the last of them; null: not decidable.
 *
 * @param first values and amounts in Druid's order, more than the limit
 * @param equalTo the values of an amount
 */
export async function firstValues(
  first: readonly Row[],
  field: Field,
  limit: number,
  equalTo: (amount: number) => Promise<readonly Row[]>,
): Promise<readonly Scalar[] | null> {
  const last = first[limit - 1]?.[1] ?? null;
  if (last === null) return null;
  const valuesOf = (rows: readonly Row[]): readonly Scalar[] => rows.map(([value]) => value as Scalar);
  // Of numbers Druid's order is ours, but for null, which comes first there.
  if (field.type === 'integer') return valuesOf(first.slice(0, limit + 1));
  const reaching = first.filter(([, amount]) => amount !== null && Number(amount) >= Number(last));
  if (reaching.length <= limit + FEW_EQUAL) return valuesOf(reaching);
  if (!Number.isSafeInteger(last)) return null;
  const above = valuesOf(reaching.filter(([, amount]) => Number(amount) > Number(last)));
  const equal = valuesOf(await equalTo(Number(last)));
  if (equal.length > MOST_EQUAL) return null;
  return [...above, ...inOrder(field, equal).slice(0, limit - above.length)];
}

/** Values in the order in which those of equal measures are shown: texts by their bytes, addresses as numbers, null last. */
function inOrder(field: Field, values: readonly Scalar[]): readonly Scalar[] {
  const keyed = values.map((value) => {
    const address = value === null || field.type !== 'address' ? null : parseAddress(String(value));
    return { value, version: address?.version ?? 0, bits: address?.value ?? 0n };
  });
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    if (a.version !== b.version) return a.version - b.version;
    if (a.bits !== b.bits) return a.bits < b.bits ? -1 : 1;
    return a.version > 0 ? 0 : Buffer.compare(Buffer.from(String(a.value)), Buffer.from(String(b.value)));
  });
  return keyed.map(({ value }) => value);
}

/** A value that a field may have and that is none of some. */
export function placeholderFor(field: Field, values: readonly Scalar[]): Scalar {
  const taken = new Set(values);
  for (let i = 0; ; i++) {
    const value =
      field.type === 'integer' ? i : field.type === 'address' ? `0.0.${i >> 8}.${i & 255}` : `${i}`;
    if (!taken.has(value)) return value;
  }
}
