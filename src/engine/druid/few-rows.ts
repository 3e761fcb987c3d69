import type { Row } from './read-lines.ts';

/** The first rows of some, and those that come after them; null: these are all. */
export interface FewRows {
  readonly rows: readonly Row[];
  readonly more: AsyncIterator<readonly Row[]> | null;
}

/** All rows if they are no more than so many; else the first of them, and the others as they come. */
export async function fewRows(pieces: AsyncIterable<readonly Row[]>, most: number): Promise<FewRows> {
  const more = pieces[Symbol.asyncIterator]();
  const rows: Row[] = [];
  while (rows.length <= most) {
    const next = await more.next();
    if (next.done === true) return { rows, more: null };
    for (const row of next.value) rows.push(row);
  }
  return { rows, more };
}

/** All of them as they come. */
export async function* inPieces({ rows, more }: FewRows): AsyncGenerator<readonly Row[]> {
  try {
    yield rows;
    if (more === null) return;
    for (let next = await more.next(); next.done !== true; next = await more.next()) yield next.value;
  } finally {
    await more?.return?.();
  }
}
