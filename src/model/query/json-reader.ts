import { badQuery, impossibleQuery, shown, unknownName } from './bad-query.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object that has no other keys than these. */
export function readObject(value: unknown, path: string, keys: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badQuery(path, `must be an object, not ${shown(value)}.`, keys);
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) throw unknownName(join(path, key), 'key', key, keys);
  }
  return value as JsonObject;
}

/** The value as an array of at most `most` items; absent: empty. */
export function readArray(value: unknown, path: string, most: number): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badQuery(path, `must be an array, not ${shown(value)}.`);
  if (value.length > most) throw badQuery(path, `takes at most ${most} items, not ${value.length}.`);
  return value as readonly unknown[];
}

/** The value as true or false; absent: false. */
export function readBoolean(value: unknown, path: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') {
    throw badQuery(path, `must be true or false, not ${shown(value)}.`, ['true', 'false']);
  }
  return value;
}

/** The value as a text of at most `most` characters (code points, as JSON Schema counts them). */
export function readText(value: unknown, path: string, most: number): string {
  if (typeof value !== 'string') throw badQuery(path, `must be a text, not ${shown(value)}.`);
  // No text has more characters than code units.
  const length = value.length > most ? [...value].length : value.length;
  if (length > most) throw badQuery(path, `takes at most ${most} characters, not ${length}.`);
  if (!isWellFormed(value)) throw badQuery(path, 'must be well-formed Unicode text.');
  return value;
}

/** `[low, high]`, both inclusive, either null. `read` turns a bound into a number. */
export function readBounds(
  value: unknown,
  path: string,
  read: (bound: unknown, path: string) => number,
): { readonly low: number | null; readonly high: number | null } {
  if (!Array.isArray(value) || value.length !== 2) {
    throw badQuery(path, `must be [low, high], either of them null, not ${shown(value)}.`);
  }
  const [low, high] = value.map((bound: unknown, index) =>
    bound === null ? null : read(bound, `${path}[${index}]`),
  );
  if (typeof low === 'number' && typeof high === 'number' && low > high) {
    throw impossibleQuery(path, `the low bound ${low} is above the high bound ${high}.`);
  }
  return { low: low ?? null, high: high ?? null };
}

export function readNumber(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw badQuery(path, `must be a number, not ${shown(value)}.`);
  }
  return value;
}

function join(path: string, key: string): string {
  return path === 'query' ? key : `${path}.${key}`;
}

/** No lone surrogates: they are no text, and no engine stores them. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
