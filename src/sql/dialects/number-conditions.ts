import type { Field } from '../../model/catalog/field.ts';
import type { Scalar } from '../../model/query/query.ts';

const LARGEST_SECOND = 4_294_967_295n;
const LARGEST_COUNTER = 2n ** 63n - 1n;

/**
 * What a column of numbers holds for the values of a query, without those that it can't hold: times are milliseconds in
 * a query and whole seconds in a column. What is not a whole number equals none.
 */
export function storedNumbers(field: Field, values: readonly NonNullable<Scalar>[]): readonly bigint[] {
  const largest = largestOf(field);
  return values
    .flatMap((value) => (field.type === 'time' ? wholeSeconds(value) : wholeNumber(value)))
    .filter((value) => value >= 0n && value <= largest);
}

/** Bounds of times are milliseconds, those of other fields numbers; columns hold whole seconds and whole numbers. */
export function numberBetween(
  field: Field,
  column: string,
  low: number | null,
  high: number | null,
  bind: (value: bigint) => string,
): string {
  const scale = field.type === 'time' ? 1000 : 1;
  const largest = largestOf(field);
  const first = low === null ? 0n : BigInt(Math.ceil(low / scale));
  const last = high === null ? largest : BigInt(Math.floor(high / scale));
  if (first > last || first > largest || last < 0n) return 'FALSE';
  const parts = [
    ...(first > 0n ? [`${column} >= ${bind(first)}`] : []),
    ...(last < largest ? [`${column} <= ${bind(last)}`] : []),
  ];
  return parts.length === 0 ? `${column} IS NOT NULL` : parts.join(' AND ');
}

function wholeSeconds(value: NonNullable<Scalar>): readonly bigint[] {
  const ms = Number(value);
  return ms % 1000 === 0 ? [BigInt(ms / 1000)] : [];
}

function wholeNumber(value: NonNullable<Scalar>): readonly bigint[] {
  if (typeof value === 'bigint') return [value];
  return typeof value === 'number' && Number.isInteger(value) ? [BigInt(value)] : [];
}

function largestOf(field: Field): bigint {
  switch (field.type) {
    case 'integer':
      return BigInt(field.max ?? 0);
    case 'time':
      return LARGEST_SECOND;
    case 'counter':
    case 'address':
    case 'text':
      return LARGEST_COUNTER;
  }
}
