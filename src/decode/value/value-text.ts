/** A value as a line would have it; '-' for none. */
export function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value === '' ? '-' : value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '-';
    default:
      return value === null
        ? '-'
        : JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
  }
}
