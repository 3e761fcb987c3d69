import { quote, textLiteral } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';

/**
 * How the tables and views of a store lie: on one server, or on all servers of a cluster. Tables that hold flows, or what
 * views make of them, are `rows`; all others are small, and `table`.
 */
export interface TableLayout {
  /** The name of a table's part on each server, for what is made and deleted there. */
  partOf(name: string): string;
  /** A table of the store's bookkeeping. In a cluster each server has all of it. */
  table(name: string, columns: string, order: string, more?: string): readonly string[];
  /** A table of which each shard of a cluster has a part. */
  rows(name: string, columns: string, order: string, more?: string): readonly string[];
  /** A view of tables that each server has all of. */
  view(name: string, select: string): readonly string[];
  /** A view of a table of `rows`. @param select made with the name of that table's part on each server */
  shown(name: string, select: string): readonly string[];
  /** What fills a table of `rows` from another as rows come in, on each server. */
  fill(name: string, to: string, select: string): readonly string[];
  /** Where a row lies, as two columns that a view shows: the same as no other row's. */
  readonly place: string;
}

export const CREATE_VIEW = 'CREATE VIEW IF NOT EXISTS';
const KEYS = 'allow_nullable_key = 1';
/** Of tables that are not replicated: so many inserts are known, so that one that is sent again counts once. */
export const KNOWN_INSERTS = 'non_replicated_deduplication_window = 1000';

/** Tables of which each shard of a cluster has a part. */
const parted: ReadonlySet<string> = new Set([
  'flow_row',
  'flow_hour_row',
  'flow_port_day_row',
  'coverage_row',
  'logged_hour_row',
]);

export function isParted(table: string): boolean {
  return parted.has(table);
}

export const oneServer: TableLayout = {
  partOf: (name) => name,
  table: (name, columns, order, more = '') => [
    `CREATE TABLE IF NOT EXISTS ${name} (${columns}) ENGINE = MergeTree ORDER BY (${order}) ${more} SETTINGS ${KEYS}, ${KNOWN_INSERTS}`,
  ],
  rows: (name, columns, order, more = '') => [
    `CREATE TABLE IF NOT EXISTS ${name} (${columns}) ENGINE = MergeTree ${more} ORDER BY (${order}) SETTINGS ${KEYS}, ${KNOWN_INSERTS}`,
  ],
  view: (name, select) => [`${CREATE_VIEW} ${name} AS ${select}`],
  shown: (name, select) => [`${CREATE_VIEW} ${name} AS ${select}`],
  fill: (name, to, select) => [`CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} TO ${to} AS ${select}`],
  place: '_part, _part_offset',
};

/**
 * The tables of a store on a cluster. Servers of one shard hold the same rows (`ReplicatedMergeTree`), a distributed table stands
 * for those of all shards, and is what is written to and read. Each server has all of the bookkeeping: its tables are replicated
 * among all servers, whatever their shard. Servers need the macros `shard` and `replica`.
 */
export function clusterLayout(cluster: string, database: string): TableLayout {
  const on = onCluster(cluster);
  const path = (shard: string, name: string): string =>
    textLiteral(`/clickhouse/peephole/${shard}/${encodeURIComponent(database)}/${name}`);
  const distributed = (name: string, part: string, by: string): string =>
    `CREATE TABLE IF NOT EXISTS ${name}${on} AS ${quote(database)}.${part} ENGINE = Distributed(${textLiteral(cluster)}, ${textLiteral(database)}, ${textLiteral(part)}${by})`;
  const partOf = (name: string): string => `${name}_local`;
  return {
    partOf,
    table: (name, columns, order, more = '') => [
      `CREATE TABLE IF NOT EXISTS ${name}${on} (${columns}) ENGINE = ReplicatedMergeTree(${path('all', name)}, '{shard}_{replica}') ORDER BY (${order}) ${more} SETTINGS ${KEYS}`,
    ],
    rows: (name, columns, order, more = '') => [
      `CREATE TABLE IF NOT EXISTS ${partOf(name)}${on} (${columns}) ENGINE = ReplicatedMergeTree(${path('{shard}', name)}, '{replica}') ${more} ORDER BY (${order}) SETTINGS ${KEYS}`,
      distributed(name, partOf(name), `, ${SHARD_OF[name] ?? 'sipHash64(batch)'}`),
    ],
    view: (name, select) => [`${CREATE_VIEW} ${name}${on} AS ${select}`],
    // The view is on the shards, below the distributed table: so they group and add up, and not the server that is asked.
    shown: (name, select) => [
      `${CREATE_VIEW} ${partOf(name)}${on} AS ${select}`,
      distributed(name, partOf(name), ''),
    ],
    fill: (name, to, select) => [
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name}${on} TO ${partOf(to)} AS ${select}`,
    ],
    // Parts of two shards may have the same name.
    place: "concat(getMacro('shard'), '/', _part) AS _part, _part_offset",
  };
}

/** ` ON CLUSTER …`; nothing for one server. */
export function onCluster(cluster: string | null): string {
  return cluster === null ? '' : ` ON CLUSTER ${quote(cluster)}`;
}

/**
 * By what rows go to a shard. The same each time, or a part that is sent again would be known on one shard and new on another;
 * rows that a rollup adds up lie together.
 */
const BY_ENDS = "sipHash64(ifNull(hour, 0), ifNull(srcaddr, toIPv6('::')), ifNull(dstaddr, toIPv6('::')))";
const SHARD_OF: Readonly<Record<string, string>> = {
  flow_row: BY_ENDS,
  flow_hour_row: BY_ENDS,
  flow_port_day_row: 'sipHash64(ifNull(hour, 0), ifNull(dstport, 0))',
  coverage_row: 'sipHash64(input, ifNull(hour, 0))',
};

/**
 * What holds for statements on a cluster. What was acknowledged is on most replicas, and a replica that lacks some of it refuses
 * to answer; right sides of joins and lists are made once, by the server that is asked, and sent along; a shard that is away
 * is an error and never a hole.
 */
export const clusterSettings: Readonly<Record<string, string>> = {
  distributed_foreground_insert: '1',
  insert_quorum: 'auto',
  insert_quorum_parallel: '0',
  select_sequential_consistency: '1',
  distributed_product_mode: 'global',
  prefer_global_in_and_join: '1',
  skip_unavailable_shards: '0',
  fallback_to_stale_replicas_for_distributed_queries: '0',
  distributed_ddl_output_mode: 'throw',
  // What is added up goes to the shard of its key, as rows do that come in.
  parallel_distributed_insert_select: '0',
};
