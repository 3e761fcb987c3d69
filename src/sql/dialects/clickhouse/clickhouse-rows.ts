/** The format in which rows are asked for: values with the types of their columns. */
export const ROWS_FORMAT = 'JSONCompact' as const;

interface JsonCompact {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

/** The rows of an answer in that format: whole numbers of 64 bits and more, which it has as text, as bigint. */
export function readRows(text: string): readonly (readonly unknown[])[] {
  if (text === '') return [];
  const { meta, data } = JSON.parse(text) as JsonCompact;
  const wide = meta.map(({ type }) => /^(LowCardinality\()?(Nullable\()?U?Int(64|128|256)\b/.test(type));
  return data.map((row) =>
    row.map((value, i) => (wide[i] === true && typeof value === 'string' ? BigInt(value) : value)),
  );
}
