/** The command that asks the same of the store, quoted for a POSIX shell whatever the values hold. */
export function commandLine(json: unknown): string {
  const text = JSON.stringify(json);
  return `peephole query '${text.replaceAll("'", `'\\''`)}'`;
}

/** JSON to read: one line for each key of the outermost object and each item of its lists. */
export function compactJson(json: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(json).map(([key, value]) => {
    const text =
      Array.isArray(value) && value.some((item) => typeof item === 'object')
        ? `[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
        : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}
