/**
 * A text that can't do anything to a terminal: control characters, which could move the cursor or
 * recolour the screen, and characters that reorder text are shown as `\x1b` or `\u202e`.
 */
export function safeText(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

/** Characters that `safeLines` escapes. Hardly any text has one, and a test takes a quarter of the time of a replacement. */
const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const ALL_UNSAFE = new RegExp(UNSAFE, 'g');

/** As `safeText`, but tabs and line breaks stay: for files whose format can hold them, and for the page. */
export function safeLines(text: string): string {
  return UNSAFE.test(text) ? text.replace(ALL_UNSAFE, escaped) : text;
}

function escaped(char: string): string {
  const code = char.charCodeAt(0);
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
