import type { Connection } from './connection.ts';

/** What a place takes on each of two threads: its number, and whether it was met. */
const PLACE_BYTES = 24;
/** Such a table can't be moved to disk: it may take this share of the memory. */
const SHARE = 8;

/** How many bits may say which place of a table a group has, with so much memory. */
export function densestBits(memoryBytes: number): number {
  return Math.floor(Math.log2(memoryBytes / SHARE / PLACE_BYTES));
}

/**
 * Does something on a connection while DuckDB counts groups in a table with a place for each possible one, where so many
 * bits are enough; null: as it does by itself, of up to 12 bits. If it fails, the connection is not to be used again.
 */
export async function countingDensely<T>(
  { api }: Pick<Connection, 'api'>,
  bits: number | null,
  work: () => Promise<T>,
): Promise<T> {
  if (bits === null) return work();
  await api.run(`SET perfect_ht_threshold = ${bits}`);
  const result = await work();
  await api.run('RESET perfect_ht_threshold');
  return result;
}
