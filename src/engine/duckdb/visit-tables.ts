import type { DuckDBValue } from '@duckdb/node-api';
import { latestOfVisits, OPEN_AT_END } from '../../model/visits/latest-of-visits.ts';
import { isUnkept, type VisitRecord } from '../../model/visits/parse-visit.ts';
import type { UnkeptVisits, Visit } from '../../model/visits/visit.ts';
import { wantOf } from '../../model/visits/visit-request.ts';
import { appendRows } from './append-rows.ts';
import type { Connection } from './connection.ts';

/**
 * The tables of visits. A listener's numbers grow, so that rows of one file lie together. `began` and `last_began` are Unix
 * milliseconds; `record` is the visit itself, as JSON; host, request and agent are what `wantOf` says.
 */
export const visitTables: Readonly<Record<'visit' | 'unkept_visits', string>> = {
  visit: `listener VARCHAR NOT NULL, number UBIGINT NOT NULL, began UBIGINT NOT NULL, protocol VARCHAR NOT NULL,
    source VARCHAR NOT NULL, target VARCHAR NOT NULL, port UINTEGER NOT NULL, kind VARCHAR NOT NULL, host VARCHAR NOT NULL,
    request VARCHAR NOT NULL, agent VARCHAR NOT NULL, bytes UBIGINT NOT NULL, record VARCHAR NOT NULL`,
  unkept_visits: `listener VARCHAR NOT NULL, number UBIGINT NOT NULL, began UBIGINT NOT NULL, last_began UBIGINT NOT NULL,
    protocol VARCHAR NOT NULL, port UINTEGER NOT NULL, visits UBIGINT NOT NULL, bound VARCHAR NOT NULL, source VARCHAR NOT NULL`,
};

/** The statements that make the tables. */
export function createVisitTables(): readonly string[] {
  return Object.entries(visitTables).map(([name, columns]) => `CREATE TABLE ${name} (${columns})`);
}

let stages = 0;

/**
 * Adds those records that are not in yet, inside the connection's transaction. A visit that is in as open is replaced by
 * what says more of it. Returns how many records made no row more.
 */
export async function insertVisits(
  connection: Connection,
  records: readonly VisitRecord[],
): Promise<{ readonly duplicates: number }> {
  const latest = latestOfVisits(records);
  const unkept = latest.filter(isUnkept);
  const visits = latest.filter((record): record is Visit => !isUnkept(record));
  const added =
    (await insert(connection, 'visit', visits, visitColumns)) +
    (await insert(connection, 'unkept_visits', unkept, unkeptColumns));
  return { duplicates: records.length - added };
}

type Column<R> =
  | { readonly type: 'VARCHAR'; readonly value: (record: R) => string }
  | { readonly type: 'UINTEGER'; readonly value: (record: R) => number }
  | { readonly type: 'UBIGINT'; readonly value: (record: R) => bigint };

const idColumns: readonly Column<VisitRecord>[] = [
  { type: 'VARCHAR', value: ({ id }) => id.slice(0, 16) },
  { type: 'UBIGINT', value: ({ id }) => BigInt(id.slice(17)) },
  { type: 'UBIGINT', value: ({ at }) => BigInt(Date.parse(at)) },
];

const visitColumns: readonly Column<Visit>[] = [
  ...idColumns,
  { type: 'VARCHAR', value: ({ protocol }) => protocol },
  { type: 'VARCHAR', value: ({ source }) => source.address },
  { type: 'VARCHAR', value: ({ target }) => target.address },
  { type: 'UINTEGER', value: ({ target }) => target.port },
  { type: 'VARCHAR', value: ({ kind }) => kind },
  { type: 'VARCHAR', value: (visit) => wantOf(visit).host },
  { type: 'VARCHAR', value: (visit) => wantOf(visit).request },
  { type: 'VARCHAR', value: (visit) => wantOf(visit).agent },
  { type: 'UBIGINT', value: ({ bytes }) => BigInt(bytes) },
  { type: 'VARCHAR', value: (visit) => JSON.stringify(visit) },
];

const unkeptColumns: readonly Column<UnkeptVisits>[] = [
  ...idColumns,
  { type: 'UBIGINT', value: ({ last_at }) => BigInt(Date.parse(last_at)) },
  { type: 'VARCHAR', value: ({ protocol }) => protocol },
  { type: 'UINTEGER', value: ({ port }) => port },
  { type: 'UBIGINT', value: ({ unkept }) => BigInt(unkept) },
  { type: 'VARCHAR', value: ({ bound }) => bound },
  { type: 'VARCHAR', value: ({ source_address }) => source_address ?? '' },
];

/**
 * Inserts rows whose id is not in the table yet, and replaces open visits; returns how many rows more there are. A part has a
 * few thousand records: after an ordered INSERT of none DuckDB would lose one of 122,880 (`rollups.ts`).
 */
async function insert<R extends VisitRecord>(
  connection: Connection,
  table: keyof typeof visitTables,
  records: readonly R[],
  columns: readonly Column<R>[],
): Promise<number> {
  if (records.length === 0) return 0;
  // Never used again: an appender that was left behind by a rollback must not find a table to write to.
  const stage = `stage_${table}_${++stages}`;
  await connection.api.run(`CREATE TEMP TABLE ${stage} (${visitTables[table]})`);
  appendRows(
    connection,
    'temp',
    stage,
    columns.map((column) => {
      switch (column.type) {
        case 'VARCHAR':
          return { type: column.type, values: records.map(column.value) };
        case 'UINTEGER':
          return { type: column.type, values: Uint32Array.from(records, column.value) };
        case 'UBIGINT':
          return { type: column.type, values: records.map(column.value) };
      }
    }),
  );
  // The bounds let DuckDB skip row groups of other files.
  const numbers = records.map(({ id }) => BigInt(id.slice(17)));
  const [least, greatest] = numbers.reduce(
    ([low, high], number) => [number < low ? number : low, number > high ? number : high],
    [numbers[0]!, numbers[0]!],
  );
  const bounds: DuckDBValue[] = [least, greatest];
  const add = async (): Promise<number> => {
    const result = await connection.api.run(
      `INSERT INTO ${table} SELECT * FROM temp.${stage} s
       ANTI JOIN (SELECT listener, number FROM ${table} WHERE number BETWEEN $1 AND $2) t ON t.listener = s.listener AND t.number = s.number
       ORDER BY listener, number`,
      bounds,
    );
    return result.rowsChanged;
  };
  let added = await add();
  // Only where some are in already: to look whether these are open reads the records.
  if (added < records.length && table === 'visit') {
    const replaced = await connection.api.run(
      `DELETE FROM visit t USING temp.${stage} s
       WHERE t.number BETWEEN $1 AND $2 AND t.listener = s.listener AND t.number = s.number AND suffix(t.record, '${OPEN_AT_END}')
         AND (NOT suffix(s.record, '${OPEN_AT_END}') OR s.bytes > t.bytes)`,
      bounds,
    );
    if (replaced.rowsChanged > 0) added += (await add()) - replaced.rowsChanged;
  }
  await connection.api.run(`DROP TABLE temp.${stage}`);
  return added;
}
