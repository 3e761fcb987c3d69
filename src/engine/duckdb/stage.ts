import { reservedId } from '../../sql/dialects/duckdb-layout.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { BatchAppender, columnType, storedColumns } from './batch-vectors.ts';
import type { Connection } from './database.ts';

/** A temporary table that collects batches for one table of the store. */
export class Stage {
  rows = 0;
  readonly #connection: Connection;
  readonly #target: string;
  readonly #stored: Set<string>;
  #columns: string[] = [];
  #appender: BatchAppender | null = null;

  constructor(connection: Connection, target: string, stored: Set<string>) {
    this.#connection = connection;
    this.#target = target;
    this.#stored = stored;
  }

  get #name(): string {
    return `stage_${this.#target}`;
  }

  async add(batch: RecordBatch, ids: Uint32Array, input: number | null): Promise<void> {
    if (batch.rows === 0) return;
    await this.#widen(input === null ? storedColumns(batch) : ['input', ...storedColumns(batch)]);
    const rows = input === null ? batch : withInput(batch, input);
    this.#appender ??= new BatchAppender(this.#connection, this.#name, this.#columns);
    this.#appender.append(rows, ids);
    this.rows += batch.rows;
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

  async write(order: readonly string[]): Promise<void> {
    this.#closeAppender();
    if (this.rows === 0) return;
    for (const name of this.#columns) {
      if (this.#stored.has(name)) continue;
      await this.#connection.api.run(`ALTER TABLE ${this.#target} ADD COLUMN "${name}" ${columnType(name)}`);
      this.#stored.add(name);
    }
    const columns = this.#columns.map((name) => `"${name}"`).join(', ');
    const sorted = order.filter((name) => this.#columns.includes(name)).map((name) => `"${name}"`);
    const by = sorted.length === 0 ? '' : ` ORDER BY ${sorted.join(', ')}`;
    await this.#connection.api.run(
      `INSERT INTO ${this.#target} (${columns}) SELECT ${columns} FROM temp.${this.#name}${by}`,
    );
    await this.#connection.api.run(`DROP TABLE temp.${this.#name}`);
    this.#columns = [];
    this.rows = 0;
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

function withInput(batch: RecordBatch, input: number): RecordBatch {
  const values = new Uint32Array(batch.rows).fill(input);
  return { ...batch, columns: [{ kind: 'integer', field: 'input', values, nulls: null }, ...batch.columns] };
}
