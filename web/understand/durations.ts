import { countedName, parseDuration } from '../../src/view/time/iso-duration.ts';
import { quoted } from './meaning.ts';

/** A typed duration, or why it is invalid. */
export type DurationMeaning =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'fault'; readonly why: string }
  /** `iso`: ISO 8601; `words`: `90 minutes`. */
  | { readonly kind: 'duration'; readonly iso: string; readonly words: string };

/** ISO 8601's letters, each with its words; `M` before the T is a month. Largest first. */
const units: readonly (readonly [iso: string, words: RegExp])[] = [
  ['Y', /^(?:y|yr|yrs|years?)$/],
  ['M', /^(?:mo|mon|months?)$/],
  ['W', /^(?:w|wk|wks|weeks?)$/],
  ['D', /^(?:d|days?)$/],
  ['TH', /^(?:h|hr|hrs|hours?)$/],
  ['TM', /^(?:m|min|mins|minutes?)$/],
  ['TS', /^(?:s|sec|secs|seconds?)$/],
];

const EXAMPLES = 'Write it as 90m, 6 hours, 3 days, 2w or P3D.';

/** Reads `90m`, `6 hours`, `1h 30min`, `a week`, `PT90M`. A bare `m` is minutes. */
export function understandDuration(text: string): DurationMeaning {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'nothing' };
  const iso = /^p[\dt]/i.test(trimmed) ? trimmed.toUpperCase() : isoOf(trimmed.toLowerCase());
  if (iso === null) return { kind: 'fault', why: `${quoted(trimmed)} is not a duration. ${EXAMPLES}` };
  if (parseDuration(iso) !== null) return { kind: 'duration', iso, words: countedName(iso) };
  const none = /^[^1-9]*0[^1-9]*$/.test(iso);
  if (none) return { kind: 'fault', why: 'The duration must be longer than zero.' };
  return /^P(?=.*\d)(\d+[YMWD])*(T(\d+[HMS])*)?$/.test(iso)
    ? { kind: 'fault', why: `${quoted(trimmed)} is further back than any log.` }
    : { kind: 'fault', why: `${quoted(trimmed)} is not a duration. ${EXAMPLES}` };
}

/** The ISO 8601 duration of a text; null: not a duration. */
function isoOf(text: string): string | null {
  const plain = text.replaceAll(/\b(?:an?|one)\s+(?=[a-z])/g, '1 ').replaceAll(/\s*(?:,|\band\b)\s*/g, ' ');
  const amounts = new Map<string, number>();
  const rest = plain.replaceAll(/(\d+)\s*([a-z]+)/g, (whole, number: string, word: string) => {
    const unit = units.find(([, words]) => words.test(word))?.[0];
    if (unit === undefined) return whole;
    amounts.set(unit, (amounts.get(unit) ?? 0) + Number(number));
    return '';
  });
  if (rest.trim() !== '' || amounts.size === 0) return null;
  const part = (timed: boolean): string =>
    units
      .filter(([unit]) => unit.startsWith('T') === timed && amounts.has(unit))
      .map(([unit]) => `${amounts.get(unit)}${unit.replace('T', '')}`)
      .join('');
  const [days, times] = [part(false), part(true)];
  return `P${days}${times === '' ? '' : `T${times}`}`;
}
