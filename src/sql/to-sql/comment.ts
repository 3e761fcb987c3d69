/** A comment of one line, whatever is in the text. */
export function comment(text: string): string {
  return `-- ${text.replaceAll(/[\r\n\0]+/g, ' ')}`;
}
