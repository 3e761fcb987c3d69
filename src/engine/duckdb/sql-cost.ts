import type { Connection } from './connection.ts';

/** Rows that operators together get through in a millisecond, roughly. */
const ROWS_PER_MS = 20_000;

/**
 * How many milliseconds a SELECT may take, guessed from the numbers of rows that DuckDB's optimizer expects between its
 * operators. Infinity where it can't know: a recursion. The views that it reads must be there.
 */
export async function guessCost(connection: Connection, sql: string): Promise<number> {
  const rows = (await connection.api.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`)).getRows();
  const plan = JSON.parse(String(rows[0]?.[1])) as readonly PlanNode[];
  return plan.reduce((sum, node) => sum + sizeOf(node).all, 0) / ROWS_PER_MS;
}

interface PlanNode {
  readonly name?: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

/** Rows that come out of an operator, and those of it and all below it. */
interface Size {
  readonly out: number;
  readonly all: number;
}

function sizeOf({ name = '', children = [], extra_info: info = {} }: PlanNode): Size {
  if (name === 'REC_CTE') return { out: Infinity, all: Infinity };
  const below = children.map(sizeOf);
  const estimated = Number(info['Estimated Cardinality'] ?? Number.NaN);
  // A cross product tells no number.
  const out = Number.isNaN(estimated) ? below.reduce((product, child) => product * child.out, 1) : estimated;
  return { out, all: below.reduce((sum, child) => sum + child.all, out) };
}
