/** The format in which rows are asked for: values with the types of their columns. */
export const ROWS_FORMAT = 'JSONCompact' as const;
/** The same, a line for each row, after the names and the types. */
export const STREAM_FORMAT = 'JSONCompactEachRowWithNamesAndTypes' as const;

interface Column {
  readonly name: string;
  readonly type: string;
}

interface JsonCompact {
  readonly meta: readonly Column[];
  readonly data: readonly (readonly unknown[])[];
}

/** The rows of an answer in that format: whole numbers of 64 bits and more, which it has as text, as bigint; what is no number, null. */
export function readRows(text: string): readonly (readonly unknown[])[] {
  if (text === '') return [];
  const { meta, data } = JSON.parse(text) as JsonCompact;
  const read = rowReader(meta.map(({ type }) => type));
  const reals = meta.map(({ type }) => /^(Nullable\()?Float/.test(type));
  return data.map((row) =>
    read(row).map((value, i) => (reals[i] === true && typeof value === 'string' ? null : value)),
  );
}

/** Reads lines of `STREAM_FORMAT` as they come: first the columns, then the rows, some at a time. What is no number is `inf`, `nan`, …. */
export function readStream(lines: AsyncIterator<readonly { readonly text: string }[]>): {
  columns(): Promise<readonly Column[]>;
  rows(): AsyncGenerator<readonly (readonly unknown[])[]>;
} {
  const waiting: string[] = [];
  let read: (row: readonly unknown[]) => readonly unknown[] = (row) => row;
  const more = async (): Promise<boolean> => {
    const next = await lines.next();
    if (next.done === true) return false;
    for (const { text } of next.value) waiting.push(text);
    return true;
  };
  return {
    columns: async () => {
      while (waiting.length < 2) if (!(await more())) throw new Error('The answer has no columns.');
      const [names, types] = waiting.splice(0, 2).map((line) => JSON.parse(line) as readonly string[]);
      read = rowReader(types ?? []);
      return (names ?? []).map((name, i) => ({ name, type: types?.[i] ?? '' }));
    },
    rows: async function* () {
      do {
        const rows = waiting.splice(0);
        if (rows.length > 0) yield rows.map((line) => read(JSON.parse(line) as readonly unknown[]));
      } while (await more());
    },
  };
}

function rowReader(types: readonly string[]): (row: readonly unknown[]) => readonly unknown[] {
  const wide = types.map((type) => /^(LowCardinality\()?(Nullable\()?U?Int(64|128|256)\b/.test(type));
  return (row) =>
    row.map((value, i) => (wide[i] === true && typeof value === 'string' ? BigInt(value) : value));
}
