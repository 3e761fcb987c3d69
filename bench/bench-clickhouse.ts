import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** ClickHouse in this process, with the flows in a MergeTree. */
export interface ClickHouse {
  /** Runs a SELECT over `flows` to its end; returns its result as text. */
  ask(sql: string): string;
  close(): void;
}

interface Session {
  query(sql: string, format?: string): string;
  close(): void;
}

/** Where `npm run bench:clickhouse` puts it: a database of its own is no dependency of ours. */
const home = fileURLToPath(new URL('.chdb/package.json', import.meta.url));

/**
 * Loads the lines of a gzip file into ClickHouse (chdb), ordered as suits these questions best: by hour, action and
 * destination, addresses as what holds both families. Null where chdb is not installed.
 */
export function loadClickHouse(file: string, folder: string): ClickHouse | null {
  if (!existsSync(home)) return null;
  const { Session: open } = createRequire(home)('chdb') as { Session: new (path: string) => Session };
  const session = new open(folder);
  session.query('CREATE DATABASE bench ENGINE = Atomic');
  session.query(
    `CREATE TABLE bench.flows (
      hour DateTime('UTC'), start DateTime('UTC'), "end" DateTime('UTC'), interface_id LowCardinality(String),
      srcaddr IPv6, dstaddr IPv6, srcport UInt16, dstport UInt16, protocol UInt8, packets UInt64, bytes UInt64,
      action LowCardinality(String)) ENGINE = MergeTree ORDER BY (hour, action, dstaddr)`,
  );
  session.query(
    `INSERT INTO bench.flows
     SELECT toStartOfHour(toDateTime(p[11], 'UTC')), toDateTime(p[11], 'UTC'), toDateTime(p[12], 'UTC'), p[3],
       toIPv6(p[4]), toIPv6(p[5]), toUInt16(p[6]), toUInt16(p[7]), toUInt8(p[8]), toUInt64(p[9]), toUInt64(p[10]), p[13]
     FROM (SELECT splitByChar(' ', line) AS p FROM file('${file}', 'LineAsString', 'line String', 'gzip'))
     WHERE p[14] = 'OK'`,
  );
  session.query('OPTIMIZE TABLE bench.flows FINAL');
  return {
    ask: (sql) => session.query(sql.replaceAll('FROM flows', 'FROM bench.flows'), 'JSONCompact'),
    close: () => session.close(),
  };
}
