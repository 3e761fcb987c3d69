/** A value as JSON; null if it is nested too deep to be written. Whole numbers may be bigint. */
export function jsonText(value: unknown): string | null {
  try {
    return (
      JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) ??
      null
    );
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
