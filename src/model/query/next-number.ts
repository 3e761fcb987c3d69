/** The next number above one: as the lower bound of a range that includes its bounds it says “more than”. */
export function numberAfter(number: number): number {
  if (number === 0) return Number.MIN_VALUE;
  // Doubles of one sign are in the order of their bits.
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, number);
  bits.setBigInt64(0, bits.getBigInt64(0) + (number > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

/** The next number below one: as the upper bound of such a range it says “less than”. */
export function numberBefore(number: number): number {
  return -numberAfter(-number);
}
