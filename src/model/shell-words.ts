import { safeText } from './safe-text.ts';

/** A value as one word of a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A text as a line of comment: nothing in it ends the line. */
export function shellComment(text: string): string {
  return `# ${safeText(text)}`;
}
