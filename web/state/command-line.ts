/** The command for the same query, quoted for a POSIX shell whatever its values contain. */
export function commandLine(json: unknown): string {
  const text = JSON.stringify(json);
  return `peephole query '${text.replaceAll("'", `'\\''`)}'`;
}

/** Readable JSON: one line for each key of the outermost object and each item of its lists. */
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
