import { FetchAgain, weighted } from './fetch-rows.ts';
import type { Row } from './read-lines.ts';

/** Some flows with equal keys, as `selectTopRows` has them. */
export interface CountedGroup {
  readonly keys: Row;
  flows: number;
  readonly amounts: readonly Amount[];
}

interface Amount {
  sum: bigint;
  readonly largest: bigint;
  /** How many of the flows have it. */
  having: number;
}

/** Sums from here on begin anew in Druid. */
export const TOO_LARGE = 2n ** 63n;

/** @param cells keys, flows, and of each amount its sum, its largest value, and how many flows have it */
export function readGroup(cells: Row, keys: number): CountedGroup {
  const first = keys + 1;
  return {
    keys: cells.slice(0, keys),
    flows: Number(cells[keys]),
    amounts: Array.from({ length: (cells.length - first) / 3 }, (_, i) => {
      const [sum, largest, having] = cells.slice(first + 3 * i);
      return {
        sum: BigInt(String(sum ?? 0)),
        largest: BigInt(Number(largest ?? 0)),
        having: Number(having),
      };
    }),
  };
}

/** Takes flows out of others that they are among. */
export function lessen(all: CountedGroup, some: CountedGroup): void {
  all.flows -= some.flows;
  for (const [i, { sum, having }] of some.amounts.entries()) {
    const amount = all.amounts[i];
    if (amount === undefined) continue;
    amount.sum -= sum;
    amount.having -= having;
  }
}

/** As rows of `fetchRows`: keys, flows, and the sum of each amount. Throws `FetchAgain` where a sum may be too large. */
export function rowsOfGroup({ keys, flows, amounts }: CountedGroup): readonly Row[] {
  if (amounts.some(({ largest }) => largest * BigInt(flows) >= TOO_LARGE)) throw new FetchAgain('apart');
  const sums = amounts.map(({ sum, having }) => (having === 0 ? null : String(sum)));
  return weighted([...keys, flows], keys.length, sums);
}
