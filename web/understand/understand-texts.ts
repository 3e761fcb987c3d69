import { isWellFormed } from '../../src/model/query/json-reader.ts';
import { MAX_TEXT, MAX_VALUES } from '../../src/model/query/limits.ts';
import { queryField } from '../../src/model/query/query-field.ts';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { valueText } from '../../src/view/format/names.ts';
import { type About, type Meaning, fault, listed, quoted } from './meaning.ts';
import { splitItems } from './split-items.ts';

/** How many values a line lists before it shows only their number. */
const NAMED = 3;

/**
 * Parses the text of a filter on texts, in addition to selected values. `match`: the existing value that the text
 * means; undefined: none, so the text is a value itself, or a list.
 */
export function understandTexts(
  text: string,
  chosen: readonly Scalar[],
  about: About,
  match?: Scalar,
): Meaning {
  const written = match !== undefined ? [match] : readTexts(text, about);
  const values = [...new Set([...chosen, ...written])];
  if (values.length === 0) return { kind: 'nothing', hint: 'One value, or several separated by commas' };
  const why = values.map((value) => faultOf(value, about)).find((each) => each !== null);
  if (why !== undefined) return fault(why);
  if (values.length > MAX_VALUES) return fault(`A filter holds at most ${formatCount(MAX_VALUES)} values.`);
  const clause: Clause = { kind: 'in', field: about.field, values, not: false };
  const shown = values.map((value) => short(value, about.field));
  const words =
    shown.length > NAMED + 1
      ? `${shown.slice(0, NAMED).join(', ')} and ${shown.length - NAMED} more`
      : listed(shown);
  return {
    kind: 'clause',
    clause,
    summary: (found) => `${about.label} is ${words}${found === 0 ? '; no flow in this view has it' : ''}`,
  };
}

/** The values of a list; fixed values may be typed as displayed, ignoring case. */
function readTexts(text: string, { field }: About): readonly string[] {
  const vocabulary = queryField(field)?.values ?? null;
  return splitItems(text).map((item) => {
    const wanted = item.toLowerCase();
    return (
      vocabulary?.find((value) =>
        [value, valueText(field, value)].some((each) => each.toLowerCase() === wanted),
      ) ?? item
    );
  });
}

function faultOf(value: Scalar, { field, label }: About): string | null {
  if (typeof value !== 'string') return null;
  const vocabulary = queryField(field)?.values ?? null;
  if (vocabulary !== null && !vocabulary.includes(value)) {
    const allowed = vocabulary.map((each) => valueText(field, each)).join(', ');
    return `${label} is never ${quoted(value)}: it is one of ${allowed}.`;
  }
  return textFault(value);
}

/** Why a text is invalid; null: it is valid. */
export function textFault(text: string): string | null {
  if (text.length > MAX_TEXT)
    return `A text has at most ${formatCount(MAX_TEXT)} characters; this one has ${counted(text.length, 'character')}.`;
  return isWellFormed(text) ? null : `${quoted(text)} contains an incomplete character.`;
}

function short(value: Scalar, field: string): string {
  const text = valueText(field, typeof value === 'bigint' ? String(value) : value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
