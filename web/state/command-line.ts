/** The command that asks the same of the store, quoted for a POSIX shell whatever the values hold. */
export function commandLine(json: unknown): string {
  const text = JSON.stringify(json);
  return `peephole query '${text.replaceAll("'", `'\\''`)}'`;
}
