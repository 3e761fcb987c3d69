import { iso } from './wording.ts';

type Json = Readonly<Record<string, unknown>>;

/** A query in the JSON of docs/query.md, about the flows of a range that meet all conditions. */
export function queryJson(
  range: { readonly from: number; readonly to: number },
  filter: readonly Json[],
  splits: readonly Json[],
  measures: readonly string[],
): Json {
  return { time: { from: iso(range.from), to: iso(range.to) }, filter, splits, measures };
}

/** The addresses that networks use inside, as CIDR blocks. */
const inside = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8', 'fc00::/7', 'fe80::/10']; // prettier-ignore

export const toOutside: Json = { field: 'dstaddr', cidr: inside, not: true };

export const toInside: Json = { field: 'dstaddr', cidr: inside };
export const accepted: Json = { field: 'action', in: ['ACCEPT'] };

/** A condition on one value; none where the value is not known. */
export function is(field: string, value: string | number | null): readonly Json[] {
  return value === null ? [] : [{ field, in: [value] }];
}
