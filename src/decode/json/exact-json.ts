/** Whole numbers with fewer digits are exact as doubles. */
const LONG_DIGITS = 16;
const LONG_INTEGER = /^\d{16,}$/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;

/**
 * As `JSON.parse`, but whole numbers that a double may not hold come as strings of their digits:
 * a counter of bytes must not be rounded.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(mayHaveLongNumber(text) ? withLongNumbersQuoted(text) : text);
}

/** Not by one regular expression: those overflow the stack on long strings. */
function withLongNumbersQuoted(text: string): string {
  let quoted = '';
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
    } else if (isDigit(code) || code === MINUS) {
      const start = at;
      while (at < text.length && isOfNumber(text.charCodeAt(at))) at += 1;
      if (!LONG_INTEGER.test(text.slice(start, at))) continue;
      quoted += `${text.slice(copied, start)}"${text.slice(start, at)}"`;
      copied = at;
    } else {
      at += 1;
    }
  }
  return quoted + text.slice(copied);
}

/** Where what follows the string that begins there begins. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return at;
}

/** Digits, `.`, `e`, `E`, `+` and `-`. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === MINUS || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
}

/** Whether there is a long run of digits that does not start a string. One has a digit at a multiple of its length. */
function mayHaveLongNumber(text: string): boolean {
  for (let at = LONG_DIGITS - 1; at < text.length; at += LONG_DIGITS) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
    if (end - start >= LONG_DIGITS && text.charCodeAt(start - 1) !== QUOTE) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
