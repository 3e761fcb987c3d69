import { LIST, UINTEGER, listValue, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { duckdbRollups } from '../../sql/dialects/duckdb/duckdb-rollups.ts';
import { reservedId } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { addressDayRollup, hourRollup } from '../../sql/plan/usual-rollups.ts';
import type { Rollup } from '../../sql/plan/rollup.ts';
import type { Connection } from './connection.ts';
import { HourCounts } from './hour-counts.ts';
import { closedUntil, newestDay } from './closed-days.ts';
import { insertMerged, insertRolledUp, keeps } from './rollups.ts';
import { columnType } from './staged-column.ts';
import { StagedRows } from './staged-rows.ts';

/** Collects batches for one table of the store, until they are written in order. */
export class StagingTable {
  readonly #connection: Connection;
  readonly #target: string;
  #stored: Set<string>;
  readonly #staged = new StagedRows();
  readonly #hours = new HourCounts();
  /** The temporary table for what is left after rows were taken out. */
  readonly #rest: string;
  /** How many rows are left; null: none were taken out. */
  #remaining: number | null = null;

  constructor(connection: Connection, target: string, stored: Set<string>) {
    this.#connection = connection;
    this.#target = target;
    this.#stored = stored;
    this.#rest = `temp.staged_${target}`;
  }

  /** Says which columns the target has, before rows of another transaction are staged. */
  use(stored: Set<string>): void {
    this.#stored = stored;
  }

  get rows(): number {
    return this.#remaining ?? this.#staged.rows;
  }

  get #from(): string {
    return this.#remaining === null ? this.#staged.from : this.#rest;
  }

  /** Adds a batch whose columns are the table's own (`stored-batch.ts`). */
  add(batch: RecordBatch, ids: Uint32Array): void {
    if (batch.rows === 0 || batch.columns.length === 0) return;
    this.#staged.add(batch, ids);
    this.#hours.add(batch);
  }

  /**
   * Takes out of what is staged the rows that the target has already, each as often as it is there, the first ones first.
   * Rows are the same if all that was logged of them is. Returns how many.
   *
   * @param stored the target's columns
   * @param most so many at most
   */
  async dropStored(stored: ReadonlySet<string>, most: number): Promise<DroppedRows> {
    const rows = this.#staged.rows;
    if (rows === 0 || most === 0) return { rows: 0, nodata: 0, skipdata: 0 };
    await this.#connection.api.run(
      `CREATE OR REPLACE TEMP TABLE ${this.#rest} AS SELECT * FROM ${this.#staged.from}`,
    );
    // Which input a row came from is no part of it, and the end of a flow is made of others.
    const own = this.#staged.names.filter((name) => name !== 'input');
    const theirs = [...stored].filter(
      (name) => name !== 'input' && !(this.#target === 'flow' && name === 'end'),
    );
    const shared = own.filter((name) => stored.has(name));
    const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
    const same = shared.map((name) => `s."${name}" IS NOT DISTINCT FROM t."${name}"`);
    const onlyOwn = own.filter((name) => !stored.has(name)).map((name) => `s."${name}" IS NULL`);
    const onlyTheirs = theirs.filter((name) => !own.includes(name)).map((name) => `"${name}" IS NULL`);
    const hours = shared.includes('hour')
      ? [`(hour IS NULL OR hour IN (SELECT hour FROM ${this.#rest}))`]
      : [];
    const status = this.#staged.names.includes('log_status') ? 'log_status' : 'NULL::UINTEGER';
    const reader = await this.#connection.api.runAndReadAll(
      `DELETE FROM ${this.#rest} WHERE rowid IN (
         SELECT s.row FROM
           (SELECT rowid AS row, *, row_number() OVER (PARTITION BY ${list(own)} ORDER BY rowid) AS nth FROM ${this.#rest}) s
           JOIN (SELECT ${list(shared)}, count(*) AS times FROM ${this.#target}
                 ${where([...onlyTheirs, ...hours])} GROUP BY ${list(shared)}) t
           ON ${[...same, ...onlyOwn, 's.nth <= t.times'].join(' AND ')}
           ${most === Infinity ? '' : `ORDER BY s.row LIMIT ${most}`})
       RETURNING ${status}`,
    );
    const statuses = reader.getRows().map(([id]) => id);
    const withStatus = (text: string): number => statuses.filter((id) => id === reservedId(text)).length;
    this.#remaining = rows - statuses.length;
    return {
      rows: statuses.length,
      nodata: withStatus('NODATA'),
      skipdata: withStatus('SKIPDATA'),
    };
  }

  /** How many staged rows are of hours that have flows in the store already. */
  async countLate(): Promise<number> {
    if (this.rows === 0 || !this.#staged.names.includes('hour')) return 0;
    const { sql, values, types } = this.#rowsByHour('count(*) AS flows', 'flows');
    const reader = await this.#connection.api.runAndReadAll(
      `SELECT coalesce(sum(flows), 0) FROM (${sql}) WHERE hour IN (SELECT hour FROM logged_hour WHERE flows > 0)`,
      values,
      types,
    );
    return Number(reader.getRows()[0]?.[0] ?? 0);
  }

  /** Adds the staged rows to the hours that have logs. */
  async countHours(): Promise<void> {
    if (this.rows === 0 || !this.#staged.names.includes('hour')) return;
    const withStatus = (status: string): string =>
      `count(*) FILTER (log_status = ${reservedId(status)}) AS ${status.toLowerCase()}`;
    const { sql, values, types } =
      this.#target === 'flow'
        ? this.#rowsByHour(
            'count(*) AS flows, 0 AS nodata, 0 AS skipdata',
            'flows, 0 AS nodata, 0 AS skipdata',
          )
        : selectByHour(`0 AS flows, ${withStatus('NODATA')}, ${withStatus('SKIPDATA')}`, this.#from);
    await this.#connection.api.run(
      `MERGE INTO logged_hour AS old USING (${sql}) AS new
       ON old.hour = new.hour
       WHEN MATCHED THEN UPDATE SET flows = old.flows + new.flows, nodata = old.nodata + new.nodata, skipdata = old.skipdata + new.skipdata
       WHEN NOT MATCHED THEN INSERT VALUES (new.hour, new.flows, new.nodata, new.skipdata)`,
      values,
      types,
    );
  }

  /** How many rows each hour has: as they were counted when they were staged, if they were; else from the rows. */
  #rowsByHour(counted: string, known: string): HourStatement {
    const counts = this.#remaining === null ? this.#hours.counts : null;
    if (counts === null) return selectByHour(counted, this.#from);
    return {
      sql: `SELECT hour, ${known} FROM (SELECT unnest($1) AS hour, unnest($2) AS flows)`,
      values: [listValue([...counts.keys()]), listValue([...counts.values()])],
      types: [LIST(UINTEGER), LIST(UINTEGER)],
    };
  }

  /** Writes what is staged into the target, in an order that depends on its columns. @param rollUp whether flows go into the rollups too */
  async write(order: RowOrder, rollUp = true): Promise<void> {
    if (this.rows === 0) return this.drop();
    await this.widenTarget(this.#staged.names);
    const columns = this.#staged.names.map((name) => `"${name}"`).join(', ');
    const sorted = order(new Set(this.#staged.names), this.#staged.nullable);
    const by = sorted === '' ? '' : ` ORDER BY ${sorted}`;
    await this.#connection.api.run(
      `INSERT INTO ${this.#target} (${columns}) SELECT ${columns} FROM ${this.#from}${by}`,
    );
    if (this.#target === 'flow' && rollUp) await this.#rollUp();
    await this.drop();
  }

  /** Lets go of what is staged, without writing it. */
  async drop(): Promise<void> {
    if (this.#remaining !== null) await this.#connection.api.run(`DROP TABLE ${this.#rest}`);
    this.abandon();
  }

  /** Gives the table of the store the columns of some names that it lacks, and its rollups those that they keep. */
  async widenTarget(names: readonly string[]): Promise<void> {
    for (const name of names.filter((column) => !this.#stored.has(column))) {
      const keeping = this.#target === 'flow' ? duckdbRollups.filter((rollup) => keeps(rollup, name)) : [];
      for (const table of [this.#target, ...keeping.map((rollup) => rollup.table)]) {
        await this.#connection.api.run(`ALTER TABLE ${table} ADD COLUMN "${name}" ${columnType(name)}`);
      }
      this.#stored.add(name);
    }
  }

  /** Adds the staged flows up by the hour, and what is made of these sums out of them: they are a small part of the flows. */
  async #rollUp(): Promise<void> {
    const { names, hasHuge } = this.#staged;
    const keptBy = (rollup: Rollup): readonly string[] => names.filter((name) => keeps(rollup, name));
    const { api } = this.#connection;
    const hours = 'temp.staged_hour';
    await api.run(`CREATE OR REPLACE TEMP TABLE staged_hour AS FROM ${hourRollup.table} LIMIT 0`);
    await insertRolledUp(api, hourRollup, keptBy(hourRollup), names, this.#from, hasHuge, hours);
    await api.run(`INSERT INTO ${hourRollup.table} FROM ${hours}`);
    const closed = await this.#hour(closedUntil);
    for (const rollup of duckdbRollups.filter((one) => one !== hourRollup)) {
      const kept = keptBy(rollup);
      const from = rollup === addressDayRollup ? `(SELECT * FROM ${hours} WHERE hour < ${closed})` : hours;
      await (rollup.madeOf === hourRollup
        ? insertMerged(api, rollup, kept, from, hasHuge)
        : insertRolledUp(api, rollup, kept, names, this.#from, hasHuge));
    }
    await api.run(`DROP TABLE ${hours}`);
    await this.#closeDays(closed);
  }

  /** Adds days up by addresses once the logs have gone on to the next one: while they grow, each commit would make rows of its own. */
  async #closeDays(closed: number): Promise<void> {
    const newest = await this.#hour(newestDay(Date.now()));
    if (newest <= closed) return;
    const kept = [...this.#stored].filter((name) => keeps(addressDayRollup, name));
    const from = `(SELECT * FROM ${hourRollup.table} WHERE hour >= ${closed} AND hour < ${newest})`;
    await insertMerged(this.#connection.api, addressDayRollup, kept, from);
  }

  async #hour(select: string): Promise<number> {
    const reader = await this.#connection.api.runAndReadAll(select);
    return Number(reader.getRows()[0]?.[0] ?? 0);
  }

  /** Lets go of what was staged, before a rollback. */
  abandon(): void {
    this.#staged.empty();
    this.#hours.empty();
    this.#remaining = null;
  }
}

/** A statement that gives hours and what is counted of each. */
interface HourStatement {
  readonly sql: string;
  readonly values: DuckDBValue[];
  readonly types: DuckDBType[];
}

function selectByHour(counted: string, from: string): HourStatement {
  const sql = `SELECT hour, ${counted} FROM ${from} WHERE hour IS NOT NULL GROUP BY hour`;
  return { sql, values: [], types: [] };
}

/** What rows are ordered by, for a table with these columns, of which some may have no value; '': nothing. */
type RowOrder = (columns: ReadonlySet<string>, nullable: ReadonlySet<string>) => string;

/** Rows that were taken out; of coverage, by their status. */
interface DroppedRows {
  readonly rows: number;
  readonly nodata: number;
  readonly skipdata: number;
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
