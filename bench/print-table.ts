/** The figures as text, ending in a newline. */
export function printTable(
  figures: Readonly<Record<string, number>>,
  each: readonly { readonly name: string; readonly oursMs: number; readonly plainMs: number }[],
): string {
  const lines = [
    `${'query (median of 5, warm)'.padEnd(42)}${'ours, HTTP'.padStart(12)}${'plain SQL'.padStart(12)}${'ratio'.padStart(9)}`,
    ...each.map(
      ({ name, oursMs, plainMs }) =>
        `${name.padEnd(42)}${`${oursMs.toFixed(1)} ms`.padStart(12)}${`${plainMs.toFixed(1)} ms`.padStart(12)}${(plainMs / oursMs).toFixed(2).padStart(9)}`,
    ),
    '',
    ...Object.entries(figures).map(
      ([name, value]) =>
        `${name.padEnd(42)}${value.toLocaleString('en-US', { maximumSignificantDigits: 4 }).padStart(12)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
