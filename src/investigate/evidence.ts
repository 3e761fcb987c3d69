import { iso } from './wording.ts';

type Json = Readonly<Record<string, unknown>>;

/** The conditions of a selection; what is absent isn't asked for. */
export interface Selection {
  readonly action?: 'REJECT' | 'ACCEPT' | null;
  readonly sources?: readonly string[];
  readonly targets?: readonly string[];
  readonly port?: number | null;
  readonly sourcePort?: number | null;
  readonly protocol?: number | null;
  readonly interfaceId?: string | null;
}

/** A query about a selection, in the JSON of docs/query.md. */
export function queryOf(
  range: { readonly from: number; readonly to: number },
  selection: Selection,
  splits: readonly Json[],
  measures: readonly string[] = ['connections'],
): Json {
  const one = (field: string, value: string | number | null | undefined): readonly Json[] =>
    value === null || value === undefined || (typeof value === 'number' && value < 0)
      ? []
      : [{ field, in: [value] }];
  const many = (field: string, values: readonly string[] | undefined): readonly Json[] =>
    values === undefined || values.length === 0 ? [] : [{ field, in: [...values] }];
  return {
    time: { from: iso(range.from), to: iso(range.to) },
    filter: [
      ...one('action', selection.action),
      ...many('dstaddr', selection.targets),
      ...one('dstport', selection.port),
      ...one('srcport', selection.sourcePort),
      ...one('protocol', selection.protocol),
      ...one('interface_id', selection.interfaceId),
      ...many('srcaddr', selection.sources),
    ],
    splits,
    measures,
  };
}

export const bySource: Json = { field: 'srcaddr', limit: 50 };
export const byTarget: Json = { field: 'dstaddr', limit: 50 };
export const byPort: Json = { field: 'dstport', limit: 50 };
export const byHour: Json = { field: 'time', bucket: 'PT1H' };
export const byTenMinutes: Json = { field: 'time', bucket: 'PT10M' };
