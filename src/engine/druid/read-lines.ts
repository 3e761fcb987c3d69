import { PeepholeError } from '../../model/errors.ts';

export type Row = readonly unknown[];

/** So many rows are handed on at once. */
const PIECE = 20_000;

/** The rows of an answer in lines of JSON. Throws `engine_failed` for one that is not whole. */
export async function* readLines(response: Response, where: string): AsyncGenerator<readonly Row[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let whole = false;
  let rows: Row[] = [];
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    const full = lines.filter((line) => line !== '');
    if (full.length < lines.length) whole = true;
    for (const row of rowsIn(full, where)) rows.push(row);
    if (rows.length < PIECE) continue;
    yield rows;
    rows = [];
  }
  if (!whole || rest !== '')
    throw new PeepholeError('engine_failed', `Druid at ${where} broke off in the middle of its answer.`);
  if (rows.length > 0) yield rows;
}

/** All at once, which takes half the time of one by one; one by one where that fails, to tell which line it is. */
function rowsIn(lines: readonly string[], where: string): readonly Row[] {
  try {
    const rows = JSON.parse(`[${lines.join(',')}]`) as readonly unknown[];
    if (rows.length === lines.length && rows.every((row) => Array.isArray(row))) return rows;
  } catch {
    // Below.
  }
  return lines.map((line) => rowIn(line, where));
}

function rowIn(line: string, where: string): Row {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (error) {
    throw new PeepholeError(
      'engine_unreachable',
      `What is at ${where} answers, but not as Druid does: ${line.slice(0, 200)}. Is --engine-url that of the router?`,
      {},
      { cause: error },
    );
  }
  if (Array.isArray(row)) return row;
  throw new PeepholeError(
    'engine_failed',
    `Druid at ${where} failed in the middle of its answer: ${line.slice(0, 500)}`,
  );
}
