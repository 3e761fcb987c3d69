import type { Scalar } from '../model/query/query.ts';

/**
 * The words of the URL grammar. A word is bare when it can't be misread, else quoted as a JSON
 * string (which also spells lone surrogates, so that any text whatever survives).
 */
export interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** Whether bare words of a field are texts even where they look like numbers. */
export type WordKind = 'text' | 'other';

const bare = /^[\p{L}\p{N}_:@/+=.-]+$/u;
/** Neighbouring numbers in one word. */
const run = /^(-?\d{1,15})\.\.(-?\d{1,15})$/;
const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

export function writeText(text: string): string {
  return bare.test(text) ? text : JSON.stringify(text);
}

/** Reads a whole token; null if quotes are broken. */
export function readToken(source: string): Token | null {
  if (!source.startsWith('"')) return source.includes('"') ? null : { text: source, quoted: false };
  try {
    const text: unknown = JSON.parse(source);
    return typeof text === 'string' ? { text, quoted: true } : null;
  } catch {
    return null;
  }
}

/** Cuts at a separator, but not inside quotes. */
export function cut(source: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === separator) {
      parts.push(source.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(source.slice(from));
  return parts;
}

const words: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

export function writeScalar(value: Scalar, kind: WordKind): string {
  if (typeof value !== 'string') return String(value);
  const misread = words.has(value) || (kind === 'other' && (number.test(value) || run.test(value)));
  return misread ? JSON.stringify(value) : writeText(value);
}

/** The ends of a bare run such as `8000..8100`; null: it is none. */
export function readRun(source: string): { readonly low: number; readonly high: number } | null {
  const match = run.exec(source);
  return match === null ? null : { low: Number(match[1]), high: Number(match[2]) };
}

/** The value of a token; undefined if it is none (an empty bare word). */
export function readScalar(token: Token, kind: WordKind): Scalar | undefined {
  if (token.quoted) return token.text;
  if (token.text === '') return undefined;
  const word = words.get(token.text);
  if (word !== undefined) return word;
  if (kind === 'text' || !number.test(token.text)) return token.text;
  const value = Number(token.text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(token.text)
    ? BigInt(token.text)
    : value;
}
