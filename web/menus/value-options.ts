import type { Cell } from '../../src/model/query/answer.ts';
import { queryField } from '../../src/model/query/query-field.ts';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { valuesNamed, valueText } from '../../src/view/format/names.ts';
import { addressesNamed } from '../understand/address-item.ts';
import type { About, Meaning } from '../understand/meaning.ts';

/** An option, and its amount of the first measure; null: not among the top values. */
export interface ValueOption {
  readonly value: Scalar;
  readonly amount: Cell;
}

/** More are not drawn. */
const MOST = 300;

/**
 * Which values to list for a typed text: those that contain it, or, if it means a set (a block, a range, a list), those
 * in the set. Null: all.
 */
export function searchOf(typed: string, meaning: Meaning, { field, type }: About): Clause | null {
  const text = typed.trim();
  if (text === '') return null;
  const part: Clause = { kind: 'contains', field, text, not: false };
  switch (type) {
    case 'address':
      if (/^[\da-f.:]+$/i.test(text)) return part;
      return meaning.kind === 'clause' ? meaning.clause : null;
    case 'integer':
      if (/^\d+$/.test(text)) return part;
      if (meaning.kind === 'clause') return meaning.clause;
      return { kind: 'in', field, values: valuesNamed(field, text), not: false };
    case 'text':
      // Fixed values are searched by their displayed text, in the page.
      if ((queryField(field)?.values ?? null) !== null) return null;
      return part;
    case 'counter':
      return meaning.kind === 'clause' ? meaning.clause : null;
    default:
      return null;
  }
}

/** Selected values first (as of when the menu opened), then the top ones, then those whose name matches. */
export function optionsOf(
  typed: string,
  chosen: { readonly first: readonly Scalar[]; readonly now: readonly Scalar[] },
  top: readonly { readonly value: Scalar; readonly amount: Cell }[],
  about: About,
): readonly ValueOption[] {
  const { field, type, names } = about;
  const text = typed.trim().toLowerCase();
  const amounts = new Map(top.map((each) => [keyOf(each.value), each.amount]));
  const pasted = chosen.now.filter((value) => !amounts.has(keyOf(value)));
  const named: readonly Scalar[] =
    text === '' ? [] : type === 'address' ? addressesNamed(text, names) : valuesNamed(field, text);
  const meant = new Set(named.map(keyOf));
  const found = new Set(top.map((each) => keyOf(each.value)));
  // Always offer flows without a value, since they may not be among the first hundred.
  const all = [...chosen.first, ...pasted, ...top.map((each) => each.value), ...named, null];
  const searched = text !== '' && type !== 'text';
  const seen = new Set<string>();
  const shown = all.filter((value) => {
    const key = keyOf(value);
    if (seen.has(key)) return false;
    const words = `${valueText(field, cellOf(value))} ${String(value)}`.toLowerCase();
    // Values found for a block or a list need not contain the text.
    const fits = meant.has(key) || words.includes(text) || (searched && found.has(key));
    if (fits) seen.add(key);
    return fits;
  });
  const options = shown.slice(0, MOST).map((value) => ({ value, amount: amounts.get(keyOf(value)) ?? null }));
  const exact = options.find(({ value }) => isExactly(value, text, field));
  // An exact match comes first.
  return exact === undefined ? options : [exact, ...options.filter((option) => option !== exact)];
}

/** Whether a value equals the typed text, ignoring case, as stored or as displayed. */
export function isExactly(value: Scalar, text: string, field: string): boolean {
  return (
    text !== '' &&
    [String(value), valueText(field, cellOf(value))].some((each) => each.toLowerCase() === text)
  );
}

export function keyOf(value: Scalar): string {
  return `${typeof value} ${String(value)}`;
}

export function cellOf(value: Scalar): Cell {
  return typeof value === 'bigint' ? String(value) : value;
}
