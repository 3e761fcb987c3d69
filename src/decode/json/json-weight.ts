const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/** Shorter texts have no more values than can be held. */
const LIGHT_CHARACTERS = 1_048_576;
/** As objects, so many values take a hundred megabytes; a page of events has a tenth of them. */
const MOST_VALUES = 500_000;

/**
 * Whether JSON holds so many values that parsing it would take many times the memory of its text: `[{},{},{},…]`
 * takes thirty times as much, and a file of nothing else was made to take all there is.
 */
export function isTooHeavy(text: string): boolean {
  if (text.length < LIGHT_CHARACTERS) return false;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === COMMA || code === OPEN_BRACE || code === OPEN_BRACKET) values += 1;
  }
  return values > MOST_VALUES;
}

/** Where the string that begins there ends. */
function stringEnd(text: string, start: number): number {
  let at = start;
  do {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
  } while (isEscaped(text, at));
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 1;
}
