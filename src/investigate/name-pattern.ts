/** The pattern of a machine's name: `web-12` and `web-3` are both `web-#`; null without a name. */
export function namePattern(name: string | null): string | null {
  return name === null || name === '' ? null : name.replaceAll(/\d+/g, '#');
}
