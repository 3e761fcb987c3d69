import type { Field } from '../../model/catalog/field.ts';
import { momentSeconds } from './moment.ts';

const NOTHING = new Set(['', '-', 'null', 'none', 'nan', 'n/a', '(null)', String.raw`\n`]);

/**
 * A value of a field as a table or an object of another program has it, as a line would have it: `-` for its ways to
 * say that there is none, whole numbers without the `.0` of programs that know no others, dates as Unix seconds.
 */
export function tableValue(field: Field | undefined, text: string): string {
  if (field === undefined) return text;
  if (text.length <= 6 && NOTHING.has(text.toLowerCase())) return '-';
  switch (field.type) {
    case 'time':
      return /^\d+$/.test(text) ? text : String(momentSeconds(wholeNumber(text)) ?? text);
    case 'integer':
    case 'counter':
      return wholeNumber(text);
    case 'address':
    case 'text':
      return text;
  }
}

function wholeNumber(text: string): string {
  return /^\d+\.0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
}
