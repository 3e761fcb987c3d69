interface Database {
  /** Its name as its makers write it. */
  readonly label: string;
  /** Whether it is a server, asked over the network, or files of this machine. */
  readonly isServer: boolean;
  /** Whether it counts the different values of many fields faster in one statement than one after the other. */
  readonly countsTogether: boolean;
}

/** THE table of databases that flows can be stored in; each has a folder of this name in `src/engine/` and in `src/sql/dialects/`. */
export const databases = {
  duckdb: { label: 'DuckDB', isServer: false, countsTogether: true },
  clickhouse: { label: 'ClickHouse', isServer: true, countsTogether: true },
  // Druid would send all combinations of their values.
  druid: { label: 'Druid', isServer: true, countsTogether: false },
} as const satisfies Readonly<Record<string, Database>>;

export type DatabaseName = keyof typeof databases;

export const databaseNames = Object.keys(databases) as readonly DatabaseName[];

/** The label of a database; of one that only a newer version has, its name. */
export function databaseLabel(name: string): string {
  return Object.hasOwn(databases, name) ? databases[name as DatabaseName].label : name;
}

/** Whether a database counts the values of many fields faster at once (`Database.countsTogether`); of one that only a newer version has, false. */
export function countsTogether(name: string): boolean {
  return Object.hasOwn(databases, name) && databases[name as DatabaseName].countsTogether;
}
