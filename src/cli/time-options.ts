import { PeepholeError } from '../model/errors.ts';
import { parseTimeRange } from '../model/query/parse-time.ts';

export interface TimeOptions {
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The time of a query, from `--last`, or `--from` and `--to`; null: all data. Throws `usage`, which names the option, for what is no time. */
export function timeOf({ last, from, to }: TimeOptions): Readonly<Record<string, string>> | null {
  if (last !== undefined && (from !== undefined || to !== undefined))
    throw new PeepholeError('usage', 'Give either --last, or --from and --to.');
  if (last !== undefined) return checked({ last });
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined)
    throw new PeepholeError('usage', 'A range needs both --from and --to.');
  return checked({ from, to });
}

function checked<T extends Readonly<Record<string, string>>>(time: T): T {
  try {
    parseTimeRange(time, 'Etc/UTC');
    return time;
  } catch (error) {
    if (!(error instanceof PeepholeError)) throw error;
    const message = error.message
      .replace(/^time\.(last|from|to): /, '--$1 ')
      .replace(/^time: "from" must be before "to"; "to"/, '--from must be before --to, which');
    throw new PeepholeError('usage', message, {}, { cause: error });
  }
}
