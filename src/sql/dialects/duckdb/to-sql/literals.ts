/** A text as SQL people may copy: quotes doubled; NUL, which no SQL text can hold, put in by number. */
export function textLiteral(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

/** A moment, in milliseconds since 1970 UTC, as the view's TIMESTAMP. */
export function timeLiteral(milliseconds: number): string {
  const text = new Date(milliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
  return `TIMESTAMP '${text}'`;
}

/** A comment of one line, whatever is in the text. */
export function comment(text: string): string {
  return `-- ${text.replaceAll(/[\r\n\0]+/g, ' ')}`;
}
