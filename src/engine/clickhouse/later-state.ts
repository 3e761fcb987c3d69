import { fields } from '../../model/catalog/fields.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import { quote } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import type { ClickHouseServer } from './server.ts';
import { KNOWN_INSERTS } from './table-layout.ts';

/** All that was logged of a record. */
const LOGGED = [...fields.map(({ name }) => quote(name)), EXTRA].join(', ');
const SAME = `toString(tuple(${LOGGED}))`;

/** Records that were in already. */
export interface Dropped {
  readonly rows: number;
  readonly nodata: number;
  readonly skipdata: number;
}

/** A table to collect a batch's rows in, of the same form as `table`, whose rows nobody reads. */
export async function createStage(server: ClickHouseServer, table: string, stage: string): Promise<void> {
  // Not `AS table`: of a table on a cluster that would be another name of the same rows.
  await server.run(
    `CREATE TABLE ${stage} ENGINE = MergeTree ORDER BY tuple() SETTINGS ${KNOWN_INSERTS} EMPTY AS SELECT * FROM ${table}`,
  );
}

/**
 * Moves what was collected in `stage` into `table`, but for rows that `view` has already, each as often as it is there, the
 * first ones first and so many at most. Rows are the same if all that was logged of them is. Returns what was left out.
 */
export async function moveNew(
  server: ClickHouseServer,
  names: { readonly stage: string; readonly table: string; readonly view: string },
  most: number,
): Promise<Dropped> {
  const { stage, table, view } = names;
  const numbered = `SELECT *, ${SAME} AS same, row_number() OVER (PARTITION BY same ORDER BY _part, _part_offset) AS nth, (_part, _part_offset) AS at FROM ${stage}`;
  const stored = `SELECT ${SAME} AS same, count() AS times FROM ${view}
    WHERE hour IS NULL OR hour IN (SELECT assumeNotNull(hour) FROM ${stage} WHERE hour IS NOT NULL) GROUP BY same`;
  const compared = `SELECT s.*, s.nth <= ifNull(t.times, 0) AS found FROM (${numbered}) s LEFT JOIN (${stored}) t ON t.same = s.same`;
  const turns = `SELECT *, row_number() OVER (PARTITION BY found ORDER BY at) AS turn FROM (${compared})`;
  const left = most === Infinity ? 'found' : `(found AND turn <= ${most})`;
  const [counts] = await server.rows(
    `SELECT count(), countIf(log_status = 'NODATA'), countIf(log_status = 'SKIPDATA') FROM (${turns}) WHERE ${left}`,
  );
  await server.run(
    `INSERT INTO ${table} SELECT * EXCEPT (same, nth, at, found, turn) FROM (${turns}) WHERE NOT ${left}`,
  );
  await server.run(`DROP TABLE ${stage} SYNC`);
  const [rows, nodata, skipdata] = (counts ?? []).map(Number);
  return { rows: rows ?? 0, nodata: nodata ?? 0, skipdata: skipdata ?? 0 };
}

/**
 * How many records came of all inputs of a name; where there is none, any number, since then they came under other names, and
 * none of what could not be read.
 */
export async function recordsOf(
  server: ClickHouseServer,
  name: string,
): Promise<{ readonly flows: number; readonly coverage: number }> {
  const [row] = await server.rows(
    `SELECT count(), sum(flows), sum(nodata + skipdata), (SELECT count() FROM quarantined_line WHERE item = {p1:String} AND line = 0)
     FROM input WHERE name = {p1:String}`,
    [name],
  );
  const [inputs = 0, flows = 0, coverage = 0, unreadable = 0] = (row ?? []).map(Number);
  if (inputs > 0) return { flows, coverage };
  const most = unreadable > 0 ? 0 : Infinity;
  return { flows: most, coverage: most };
}
