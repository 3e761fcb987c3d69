import duckdb from '@duckdb/node-bindings';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { Connection } from './connection.ts';
import { StagedColumn, columnType } from './staged-column.ts';

/** Rows that DuckDB takes at once. */
const CHUNK = 2048;

/** Threads that read rows at once. Copying is done by this thread alone, and takes a tenth of what is done with them. */
const MOST_READERS = 8;

const FUNCTION = 'staged_rows';

/** What can be read at this moment, by the number that statements name it by. */
const readable = new Map<number, StagedRows>();
let numbers = 0;

/**
 * Rows that wait to be written, column by column, where statements of ours read them as from a table: DuckDB copies them
 * from here when it needs them. A temporary table would have to be written first, with statistics that nobody uses.
 */
export class StagedRows {
  rows = 0;
  readonly #number = ++numbers;
  readonly #columns = new Map<string, StagedColumn>();
  /** Columns of rows before: their arrays are used again. */
  readonly #idle = new Map<string, StagedColumn>();

  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  get columns(): readonly StagedColumn[] {
    return [...this.#columns.values()];
  }

  /** What follows FROM. While a statement reads it, nothing may be added. */
  get from(): string {
    return `${FUNCTION}(${this.#number})`;
  }

  /** The columns in which a row has no value. */
  get nullable(): ReadonlySet<string> {
    return new Set(this.columns.filter(({ valid }) => valid !== null).map(({ name }) => name));
  }

  /** Whether an amount is too large to be added up. */
  get hasHuge(): boolean {
    return this.columns.some((column) => column.hasHuge);
  }

  /** Adds a batch whose columns are a table's own (`stored-batch.ts`); `ids[code]` is the dictionary id of its text `code`. */
  add(batch: RecordBatch, ids: Uint32Array): void {
    readable.set(this.#number, this);
    const columns = new Map(batch.columns.map((column) => [column.field, column]));
    for (const name of columns.keys()) {
      if (this.#columns.has(name)) continue;
      const column = this.#idle.get(name) ?? new StagedColumn(name);
      column.append(undefined, this.rows, ids);
      this.#columns.set(name, column);
    }
    for (const column of this.#columns.values()) column.append(columns.get(column.name), batch.rows, ids);
    this.rows += batch.rows;
  }

  /** Lets go of all rows. */
  empty(): void {
    readable.delete(this.#number);
    this.rows = 0;
    for (const column of this.columns) {
      column.empty();
      this.#idle.set(column.name, column);
    }
    this.#columns.clear();
  }
}

/** Where a statement is that reads rows, and the columns that it asked for. */
interface Scan {
  readonly rows: number;
  readonly columns: readonly (StagedColumn | undefined)[];
  at: number;
}

/** Makes staged rows readable in a connection's database. DuckDB calls back into this thread for every 2,048 rows. */
export function registerStagedRows({ raw }: Connection): void {
  const table = duckdb.create_table_function();
  duckdb.table_function_set_name(table, FUNCTION);
  duckdb.table_function_add_parameter(table, duckdb.create_logical_type(duckdb.Type.INTEGER));
  duckdb.table_function_supports_projection_pushdown(table, true);
  duckdb.table_function_set_bind(table, (info) => {
    const staged = readable.get(duckdb.get_int32(duckdb.bind_get_parameter(info, 0)));
    if (staged === undefined) return duckdb.bind_set_error(info, 'there are no such rows');
    for (const name of staged.names) duckdb.bind_add_result_column(info, name, logicalType(name));
    duckdb.bind_set_cardinality(info, staged.rows, true);
    duckdb.bind_set_bind_data(info, staged);
  });
  duckdb.table_function_set_init(table, (info) => {
    const staged = duckdb.init_get_bind_data(info) as StagedRows;
    const all = staged.columns;
    const columns = Array.from(
      { length: duckdb.init_get_column_count(info) },
      // One that is none of them is a row's own number: whoever only counts rows asks for it, and does not read it.
      (_, index) => all[duckdb.init_get_column_index(info, index)],
    );
    const scan: Scan = { rows: staged.rows, columns, at: 0 };
    duckdb.init_set_init_data(info, scan);
    duckdb.init_set_max_threads(info, MOST_READERS);
  });
  duckdb.table_function_set_function(table, (info, chunk) => {
    const scan = duckdb.function_get_init_data(info) as Scan;
    const count = Math.min(CHUNK, scan.rows - scan.at);
    for (const [index, column] of scan.columns.entries())
      if (column !== undefined && count > 0)
        copyInto(duckdb.data_chunk_get_vector(chunk, index), column, scan.at, count);
    duckdb.data_chunk_set_size(chunk, count);
    scan.at += count;
  });
  duckdb.register_table_function(raw, table);
}

function copyInto(
  vector: duckdb.Vector,
  { values, width, valid }: StagedColumn,
  from: number,
  count: number,
): void {
  duckdb.copy_data_to_vector(vector, 0, values.buffer, from * width, count * width);
  if (valid === null) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, from / 8, Math.ceil(count / 8));
}

const typeIds: Readonly<Record<string, duckdb.Type>> = {
  UTINYINT: duckdb.Type.UTINYINT,
  USMALLINT: duckdb.Type.USMALLINT,
  UINTEGER: duckdb.Type.UINTEGER,
  BIGINT: duckdb.Type.BIGINT,
};

function logicalType(name: string): duckdb.LogicalType {
  return duckdb.create_logical_type(typeIds[columnType(name)] ?? duckdb.Type.UINTEGER);
}
