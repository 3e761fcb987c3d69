import { onFlows } from './choose-table.ts';
import { wayAgain } from './fetch-rows.ts';
import type { Known } from './known.ts';
import type { NeededRows } from './needed-rows.ts';
import type { Row } from './read-lines.ts';

/** Fetches rows. @param way null: the first time; else that which a `FetchAgain` asked for */
export type FetchPieces = (rows: NeededRows, way: 'whole' | 'apart' | null) => AsyncIterable<readonly Row[]>;

/** What is made of the rows that a question needs; made anew where these are to be fetched again another way. @param first those of `pieces` */
export async function fetching<T>(
  rows: NeededRows,
  known: Known,
  pieces: FetchPieces,
  first: AsyncIterable<readonly Row[]>,
  make: (some: AsyncIterable<readonly Row[]>) => Promise<T>,
): Promise<T> {
  try {
    return await make(first);
  } catch (error) {
    const way = wayAgain(error);
    if (way === null) throw error;
    const again = way === 'flows' ? onFlows(rows, known) : rows;
    return fetching(again, known, pieces, pieces(again, way === 'flows' ? null : way), make);
  }
}
