/** A value in a JSON document that was not validated. */
export type Json = Readonly<Record<string, unknown>>;

/** The object at a key; empty if there is none. */
export function objectAt(value: Json, key: string): Json {
  return asObject(value[key]) ?? {};
}

/** The objects of the list at a key; none if there is no list. */
export function objectsAt(value: Json, key: string): readonly Json[] {
  const list: unknown = value[key];
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => asObject(item)).filter((item) => item !== null);
}

/** The text at a key, null if it is none or empty. */
export function textAt(value: Json, key: string): string | null {
  const text = value[key];
  return typeof text === 'string' && text !== '' ? text : null;
}

/** The moment at a key (ISO 8601) in Unix seconds; null if it is none. */
export function secondsAt(value: Json, key: string): number | null {
  const text = textAt(value, key);
  const milliseconds = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}

export function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
