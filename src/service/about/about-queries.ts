import type { AboutListName, QueryJson } from '../../model/about/about.ts';
import type { AboutRequest } from '../../model/about/parse-about.ts';

type ClauseJson = Readonly<Record<string, unknown>>;
export type SideName = 'inbound' | 'outbound';

/** What the queries of all parts have in common. */
export interface AboutScope {
  /** ISO 8601 UTC; null: all data. */
  readonly time: { readonly from: string; readonly to: string } | null;
  /** How much earlier the range is that it is compared with. */
  readonly shift: string | null;
  readonly bucket: 'PT1H' | 'P1D';
}

/** A list, and the query that gives its rows. */
export interface ListQuery {
  readonly list: AboutListName;
  /** The field of the rows' values. */
  readonly field: string;
  readonly query: QueryJson;
}

/** So many rows of a list are compared with the earlier range. */
const MOST_COMPARED = 500;
/** Ports from here on are those that clients answer from; sums by the hour don't keep them apart. */
export const FIRST_CLIENT_PORT = 32_768;
/** The most protocols that use one port at the same time; more would be a scan. */
export const MOST_PROTOCOLS = 4;

/** Which fields hold its own end and the other one, by direction. */
export const sideFields = {
  inbound: { own: 'dst', ownAddress: 'dstaddr', peer: 'srcaddr', peers: 'unique_sources' },
  outbound: { own: 'src', ownAddress: 'srcaddr', peer: 'dstaddr', peers: 'unique_destinations' },
} as const;

/**
 * Which flows go to what is asked about, or come from it; null: direction does not apply. An interface's addresses tell which way
 * a flow goes (`own`): by the inventory, or by the flows that it logged.
 */
export function clausesOf(
  { kind, value, port }: AboutRequest,
  side: SideName,
  own: readonly string[],
): readonly ClauseJson[] | null {
  const end = sideFields[side];
  switch (kind) {
    case 'address':
      return [{ field: end.ownAddress, in: [value] }];
    case 'interface':
      return [
        { field: 'interface_id', in: [value] },
        ...(own.length === 0 ? [] : [{ field: end.ownAddress, in: own }]),
      ];
    case 'operator':
      return [{ field: `${end.own}_asn`, in: [Number(value)] }];
    case 'service':
    case 'name':
    case 'party':
    case 'country':
      return [{ field: `${end.own}_${kind}`, in: [value] }];
    case 'port':
      // Flows from a port are answers; only single flows show that.
      return side === 'outbound'
        ? null
        : [
            { field: 'dstport', in: [port?.number ?? 0] },
            ...(port?.protocol == null ? [] : [{ field: 'protocol', in: [port.protocol] }]),
          ];
  }
}

/** Amounts over time and in all. */
export function timeQuery(filter: readonly ClauseJson[], scope: AboutScope): QueryJson {
  return {
    ...base(filter, scope),
    splits: [{ field: 'time', bucket: scope.bucket, limit: null }],
    measures: ['flows', 'bytes', 'rejected_flows'],
    subtotals: true,
  };
}

/** In which hours of the whole store there are any. */
export function seenQuery(filter: readonly ClauseJson[]): QueryJson {
  return { filter, splits: [{ field: 'time', bucket: 'PT1H', limit: null }], measures: ['flows'] };
}

/** The lists of a side. */
export function listQueries(
  { kind }: AboutRequest,
  side: SideName,
  filter: readonly ClauseJson[],
  scope: AboutScope,
): readonly ListQuery[] {
  const { peer, ownAddress, peers } = sideFields[side];
  const refused = { field: 'action', in: ['REJECT'] };
  const of = (
    list: AboutListName,
    field: string,
    more: readonly ClauseJson[],
    inner: readonly Readonly<Record<string, unknown>>[] = [],
    measures: readonly string[] = [],
  ): ListQuery => ({
    list,
    field,
    query: {
      ...base([...filter, ...more], scope),
      splits: [
        { field, limit: MOST_COMPARED, sort: { by: 'flows', order: 'desc' } },
        ...inner.map((split) => ({ ...split, sort: { by: 'flows', order: 'desc' } })),
      ],
      measures: ['flows', 'bytes', 'rejected_flows', ...measures],
      other: true,
    },
  });
  const ofPorts = (list: AboutListName, more: readonly ClauseJson[]): ListQuery =>
    of(list, 'dstport', more, [{ field: 'protocol', limit: MOST_PROTOCOLS }], [peers]);
  return [
    of('peers', peer, []),
    ...(kind === 'address' ? [] : [of('members', ownAddress, [])]),
    ...(kind === 'port'
      ? []
      : [
          ofPorts('ports', [
            { field: 'action', in: ['ACCEPT'] },
            { field: 'dstport', between: [0, FIRST_CLIENT_PORT - 1] },
          ]),
          ofPorts('refused_ports', [refused]),
        ]),
    of('refused_peers', peer, [refused]),
  ];
}

/** The query of a list, about one of its rows: its flows over time. */
export function rowQuery(query: QueryJson, clauses: readonly ClauseJson[], bucket: string): QueryJson {
  const { time, filter } = query;
  return {
    ...(time === undefined ? {} : { time }),
    filter: [...(filter as readonly ClauseJson[]), ...clauses],
    splits: [{ field: 'time', bucket }],
    measures: ['flows', 'bytes'],
  };
}

function base(filter: readonly ClauseJson[], { time, shift }: AboutScope): QueryJson {
  return {
    ...(time === null ? {} : { time }),
    filter,
    ...(shift === null ? {} : { compare: { shift } }),
  };
}
