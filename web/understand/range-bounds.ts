import { between } from './understand-numbers.ts';
import { understandNumbers } from './understand-numbers.ts';
import { readWhole } from './number-item.ts';
import { type About, type Meaning, fault } from './meaning.ts';

/** A range from two fields. A range in one field, such as `1k-5M` or `>1000`, sets both ends. */
export function understandBounds(low: string, high: string, about: About): Meaning {
  const [from, to] = [low.trim(), high.trim()];
  if ((from === '') !== (to === '')) {
    const alone = from === '' ? to : from;
    if (/[<>≥≤]|\+$|\d[a-z]*\s*(?:-|–|\.\.|\bto\b)\s*[.\d]/i.test(alone))
      return understandNumbers(alone, [], about);
  }
  const [least, most] = [bound(from, about), bound(to, about)];
  if (typeof least === 'string') return fault(least);
  if (typeof most === 'string') return fault(most);
  if (least !== null && most !== null && least > most) return fault('From must not be greater than to.');
  return between({ low: least, high: most }, about);
}

function bound(text: string, about: About): number | bigint | null | string {
  if (text === '') return null;
  return readWhole(
    about.type === 'counter'
      ? text.replaceAll(/(?<=\d),(?=\d{3})/g, '').replaceAll(/(?<=\d)\s+(?=[kmgtb])/gi, '')
      : text,
    about.field,
  );
}
