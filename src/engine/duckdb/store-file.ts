import { dirname, join } from 'node:path';
import { PeepholeError } from '../../model/errors.ts';
import { StoreInUse, type StoreOptions } from '../store-driver.ts';
import { readColumns, type Columns } from './columns.ts';
import type { Connection } from './connection.ts';
import { Database, quote } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { fromDuckDb, isLockError } from './duckdb-errors.ts';
import { adoptFields } from './migrations/adopt-fields.ts';
import { migrate } from './migrations/migrate.ts';
import { STORE_VERSION } from './migrations/migrations.ts';
import { checkReservedTexts } from './migrations/reserved-texts.ts';
import { registerStagedRows } from './staged-rows.ts';
import { DRAFTS, newTempFolder, writeManifest } from './store-folder.ts';
import { createStore } from './table-definitions.ts';

/** A file of a store that is open. */
export interface Opened {
  readonly database: Database;
  readonly writer: Connection;
  readonly dictionary: Dictionary;
}

/** What is remembered of the file that is open. */
export interface StoredState {
  readonly inputs: readonly { readonly sha256: string; readonly size: number }[];
  readonly revision: number;
  readonly nextInput: number;
  readonly flowsFrom: number;
  readonly lateFlows: number;
  readonly columns: Columns;
}

/** Reads what is remembered of a file while it is open. */
export async function readState(database: Database): Promise<StoredState> {
  const inputs = await database.rows('SELECT sha256, size FROM input');
  const [row] = await database.rows(
    'SELECT revision, (SELECT coalesce(max(id), 0) + 1 FROM input), flows_from, late_flows FROM store',
  );
  return {
    inputs: inputs.map(([sha256, size]) => ({ sha256: String(sha256), size: Number(size) })),
    revision: Number(row?.[0] ?? 0),
    nextInput: Number(row?.[1] ?? 1),
    flowsFrom: Number(row?.[2] ?? 0),
    lateFlows: Number(row?.[3] ?? 0),
    columns: await readColumns(database),
  };
}

/** Brings a store up to this program: its tables, the numbers of its values, and fields that have a column now. */
export async function upgrade({ writer, dictionary }: Opened, folder: string): Promise<void> {
  await migrate(writer.api);
  await checkReservedTexts(writer.api, folder);
  await adoptFields(writer.api, dictionary);
}

/** Throws `store_version` for a store that would have to be upgraded and can't be. */
export async function checkVersion(database: Database, folder: string): Promise<void> {
  const [row] = await database.rows('SELECT version FROM store');
  if (Number(row?.[0]) === STORE_VERSION) return;
  throw new PeepholeError(
    'store_version',
    `The store in ${folder} was written by an earlier Peephole and has to be upgraded, but it may not be written here. Open it once where it may be.`,
  );
}

/** Ends the connections of a file that was open; its database is still to be closed. */
export function disconnect({ writer, dictionary }: Opened): void {
  writer.api.disconnectSync();
  dictionary.close();
}

/**
 * Opens a file of a store's folder. Throws `StoreInUse` while another process holds it.
 *
 * @param readOnlyTemp where what does not fit into memory goes if the file is only read; null: it is written too
 */
export async function openFile(
  options: StoreOptions,
  file: string,
  readOnlyTemp: string | null = null,
): Promise<Database> {
  const path = join(options.folder, file);
  try {
    return await Database.open(path, {
      memoryBytes: options.memoryBytes,
      threads: options.threads,
      tempFolder: readOnlyTemp ?? newTempFolder(options.folder),
      attachFolder: `${join(options.folder, DRAFTS)}/`,
      readOnly: readOnlyTemp !== null,
    });
  } catch (error) {
    if (isLockError(error)) throw new StoreInUse(options.folder, { cause: error });
    throw fromDuckDb(error, 'store_damaged');
  }
}

/** What DuckDB calls the file of a database that is in memory. */
export const IN_MEMORY = ':memory:';

/** A database in memory with all that a file has. @param base it, which nobody writes */
export async function openCopyOf(base: string, options: StoreOptions): Promise<Database> {
  const database = await Database.open(IN_MEMORY, {
    memoryBytes: options.memoryBytes,
    threads: options.threads,
    tempFolder: join(options.folder, 'tmp'),
    attachFolder: `${dirname(base)}/`,
    readOnly: false,
  });
  try {
    await database.withConnection(async ({ api }) => {
      await api.run(`ATTACH ${quote(base)} AS base (READ_ONLY)`);
      await api.run('COPY FROM DATABASE base TO memory');
      await api.run('DETACH base');
    });
    return database;
  } catch (error) {
    database.close();
    throw fromDuckDb(error, 'engine_failed');
  }
}

/** The manifest is written last: a crash before it leaves no store, and the half-made file is made again. */
export async function initialize(database: Database, folder: string, file: string): Promise<void> {
  const tables = await database.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'store'");
  if (Number(tables[0]?.[0]) === 0) {
    await database.withConnection(async ({ api }) => {
      await api.run('BEGIN TRANSACTION');
      for (const statement of createStore()) await api.run(statement);
      await api.run('COMMIT');
    });
  }
  await writeManifest(folder, file);
}

/** Connects a database for writing, and reads the texts that it has numbers for. */
export async function connectAll(database: Database): Promise<Opened> {
  const writer = await database.connect();
  registerStagedRows(writer);
  return {
    database,
    writer,
    dictionary: await Dictionary.load(await database.connect()),
  };
}
