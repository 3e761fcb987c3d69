import { PeepholeError } from '../model/errors.ts';

export interface TimeOptions {
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The time of a query, from `--last`, or `--from` and `--to`; null: all data. */
export function timeOf({ last, from, to }: TimeOptions): Readonly<Record<string, string>> | null {
  if (last !== undefined && (from !== undefined || to !== undefined))
    throw new PeepholeError('usage', 'Give either --last, or --from and --to.');
  if (last !== undefined) return { last };
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined)
    throw new PeepholeError('usage', 'A range needs both --from and --to.');
  return { from, to };
}
