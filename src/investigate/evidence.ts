import type { Finding } from '../model/knocks/knocks.ts';
import { iso } from './wording.ts';

type Json = Readonly<Record<string, unknown>>;

/** The conditions of a selection; absent ones do not apply. */
export interface Selection {
  readonly action?: 'REJECT' | 'ACCEPT' | null;
  readonly sources?: readonly string[];
  readonly targets?: readonly string[];
  readonly port?: number | null;
  /** Instead of `port`, where there are several. */
  readonly ports?: readonly number[];
  readonly sourcePorts?: readonly number[];
  readonly protocol?: number | null;
  readonly interfaceId?: string | null;
  /** What counts as an attempt; default: connections. */
  readonly counted?: Finding['counted'];
}

/** The measure that counts a selection's attempts. */
export function attemptsOf({ counted }: Selection): 'connections' | 'flows' {
  return counted === 'records' ? 'flows' : 'connections';
}

/** A query about a selection, in the JSON of docs/query.md. */
export function queryOf(
  range: { readonly from: number; readonly to: number },
  selection: Selection,
  splits: readonly Json[],
  measures: readonly string[] = [attemptsOf(selection)],
): Json {
  const one = (field: string, value: string | number | null | undefined): readonly Json[] =>
    value === null || value === undefined || (typeof value === 'number' && value < 0)
      ? []
      : [{ field, in: [value] }];
  const many = (field: string, values: readonly (string | number)[] | undefined): readonly Json[] =>
    values === undefined || values.length === 0 ? [] : [{ field, in: [...values] }];
  return {
    time: { from: iso(range.from), to: iso(range.to) },
    filter: [
      ...one('action', selection.action),
      ...many('dstaddr', selection.targets),
      ...one('dstport', selection.port),
      ...many('dstport', selection.ports),
      ...many('srcport', selection.sourcePorts),
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
