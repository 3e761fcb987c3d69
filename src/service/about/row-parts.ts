import type { AboutListName, AboutPart, AboutRow } from '../../model/about/about.ts';
import type { AboutKind } from '../../model/about/parse-about.ts';
import type { Answer, Cell } from '../../model/query/answer.ts';
import {
  FIRST_CLIENT_PORT,
  MOST_PROTOCOLS,
  rowQuery,
  sideFields,
  type ListQuery,
  type SideName,
} from './about-queries.ts';
import type { ValueNames } from './read-list.ts';

/** Parts of a row that an answer has. */
const MOST_PARTS = 4;

/** The ports of each peer, and the peers of each port: which query gives them for the rows of a list. */
export interface PartsQuery {
  /** The field of the parts' values. */
  readonly field: string;
  readonly query: ListQuery['query'];
}

type ClauseJson = Readonly<Record<string, unknown>>;

/** The query of all parts of the rows that a list shows. */
export function partsQuery(
  { list, field, query }: ListQuery,
  side: SideName,
  kind: AboutKind,
  rows: readonly Pick<AboutRow, 'value'>[],
): PartsQuery {
  const part = partField(list, side, kind);
  const refused = list === 'refused_peers' || list === 'refused_ports';
  const inner = { limit: MOST_PARTS, sort: { by: 'flows', order: 'desc' } };
  const protocol = { field: 'protocol', limit: MOST_PROTOCOLS, sort: inner.sort };
  const { time } = query;
  return {
    field: part,
    query: {
      ...(time === undefined ? {} : { time }),
      filter: [
        ...(query['filter'] as readonly ClauseJson[]),
        { field, in: [...new Set(rows.map(({ value }) => value))] },
        ...(part === 'dstport' && !refused
          ? [{ field: 'dstport', between: [0, FIRST_CLIENT_PORT - 1] }]
          : []),
      ],
      splits: [
        { field, limit: null },
        ...(field === 'dstport' ? [protocol] : []),
        { field: part, ...inner },
        ...(part === 'dstport' ? [protocol] : []),
      ],
      measures: ['flows', 'rejected_flows'],
      other: true,
    },
  };
}

/** The rows with their parts, as an answer to their query has them. */
export function withParts(
  rows: readonly AboutRow[],
  list: ListQuery,
  { field }: PartsQuery,
  answer: Answer,
  bucket: string,
  names: ValueNames,
): readonly AboutRow[] {
  const ofPorts = list.field === 'dstport';
  const parts = new Map<string, AboutPart[]>();
  for (const cells of answer.rows) {
    const [value, protocol] = ofPorts ? cells : [cells[0], null];
    const [part, partProtocol] = ofPorts
      ? [cells[2], null]
      : [cells[1], field === 'dstport' ? cells[2] : null];
    const row = rows.find((one) => one.value === value && one.protocol === protocol);
    if (row === undefined) continue;
    const [flows, rejected] = cells.slice(-2).map(Number);
    const of = parts.get(keyOf(value, protocol)) ?? [];
    parts.set(keyOf(value, protocol), of);
    of.push({
      value: typeof part === 'string' || typeof part === 'number' ? part : null,
      protocol: partProtocol == null ? null : Number(partProtocol),
      name:
        typeof part === 'string'
          ? names.ofAddress(part).name
          : partProtocol == null || part == null
            ? null
            : names.ofPort(Number(partProtocol), Number(part)),
      flows: flows ?? 0,
      rejected_flows: rejected ?? 0,
      query: rowQuery(
        list.query,
        [
          { field: list.field, in: [value ?? null] },
          ...(ofPorts ? [{ field: 'protocol', in: [protocol ?? null] }] : []),
          { field, in: [part ?? null] },
          ...(field === 'dstport' ? [{ field: 'protocol', in: [partProtocol ?? null] }] : []),
        ],
        bucket,
      ),
    });
  }
  const depth = ofPorts ? 2 : 1;
  const more = new Map(
    (answer.other ?? []).flatMap(({ path, groups }) =>
      path.length === depth ? [[keyOf(path[0], path[1] ?? null), groups] as const] : [],
    ),
  );
  return rows.map((row) => {
    const key = keyOf(row.value, row.protocol);
    const own = (parts.get(key) ?? []).toSorted((a, b) => b.flows - a.flows);
    return { ...row, parts: own, more_parts: more.get(key) ?? 0 };
  });
}

function keyOf(value: Cell | undefined, protocol: Cell | undefined): string {
  return JSON.stringify([value ?? null, protocol ?? null]);
}

/** By port, but for what has one port only: by the address at the other end. */
function partField(list: AboutListName, side: SideName, kind: AboutKind): string {
  const { peer, ownAddress } = sideFields[side];
  switch (list) {
    case 'ports':
    case 'refused_ports':
      return peer;
    case 'peers':
    case 'refused_peers':
      return kind === 'port' ? ownAddress : 'dstport';
    case 'members':
      return kind === 'port' ? peer : 'dstport';
  }
}
