import { duckdbRollups } from '../../sql/dialects/duckdb/duckdb-rollups.ts';
import { reservedId } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { BatchAppender, columnType } from './batch-vectors.ts';
import type { Connection } from './connection.ts';
import { insertRolledUp, keeps } from './rollups.ts';

let stages = 0;

/** A temporary table that collects batches for one table of the store. */
export class StagingTable {
  rows = 0;
  readonly #connection: Connection;
  readonly #target: string;
  readonly #stored: Set<string>;
  /** Never used again: an appender that was left behind by a rollback must not find a table to write to. */
  readonly #name: string;
  #columns: string[] = [];
  #appender: BatchAppender | null = null;

  constructor(connection: Connection, target: string, stored: Set<string>) {
    this.#connection = connection;
    this.#target = target;
    this.#stored = stored;
    this.#name = `stage_${target}_${++stages}`;
  }

  /** Adds a batch whose columns are the table's own (`stored-batch.ts`). */
  async add(batch: RecordBatch, ids: Uint32Array): Promise<void> {
    if (batch.rows === 0 || batch.columns.length === 0) return;
    await this.#widen(batch.columns.map(({ field }) => field));
    this.#appender ??= new BatchAppender(this.#connection, this.#name, this.#columns);
    this.#appender.append(batch, ids);
    this.rows += batch.rows;
  }

  /**
   * Takes out of what is staged the rows that the target has already, each as often as it is there. Rows are the same if
   * all that was logged of them is. Returns how many.
   *
   * @param stored the target's columns
   */
  async dropStored(stored: ReadonlySet<string>): Promise<DroppedRows> {
    this.#closeAppender();
    if (this.rows === 0) return { rows: 0, nodata: 0, skipdata: 0 };
    // Which input a row came from is no part of it, and the end of a flow is made of others.
    const own = this.#columns.filter((name) => name !== 'input');
    const theirs = [...stored].filter(
      (name) => name !== 'input' && !(this.#target === 'flow' && name === 'end'),
    );
    const shared = own.filter((name) => stored.has(name));
    const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
    const same = shared.map((name) => `s."${name}" IS NOT DISTINCT FROM t."${name}"`);
    const onlyOwn = own.filter((name) => !stored.has(name)).map((name) => `s."${name}" IS NULL`);
    const onlyTheirs = theirs.filter((name) => !own.includes(name)).map((name) => `"${name}" IS NULL`);
    const hours = shared.includes('hour')
      ? [`(hour IS NULL OR hour IN (SELECT hour FROM temp.${this.#name}))`]
      : [];
    const status = this.#columns.includes('log_status') ? 'log_status' : 'NULL::UINTEGER';
    const reader = await this.#connection.api.runAndReadAll(
      `DELETE FROM temp.${this.#name} WHERE rowid IN (
         SELECT s.row FROM
           (SELECT rowid AS row, *, row_number() OVER (PARTITION BY ${list(own)}) AS nth FROM temp.${this.#name}) s
           JOIN (SELECT ${list(shared)}, count(*) AS times FROM ${this.#target}
                 ${where([...onlyTheirs, ...hours])} GROUP BY ${list(shared)}) t
           ON ${[...same, ...onlyOwn, 's.nth <= t.times'].join(' AND ')})
       RETURNING ${status}`,
    );
    const statuses = reader.getRows().map(([id]) => id);
    const withStatus = (text: string): number => statuses.filter((id) => id === reservedId(text)).length;
    this.rows -= statuses.length;
    return {
      rows: statuses.length,
      nodata: withStatus('NODATA'),
      skipdata: withStatus('SKIPDATA'),
    };
  }

  /** How many staged rows are of hours that have flows in the store already. */
  async countLate(): Promise<number> {
    this.#closeAppender();
    if (this.rows === 0 || !this.#columns.includes('hour')) return 0;
    const reader = await this.#connection.api.runAndReadAll(
      `SELECT coalesce(sum(staged), 0) FROM (SELECT hour, count(*) AS staged FROM temp.${this.#name} GROUP BY hour)
       WHERE hour IN (SELECT hour FROM logged_hour WHERE flows > 0)`,
    );
    return Number(reader.getRows()[0]?.[0] ?? 0);
  }

  /** Adds the staged rows to the hours that have logs. */
  async countHours(): Promise<void> {
    this.#closeAppender();
    if (this.rows === 0 || !this.#columns.includes('hour')) return;
    const isFlow = this.#target === 'flow';
    const withStatus = (status: string): string => `count(*) FILTER (log_status = ${reservedId(status)})`;
    const flows = isFlow ? 'count(*)' : '0';
    const nodata = isFlow ? '0' : withStatus('NODATA');
    const skipdata = isFlow ? '0' : withStatus('SKIPDATA');
    await this.#connection.api.run(
      `MERGE INTO logged_hour AS old
       USING (SELECT hour, ${flows} AS flows, ${nodata} AS nodata, ${skipdata} AS skipdata
              FROM temp.${this.#name} WHERE hour IS NOT NULL GROUP BY hour) AS new
       ON old.hour = new.hour
       WHEN MATCHED THEN UPDATE SET flows = old.flows + new.flows, nodata = old.nodata + new.nodata, skipdata = old.skipdata + new.skipdata
       WHEN NOT MATCHED THEN INSERT VALUES (new.hour, new.flows, new.nodata, new.skipdata)`,
    );
  }

  /** Writes what is staged into the target, in an order that depends on its columns. @param rollUp whether flows go into the rollups too */
  async write(order: (columns: ReadonlySet<string>) => readonly string[], rollUp = true): Promise<void> {
    this.#closeAppender();
    if (this.rows === 0) return;
    await this.widenTarget(this.#columns);
    const columns = this.#columns.map((name) => `"${name}"`).join(', ');
    const sorted = order(new Set(this.#columns));
    const by = sorted.length === 0 ? '' : ` ORDER BY ${sorted.join(', ')}`;
    await this.#connection.api.run(
      `INSERT INTO ${this.#target} (${columns}) SELECT ${columns} FROM temp.${this.#name}${by}`,
    );
    if (this.#target === 'flow' && rollUp) await this.#rollUp();
    await this.#connection.api.run(`DROP TABLE temp.${this.#name}`);
    this.#columns = [];
    this.rows = 0;
  }

  /** Lets go of what is staged, without writing it. */
  async drop(): Promise<void> {
    this.#closeAppender();
    if (this.rows === 0) return;
    await this.#connection.api.run(`DROP TABLE temp.${this.#name}`);
    this.#columns = [];
    this.rows = 0;
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

  async #rollUp(): Promise<void> {
    for (const rollup of duckdbRollups) {
      const kept = this.#columns.filter((name) => keeps(rollup, name));
      await this.#connection.api.run(insertRolledUp(rollup, kept, this.#columns, `temp.${this.#name}`));
    }
  }

  /** Lets go of what was staged, before a rollback: an appender would write its rows when it is collected. */
  abandon(): void {
    try {
      this.#closeAppender();
    } catch {
      // The transaction is broken already, and its table goes with it.
    }
  }

  #closeAppender(): void {
    this.#appender?.close();
    this.#appender = null;
  }

  async #widen(names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.#columns.includes(name));
    if (missing.length === 0) return;
    this.#closeAppender();
    if (this.#columns.length === 0) {
      const definitions = missing.map((name) => `"${name}" ${columnType(name)}`).join(', ');
      await this.#connection.api.run(`CREATE TEMP TABLE ${this.#name} (${definitions})`);
    } else {
      for (const name of missing)
        await this.#connection.api.run(
          `ALTER TABLE temp.${this.#name} ADD COLUMN "${name}" ${columnType(name)}`,
        );
    }
    this.#columns.push(...missing);
  }
}

/** Rows that were taken out; of coverage, by their status. */
interface DroppedRows {
  readonly rows: number;
  readonly nodata: number;
  readonly skipdata: number;
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
