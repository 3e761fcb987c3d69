/** A number that came out of a statement: text where JavaScript can't hold it exactly. */
export function numberCell(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'bigint') return null;
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : String(value);
}
