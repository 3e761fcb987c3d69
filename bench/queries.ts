/** A question as Peephole takes it and as an expert would write it over the plain table. */
export interface BenchQuery {
  readonly name: string;
  readonly query: { readonly splits?: readonly unknown[]; readonly [clause: string]: unknown };
  readonly sql: string;
  /** The same for ClickHouse, over its MergeTree; without it, `sql` is good for both. */
  readonly clickhouse?: string;
  /** The column whose values must be the same in both answers; undefined: those differ by records without data, which the plain table has. */
  readonly compared?: number;
}

export interface BenchTarget {
  readonly address: string;
  readonly port: number;
  /** The newest flow's start and the start of the last hour before it, ISO 8601 UTC; `to` is exclusive. */
  readonly to: string;
  readonly hourAgo: string;
}

/** The steps of the example investigation: share, target, port, strangers, times. */
export function storyQueries({ address, port, to, hourAgo }: BenchTarget): readonly BenchQuery[] {
  const hour = { from: hourAgo, to };
  const inHour = `"start" >= TIMESTAMP '${hourAgo}' AND "start" < TIMESTAMP '${to}'`;
  const rejected = { field: 'action', in: ['REJECT'] };
  const target = [rejected, { field: 'dstaddr', in: [address] }, { field: 'dstport', in: [port] }];
  const chHour = `hour >= toStartOfHour(toDateTime('${hourAgo.slice(0, -1)}', 'UTC')) AND start >= toDateTime('${hourAgo.slice(0, -1)}', 'UTC') AND start < toDateTime('${to.slice(0, -1)}', 'UTC')`;
  const chTarget = `action = 'REJECT' AND dstaddr = toIPv6('${address}') AND dstport = ${port}`;
  const onTarget = `action = 'REJECT' AND dstaddr = '${address}' AND dstport = ${port}`;
  return [
    {
      name: 'share rejected, last hour',
      query: { time: hour, splits: [{ field: 'action' }], measures: ['flows'] },
      sql: `SELECT action, count(*) FROM flows WHERE ${inHour} GROUP BY 1 ORDER BY 2 DESC`,
      clickhouse: `SELECT action, count() n FROM flows WHERE ${chHour} GROUP BY 1 ORDER BY n DESC`,
    },
    {
      name: 'rejected by destination, last hour',
      compared: 1,
      query: { time: hour, filter: [rejected], splits: [{ field: 'dstaddr', limit: 50 }] },
      sql: `SELECT dstaddr, count(*) n FROM flows WHERE action = 'REJECT' AND ${inHour} GROUP BY 1 ORDER BY n DESC LIMIT 50`,
      clickhouse: `SELECT dstaddr, count() n FROM flows WHERE action = 'REJECT' AND ${chHour} GROUP BY 1 ORDER BY n DESC LIMIT 50`,
    },
    {
      name: 'rejected by destination, all',
      compared: 1,
      query: { filter: [rejected], splits: [{ field: 'dstaddr', limit: 50 }] },
      sql: `SELECT dstaddr, count(*) n FROM flows WHERE action = 'REJECT' GROUP BY 1 ORDER BY n DESC LIMIT 50`,
    },
    {
      name: 'rejected by port and destination, all',
      query: {
        filter: [rejected],
        splits: [
          { field: 'dstport', limit: 50 },
          { field: 'dstaddr', limit: 5 },
        ],
      },
      sql: `WITH p AS (SELECT dstport, count(*) n FROM flows WHERE action = 'REJECT' GROUP BY 1 ORDER BY n DESC LIMIT 50),
            d AS (SELECT dstport, dstaddr, count(*) m FROM flows WHERE action = 'REJECT' AND dstport IN (SELECT dstport FROM p) GROUP BY 1, 2
                  QUALIFY row_number() OVER (PARTITION BY dstport ORDER BY m DESC) <= 5)
            SELECT p.dstport, d.dstaddr, p.n, d.m FROM p JOIN d USING (dstport) ORDER BY p.n DESC, d.m DESC`,
      clickhouse: `WITH p AS (SELECT dstport, count() n FROM flows WHERE action = 'REJECT' GROUP BY 1 ORDER BY n DESC LIMIT 50)
            SELECT dstport, dstaddr, count() m FROM flows WHERE action = 'REJECT' AND dstport IN (SELECT dstport FROM p) GROUP BY 1, 2
            ORDER BY dstport, m DESC LIMIT 5 BY dstport`,
    },
    {
      name: 'who knocks, last hour',
      compared: 1,
      query: { time: hour, filter: target, splits: [{ field: 'srcaddr', limit: 50 }] },
      sql: `SELECT srcaddr, count(*) n FROM flows WHERE ${onTarget} AND ${inHour} GROUP BY 1 ORDER BY n DESC LIMIT 50`,
      clickhouse: `SELECT srcaddr, count() n FROM flows WHERE ${chTarget} AND ${chHour} GROUP BY 1 ORDER BY n DESC LIMIT 50`,
    },
    {
      name: 'who knocks, hour by hour, all',
      query: {
        filter: target,
        splits: [
          { field: 'srcaddr', limit: 50 },
          { field: 'time', bucket: 'PT1H' },
        ],
      },
      sql: `WITH s AS (SELECT srcaddr, count(*) n FROM flows WHERE ${onTarget} GROUP BY 1 ORDER BY n DESC LIMIT 50)
            SELECT srcaddr, date_trunc('hour', "start") h, count(*) FROM flows WHERE ${onTarget} AND srcaddr IN (SELECT srcaddr FROM s) GROUP BY 1, 2 ORDER BY 1, 2`,
      clickhouse: `WITH s AS (SELECT srcaddr, count() n FROM flows WHERE ${chTarget} GROUP BY 1 ORDER BY n DESC LIMIT 50)
            SELECT srcaddr, hour, count() FROM flows WHERE ${chTarget} AND srcaddr IN (SELECT srcaddr FROM s) GROUP BY 1, 2 ORDER BY 1, 2`,
    },
  ];
}

/** What people ask of an explorer every day. */
export const explorerQueries: readonly BenchQuery[] = [
  {
    name: 'totals',
    compared: 1,
    query: { measures: ['flows', 'bytes', 'packets'] },
    sql: 'SELECT count(*), sum(bytes), sum(packets) FROM flows',
  },
  {
    name: 'flows and bytes by hour',
    compared: 2,
    query: { splits: [{ field: 'time', bucket: 'PT1H' }], measures: ['flows', 'bytes'] },
    sql: `SELECT date_trunc('hour', "start") h, count(*), sum(bytes) FROM flows GROUP BY 1 ORDER BY 1`,
    clickhouse: 'SELECT hour, count(), sum(bytes) FROM flows GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'top sources by bytes',
    compared: 1,
    query: { splits: [{ field: 'srcaddr', limit: 50 }], measures: ['bytes'] },
    sql: 'SELECT srcaddr, sum(bytes) b FROM flows GROUP BY 1 ORDER BY b DESC LIMIT 50',
  },
  {
    name: 'top destination ports',
    query: { splits: [{ field: 'dstport', limit: 50 }], measures: ['flows', 'bytes'] },
    sql: 'SELECT dstport, count(*) n, sum(bytes) FROM flows GROUP BY 1 ORDER BY n DESC LIMIT 50',
  },
  {
    name: 'interfaces and their share rejected',
    query: { splits: [{ field: 'interface_id', limit: 50 }], measures: ['flows', 'rejected_share'] },
    sql: `SELECT interface_id, count(*) n, count(*) FILTER (action = 'REJECT') / count(*) FROM flows GROUP BY 1 ORDER BY n DESC LIMIT 50`,
    clickhouse: `SELECT interface_id, count() n, countIf(action = 'REJECT') / n FROM flows GROUP BY 1 ORDER BY n DESC LIMIT 50`,
  },
  {
    name: 'distinct sources by destination',
    compared: 1,
    query: {
      splits: [{ field: 'dstaddr', limit: 50, sort: { by: 'unique_sources' } }],
      measures: ['unique_sources'],
    },
    sql: 'SELECT dstaddr, count(DISTINCT srcaddr) u FROM flows GROUP BY 1 ORDER BY u DESC LIMIT 50',
    clickhouse: 'SELECT dstaddr, uniqExact(srcaddr) u FROM flows GROUP BY 1 ORDER BY u DESC LIMIT 50',
  },
  {
    name: 'rejected by port over time',
    query: {
      filter: [{ field: 'action', in: ['REJECT'] }],
      splits: [
        { field: 'dstport', limit: 10 },
        { field: 'time', bucket: 'PT1H' },
      ],
    },
    sql: `WITH p AS (SELECT dstport, count(*) n FROM flows WHERE action = 'REJECT' GROUP BY 1 ORDER BY n DESC LIMIT 10)
          SELECT dstport, date_trunc('hour', "start") h, count(*) FROM flows WHERE action = 'REJECT' AND dstport IN (SELECT dstport FROM p) GROUP BY 1, 2 ORDER BY 1, 2`,
    clickhouse: `WITH p AS (SELECT dstport, count() n FROM flows WHERE action = 'REJECT' GROUP BY 1 ORDER BY n DESC LIMIT 10)
          SELECT dstport, hour, count() FROM flows WHERE action = 'REJECT' AND dstport IN (SELECT dstport FROM p) GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    name: 'one network, by destination and port',
    query: {
      filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/16'] }],
      splits: [
        { field: 'dstaddr', limit: 25 },
        { field: 'dstport', limit: 5 },
      ],
    },
    sql: `WITH d AS (SELECT dstaddr, count(*) n FROM flows WHERE srcaddr LIKE '10.0.%' GROUP BY 1 ORDER BY n DESC LIMIT 25)
          SELECT dstaddr, dstport, count(*) m FROM flows WHERE srcaddr LIKE '10.0.%' AND dstaddr IN (SELECT dstaddr FROM d) GROUP BY 1, 2
          QUALIFY row_number() OVER (PARTITION BY dstaddr ORDER BY m DESC) <= 5 ORDER BY 1, m DESC`,
    clickhouse: `WITH d AS (SELECT dstaddr, count() n FROM flows WHERE srcaddr BETWEEN toIPv6('10.0.0.0') AND toIPv6('10.0.255.255') GROUP BY 1 ORDER BY n DESC LIMIT 25)
          SELECT dstaddr, dstport, count() m FROM flows WHERE srcaddr BETWEEN toIPv6('10.0.0.0') AND toIPv6('10.0.255.255') AND dstaddr IN (SELECT dstaddr FROM d) GROUP BY 1, 2
          ORDER BY dstaddr, m DESC LIMIT 5 BY dstaddr`,
  },
  {
    name: 'a port, by source',
    compared: 1,
    query: {
      filter: [{ field: 'dstport', in: [22] }],
      splits: [{ field: 'srcaddr', limit: 50 }],
      measures: ['flows', 'rejected_flows'],
    },
    sql: `SELECT srcaddr, count(*) n, count(*) FILTER (action = 'REJECT') FROM flows WHERE dstport = 22 GROUP BY 1 ORDER BY n DESC LIMIT 50`,
    clickhouse: `SELECT srcaddr, count() n, countIf(action = 'REJECT') FROM flows WHERE dstport = 22 GROUP BY 1 ORDER BY n DESC LIMIT 50`,
  },
  {
    name: 'protocols by day in New York',
    query: {
      timezone: 'America/New_York',
      splits: [
        { field: 'protocol', limit: 5 },
        { field: 'time', bucket: 'P1D' },
      ],
      measures: ['flows', 'bytes'],
    },
    sql: `SELECT protocol, date_trunc('day', ("start" AT TIME ZONE 'UTC') AT TIME ZONE 'America/New_York') d, count(*), sum(bytes) FROM flows GROUP BY 1, 2 ORDER BY 1, 2`,
    clickhouse: `SELECT protocol, toDate(hour, 'America/New_York') d, count(), sum(bytes) FROM flows GROUP BY 1, 2 ORDER BY 1, 2`,
  },
];
