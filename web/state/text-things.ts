import { addressForm } from '../../src/model/query/address-form.ts';
import type { AboutThing } from './about-url.ts';

/** A piece of a sentence; `thing`: it names something that has a page. */
export interface TextPiece {
  readonly text: string;
  readonly thing: AboutThing | null;
}

const address = new RegExp(addressForm);
const word = /[A-Za-z0-9_:][\w.:/-]*/g;
/** What stands between two ports of a list. */
const between = /^(?: \([^)]*\))?(?:, and |, | and )$/;
/** What a number counts that is no port, in such a list: “and 8 more”. */
const counts = /^ (?:more|others?|sources?|addresses|flows|attempts|targets)\b/;

/**
 * A sentence in pieces: addresses, interfaces, operators (AS7922), ports after the word “port” and names are of their own.
 *
 * @param isName whether a word names machines
 */
export function textPieces(sentence: string, isName: (word: string) => boolean): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let done = 0;
  const put = (from: number, text: string, thing: AboutThing | null): void => {
    if (from > done) pieces.push({ text: sentence.slice(done, from), thing: null });
    pieces.push({ text, thing });
    done = from + text.length;
  };
  /** Where the word “port” or the last port of a list ends. */
  let portsTo: number | null = null;
  let afterPort = false;
  for (const { 0: whole, index } of sentence.matchAll(word)) {
    const text = whole.replace(/[.:/-]+$/, '');
    const end = index + text.length;
    if (/^ports?$/i.test(text)) {
      [portsTo, afterPort] = [end, false];
      continue;
    }
    const gap = portsTo === null ? '' : sentence.slice(portsTo, index);
    const isPort =
      portsTo !== null &&
      /^\d{1,5}(?:\/[a-z]+)?$/.test(text) &&
      (afterPort ? between.test(gap) : gap === ' ') &&
      Number.parseInt(text, 10) < 65_536 &&
      !counts.test(sentence.slice(end));
    if (isPort) {
      put(index, text, { kind: 'port', value: text });
      [portsTo, afterPort] = [end, true];
      continue;
    }
    const [named = text] = /^[^:]+(?=:\d{1,5}$)/.exec(text) ?? [];
    const thing = thingOfWord(text, isName) ?? thingOfWord(named, isName);
    if (thing !== null) put(index, thingOfWord(text, isName) === null ? named : text, thing);
  }
  if (done < sentence.length) pieces.push({ text: sentence.slice(done), thing: null });
  return pieces;
}

function thingOfWord(text: string, isName: (word: string) => boolean): AboutThing | null {
  if (address.test(text)) return { kind: 'address', value: text };
  if (/^eni-[0-9a-f]{8,17}$/.test(text)) return { kind: 'interface', value: text };
  const operator = /^AS(\d{1,10})$/.exec(text)?.[1];
  if (operator !== undefined) return { kind: 'operator', value: operator };
  return isName(text) ? { kind: 'name', value: text } : null;
}
