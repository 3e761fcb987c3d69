import type { AboutChange, AboutList, AboutRow } from '../../model/about/about.ts';
import type { Answer, Cell } from '../../model/query/answer.ts';
import { rowQuery, type ListQuery, type SideName } from './about-queries.ts';

/** Rows of a list that an answer has. */
const MOST_ROWS = 25;
/** A change is listed if the amount is so many times as large or as small, with at least so many flows. */
const MUCH = 3;
const LEAST_FLOWS = 20;

/** What is known of a value of a list. */
export interface ValueNames {
  readonly ofAddress: (address: string) => Pick<AboutRow, 'name' | 'country' | 'as_name'>;
  readonly ofPort: (protocol: number, port: number) => string | null;
}

/** The rows of a list's answer, all of them, those without flows now too. */
export function readRows(
  { query, field }: ListQuery,
  answer: Answer,
  bucket: string,
  names: ValueNames,
): readonly AboutRow[] {
  const columns = new Map(answer.columns.map(({ name }, index) => [name, index]));
  return answer.rows.map((cells) => {
    const cell = (name: string): Cell => cells[columns.get(name) ?? -1] ?? null;
    const amount = (name: string): number => Number(cell(name) ?? 0);
    const raw = cell(field);
    const value = typeof raw === 'string' || typeof raw === 'number' ? raw : null;
    const ofPort = field === 'dstport';
    const protocol = ofPort && cell('protocol') !== null ? Number(cell('protocol')) : null;
    const nothing = { name: null, country: null, as_name: null };
    const clauses = [{ field, in: [value] }, ...(ofPort ? [{ field: 'protocol', in: [protocol] }] : [])];
    return {
      value,
      protocol,
      ...(ofPort
        ? {
            ...nothing,
            name: protocol === null || value === null ? null : names.ofPort(protocol, Number(value)),
          }
        : typeof value === 'string'
          ? names.ofAddress(value)
          : nothing),
      flows: amount('flows'),
      bytes: amount('bytes'),
      rejected_flows: amount('rejected_flows'),
      peers: ofPort ? amount(columns.has('unique_sources') ? 'unique_sources' : 'unique_destinations') : null,
      previous_flows: columns.has('flows_previous') ? amount('flows_previous') : null,
      parts: [],
      more_parts: 0,
      query: rowQuery(query, clauses, bucket),
    };
  });
}

/** The rows that an answer shows, the most flows first. */
export function shownRows(rows: readonly AboutRow[]): readonly AboutRow[] {
  return rows
    .filter(({ flows }) => flows > 0)
    .toSorted((a, b) => b.flows - a.flows)
    .slice(0, MOST_ROWS);
}

/** A list as an answer has it; `shown` are its first rows. */
export function listOf(
  { list, query }: ListQuery,
  answer: Answer,
  rows: readonly AboutRow[],
  shown: readonly AboutRow[],
): AboutList {
  const present = rows.filter(({ flows }) => flows > 0);
  const flowsAt = answer.columns
    .filter(({ kind }) => kind !== 'split')
    .findIndex(({ name }) => name === 'flows');
  const others = answer.other ?? [];
  const cut = others.reduce((sum, { values }) => sum + Number(values[flowsAt] ?? 0), 0);
  return {
    list,
    query,
    rows: shown,
    groups: present.length + others.reduce((sum, { groups }) => sum + groups, 0),
    flows: present.reduce((sum, { flows }) => sum + flows, 0) + cut,
  };
}

/** What of a list is new, is gone, or has become much more or less than in the earlier range. */
export function changesOf(
  side: SideName,
  { list, query }: ListQuery,
  rows: readonly AboutRow[],
): readonly AboutChange[] {
  return rows.flatMap(({ value, protocol, name, flows, previous_flows: previous, query: own }) => {
    const what = previous === null ? null : changeOf(flows, previous);
    if (what === null || previous === null) return [];
    const compare = query['compare'];
    return [
      {
        side,
        list,
        what,
        value,
        protocol,
        name,
        flows,
        previous_flows: previous,
        query: { ...own, ...(compare === undefined ? {} : { compare }) },
      },
    ];
  });
}

function changeOf(flows: number, previous: number): AboutChange['what'] | null {
  if (flows === previous) return null;
  if (previous === 0) return 'new';
  if (flows === 0) return 'gone';
  if (Math.abs(flows - previous) < LEAST_FLOWS) return null;
  return flows >= MUCH * previous ? 'more' : previous >= MUCH * flows ? 'less' : null;
}
