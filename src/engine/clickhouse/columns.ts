import type { ClickHouseServer } from './server.ts';

/** Fields that records have been logged with, of each kind; those that the catalog does not know, by their AWS names. */
export interface Columns {
  readonly flow: Set<string>;
  readonly coverage: Set<string>;
  readonly extra: Set<string>;
}

/** What all processes together have logged so far. */
export async function readColumns(server: ClickHouseServer): Promise<Columns> {
  const rows = await server.rows('SELECT kind, name FROM logged_field');
  const of = (kind: string): Set<string> =>
    new Set(rows.filter((row) => row[0] === kind).map((row) => String(row[1])));
  return { flow: of('flow'), coverage: of('coverage'), extra: of('extra') };
}
