interface SourceKindRow {
  /** What ids of such sources begin with; of those that people can name, their names too. */
  readonly prefix: string;
  /** How people name one; null: not by name (files have none, Firehose sends by itself). */
  readonly form: string | null;
}

/** THE table of the kinds of sources. */
export const sourceKinds = {
  files: { prefix: 'files:', form: null },
  s3: { prefix: 's3://', form: 's3://BUCKET/PREFIX' },
  cloudwatch: { prefix: 'cloudwatch:', form: 'cloudwatch:LOG-GROUP' },
  kafka: { prefix: 'kafka:', form: 'kafka:TOPIC' },
  firehose: { prefix: 'firehose:', form: null },
} as const satisfies Readonly<Record<string, SourceKindRow>>;

export type SourceKind = keyof typeof sourceKinds;

/** The kinds that people can name: the program reads them by itself. */
export type NamedSourceKind = {
  [Kind in SourceKind]: (typeof sourceKinds)[Kind]['form'] extends string ? Kind : never;
}[SourceKind];

const rows = Object.entries(sourceKinds) as readonly (readonly [SourceKind, SourceKindRow])[];

/** How people name sources, such as `kafka:TOPIC`. */
export const sourceForms: readonly string[] = rows.flatMap(([, { form }]) => (form === null ? [] : [form]));

/** The kind of the source that a name means; null: a file's name. */
export function namedSourceKind(name: string): NamedSourceKind | null {
  const row = rows.find(([, { prefix, form }]) => form !== null && name.startsWith(prefix));
  return row === undefined ? null : (row[0] as NamedSourceKind);
}

/** The kind of the source with an id; one without a prefix is of files. */
export function kindOfSource(id: string): SourceKind {
  return rows.find(([, { prefix }]) => id.startsWith(prefix))?.[0] ?? 'files';
}
