/** Whole numbers with fewer digits are exact as doubles. */
const LONG_DIGITS = 16;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const LONG_INTEGER = /^\d{16,}$/;
const QUOTE = 0x22;

/**
 * As `JSON.parse`, but whole numbers that a double may not hold come as strings of their digits:
 * a counter of bytes must not be rounded.
 */
export function parseExactJson(text: string): unknown {
  if (!mayHaveLongNumber(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(STRING_OR_NUMBER, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token)),
  );
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
