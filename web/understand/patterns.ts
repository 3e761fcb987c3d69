import { counted } from '../../src/view/format/numbers.ts';
import { type About, type Meaning, fault, quoted } from './meaning.ts';
import { textFault } from './understand-texts.ts';

/** A part of a text, ignoring case. */
export function understandPart(text: string, { field, label }: About): Meaning {
  if (text === '') return { kind: 'nothing', hint: 'Text to find; upper and lower case are equal.' };
  const why = textFault(text);
  if (why !== null) return fault(why);
  return {
    kind: 'clause',
    clause: { kind: 'contains', field, text, not: false },
    summary: (found) => `${label} contains ${quoted(text)}${here(found)}`,
  };
}

/** A regular expression; only the engine can validate it. */
export function understandExpression(pattern: string, { field, label, judge }: About): Meaning {
  if (pattern === '') return { kind: 'nothing', hint: 'A regular expression (RE2 syntax).' };
  const why = textFault(pattern);
  if (why !== null) return fault(why);
  const wrong = judge?.(pattern) ?? null;
  if (wrong !== null) return fault(expressionFault(pattern, wrong));
  return {
    kind: 'clause',
    clause: { kind: 'matches', field, pattern, not: false },
    summary: (found) => `${label} matches ${quoted(pattern)}${here(found)}`,
    unproved: judge === null ? 'unread' : 'read',
  };
}

/** The message for an invalid expression; `reason`: from its parser. */
export function expressionFault(pattern: string, reason: string | null): string {
  return `${quoted(pattern)} is not a regular expression${reason === null ? '' : `: ${reason}`}.`;
}

function here(found: number | null): string {
  if (found === null) return '';
  return found === 0 ? ': no value in this view' : `: ${counted(found, 'value')}`;
}
