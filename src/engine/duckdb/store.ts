import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PeepholeError } from '../../model/errors.ts';
import type { FlowWriter } from '../flow-writer.ts';
import { InputRegister } from '../input-register.ts';
import { StoreInUse, type StoreOptions } from '../store-driver.ts';
import { type Columns, copyOfColumns, haveGrown } from './columns.ts';
import type { Database } from './database.ts';
import { fromDuckDb } from './duckdb-errors.ts';
import { STORE_VERSION } from './migrations/migrations.ts';
import { SourceTables } from './source-tables.ts';
import {
  checkVersion,
  connectAll,
  disconnect,
  IN_MEMORY,
  initialize,
  openCopyOf,
  openFile,
  readState,
  upgrade,
  type Opened,
  type StoredState,
} from './store-file.ts';
import {
  fileIdentity,
  isWritable,
  nextFile,
  prepareFolder,
  readManifest,
  removeDrafts,
  removeLeftTemp,
  removeStaleFiles,
  writeManifest,
} from './store-folder.ts';
import { SpareStaging } from './spare-staging.ts';
import { type FlowParts, WriteTransaction } from './write-transaction.ts';
import { WriteTurns } from '../write-turns.ts';

/** Milliseconds that a replaced file is waited for. */
const MOST_WAIT = 2_000;

/**
 * A store that this process holds. DuckDB's own lock on the file makes sure that no other process
 * does, however this one ends. Reads go through `database`, writes through `write`, one at a time.
 */
export class Store implements FlowWriter {
  readonly options: StoreOptions;
  readonly inputs = new InputRegister();
  readonly sources = new SourceTables(() => this.database);
  /** What the tables have, as of the last commit. */
  columns: Columns = { flow: new Set(), coverage: new Set(), extra: new Set() };
  /** Counts commits. */
  revision = 0;
  /** Counts commits that brought visits, of this process. */
  visitRevision = 0;
  /** Counts imports of inventories by this process. */
  inventoryRevision = 0;
  /** The second before which only rollups are kept; 0: none was dropped. */
  flowsFrom = 0;
  /** Flows that came into hours that had flows before, since rows were last ordered as a whole. */
  lateFlows = 0;
  /** Counts how often the file was reopened: what was asked of an earlier one may have failed by that. */
  generation = 0;
  readonly #tempFolder: string | null;
  readonly #parts: FlowParts;
  readonly #staging = new SpareStaging();
  #file: string;
  #opened: Opened;
  /** Which file it is that is open, whatever has its name by now. */
  #identity: string | null;
  #nextInput = 1;
  readonly #turns = new WriteTurns();
  #reopening: Promise<unknown> = Promise.resolve();
  /** Ends with the last write beside, or the last replacement of the file. */
  #beside: Promise<unknown> = Promise.resolve();

  /** @param tempFolder of a store that may only be read: what does not fit into memory goes there */
  private constructor(
    options: StoreOptions,
    file: string,
    opened: Opened,
    tempFolder: string | null = null,
    parts: FlowParts = 'all',
  ) {
    this.options = options;
    this.#parts = parts;
    this.#file = file;
    this.#opened = opened;
    this.#tempFolder = tempFolder;
    this.#identity = fileIdentity(this.path);
  }

  /**
   * Opens the store in a folder, or makes one. Throws `StoreInUse` while another process holds it. A store that may not
   * be written (a read-only file system, another's folder) is opened for reading, by several processes if need be.
   *
   * @param parts what of the flows is written into it
   */
  static async open(options: StoreOptions, parts: FlowParts = 'all'): Promise<Store> {
    const manifest = await readManifest(options.folder);
    const file = manifest?.file ?? nextFile(null);
    if (manifest !== null && !(await isWritable(options.folder, file)))
      return Store.#openToRead(options, file);
    prepareFolder(options.folder);
    const database = await openFile(options, file);
    try {
      // Between reading the manifest and taking the lock another process may have moved it.
      const now = await readManifest(options.folder);
      if (now !== null && now.file !== file) throw new StoreInUse(options.folder);
      if (now === null) await initialize(database, options.folder, file);
      await removeDrafts(options.folder);
      await removeStaleFiles(options.folder, file);
      await removeLeftTemp(options.folder, database.tempFolder);
      const opened = await connectAll(database);
      // Whoever has an older program must not open what is about to change.
      if (now !== null && now.version < STORE_VERSION) await writeManifest(options.folder, file);
      await upgrade(opened, options.folder);
      const store = new Store(options, file, opened, null, parts);
      store.#take(await readState(database));
      return store;
    } catch (error) {
      database.close();
      throw error instanceof StoreInUse ? error : fromDuckDb(error, 'store_damaged');
    }
  }

  /**
   * Opens a copy of a store's file that is in memory only, and goes when it is closed. What does not fit into memory goes into the
   * folder of `options`, which has nothing else of it.
   *
   * @param base a file that nobody writes
   */
  static async openCopy(options: StoreOptions, base: string, parts: FlowParts): Promise<Store> {
    const database = await openCopyOf(base, options);
    try {
      const store = new Store(options, IN_MEMORY, await connectAll(database), null, parts);
      store.#take(await readState(database));
      return store;
    } catch (error) {
      database.close();
      throw fromDuckDb(error, 'engine_failed');
    }
  }

  static async #openToRead(options: StoreOptions, file: string): Promise<Store> {
    const tempFolder = await mkdtemp(join(tmpdir(), 'peephole-'));
    try {
      const database = await openFile(options, file, tempFolder);
      await checkVersion(database, options.folder);
      const store = new Store(options, file, await connectAll(database), tempFolder);
      store.#take(await readState(database));
      return store;
    } catch (error) {
      await rm(tempFolder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Whether it may only be read. */
  get readOnly(): boolean {
    return this.#tempFolder !== null;
  }

  get database(): Database {
    return this.#opened.database;
  }

  /** How many different texts there can be. */
  get texts(): number {
    return this.#opened.dictionary.size;
  }

  /** Whether there may be IPv6 addresses. */
  get hasIpv6(): boolean {
    return this.#opened.dictionary.hasIpv6;
  }

  get isAwaited(): boolean {
    return this.#turns.isAwaited;
  }

  get budget(): FlowWriter['budget'] {
    return this.options;
  }

  useThreads(count: number): Promise<void> {
    return this.database.useThreads(count);
  }

  get path(): string {
    return join(this.options.folder, this.#file);
  }

  /**
   * Runs `work` in one transaction: all of it is in after it, or nothing. Writes wait for each other.
   * Throws what `work` throws, after rolling back; and PeepholeError `store_gone` if somebody deleted the store meanwhile.
   */
  async write<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T> {
    this.#checkWritable();
    return this.exclusively(() => this.#transact(work));
  }

  /** Waits for its turn among the writes. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  /**
   * Runs `work` in a small transaction on tables that no answer about flows depends on: it counts as no commit, and does
   * not wait for inputs that are being taken in, which may take minutes; nor do those touch its tables. DuckDB writes one
   * transaction after the other into its log, so that a kill can't mix them. Throws as `write` does.
   */
  async writeBeside<T>(work: (api: DuckDBConnection) => Promise<T>): Promise<T> {
    this.#checkWritable();
    return this.#besideExclusively(async () => {
      await this.#reopening;
      try {
        return await this.database.withConnection(async ({ api }) => {
          await api.run('BEGIN TRANSACTION');
          const result = await work(api);
          await api.run('COMMIT');
          this.#checkPresent();
          return result;
        });
      } catch (error) {
        throw fromDuckDb(error, 'engine_failed');
      }
    });
  }

  /** Waits for its turn among the writes beside. */
  #besideExclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#beside.then(work, work);
    this.#beside = turn.catch(() => undefined);
    return turn;
  }

  /** Folds the write-ahead log into the file. */
  async checkpoint(): Promise<void> {
    await this.exclusively(() => this.#opened.writer.api.run('CHECKPOINT'));
  }

  /**
   * Replaces the file by one that `fill` wrote (given its path); crash-safe, since the manifest moves in
   * one step. Only inside `exclusively`. Reads that are under way end on the old file, later ones go to the new one.
   * While both are open they share the memory.
   */
  async replaceFile(fill: (path: string) => Promise<void>): Promise<void> {
    this.#checkWritable();
    // What is written beside after its table was copied would be lost.
    await this.#besideExclusively(() => this.#replace(fill));
  }

  async #replace(fill: (path: string) => Promise<void>): Promise<void> {
    const { folder, memoryBytes } = this.options;
    const next = nextFile(this.#file);
    await fill(join(folder, next));
    const before = this.#opened;
    // What is in use can't be let go of: then both take more for as long as those reads last.
    await before.database.useMemory(memoryBytes / 2).catch(() => undefined);
    const database = await openFile({ ...this.options, memoryBytes: memoryBytes / 2 }, next);
    const after = await connectAll(database);
    await writeManifest(folder, next);
    const state = await readState(database);
    this.#opened = after;
    this.#file = next;
    this.#identity = fileIdentity(this.path);
    this.#take(state);
    this.generation++;
    disconnect(before);
    const gone = before.database.retire().then(async () => {
      if (this.#opened.database !== database) return;
      await database.useMemory(memoryBytes);
      await removeStaleFiles(folder, next);
    });
    // Short reads are waited for, so that the space is there again; long ones are not.
    await Promise.race([gone.catch(() => undefined), sleep(MOST_WAIT, undefined, { ref: false })]);
  }

  /** Waits for its turn among the writes, and closes. */
  async close(): Promise<void> {
    await this.exclusively(async () => {
      await this.#beside;
      disconnect(this.#opened);
      this.#opened.database.close();
      if (this.#tempFolder !== null) await rm(this.#tempFolder, { recursive: true, force: true });
    });
  }

  #checkWritable(): void {
    if (this.readOnly) {
      throw new PeepholeError(
        'read_only',
        `The store in ${this.options.folder} can only be read here: its folder or its file may not be written.`,
      );
    }
  }

  /** An open file can be written to its end though it was deleted: what is written then is lost. */
  #checkPresent(): void {
    if (fileIdentity(this.path) === this.#identity) return;
    throw new PeepholeError(
      'store_gone',
      `The store in ${this.options.folder} was deleted or replaced while it was in use, and what was written into it is lost. Run the command again.`,
    );
  }

  /** Waits while the file is being reopened. */
  async reopened(): Promise<void> {
    await this.#reopening;
  }

  async #transact<T>(work: (transaction: WriteTransaction) => Promise<T>): Promise<T> {
    const { writer, dictionary } = this.#opened;
    const columns = copyOfColumns(this.columns);
    const staging = this.#staging.take(writer, columns);
    const transaction = new WriteTransaction(
      writer,
      dictionary,
      columns,
      this.#nextInput,
      this.options.memoryBytes,
      this.#parts,
      staging,
    );
    try {
      await writer.api.run('BEGIN TRANSACTION');
      const result = await work(transaction);
      await transaction.finish();
      await writer.api.run('COMMIT');
      if (haveGrown(columns, this.columns)) this.columns = columns;
      if (transaction.changesAnswers) this.revision++;
      if (transaction.bringsVisits) this.visitRevision++;
      if (transaction.changesInventory) this.inventoryRevision++;
      this.lateFlows += transaction.lateFlows;
      this.#nextInput = transaction.nextInput;
      this.inputs.add(transaction.added);
      this.#staging.keep(staging, writer);
      this.#checkPresent();
      return result;
    } catch (error) {
      await transaction.abandon();
      await writer.api.run('ROLLBACK').catch(() => undefined);
      this.#checkPresent();
      await this.#recover();
      throw fromDuckDb(error, 'engine_failed');
    }
  }

  /** After some faults (a full disk at the wrong moment) DuckDB answers nothing more until the file is opened again. */
  async #recover(): Promise<void> {
    try {
      await this.#opened.writer.api.run('SELECT revision FROM store');
    } catch {
      this.#reopening = this.#reopen();
      await this.#reopening;
    }
  }

  async #reopen(): Promise<void> {
    disconnect(this.#opened);
    this.#opened.database.close();
    this.#opened = await connectAll(await openFile(this.options, this.#file));
    this.#identity = fileIdentity(this.path);
    this.generation++;
  }

  #take({ inputs, revision, nextInput, flowsFrom, lateFlows, columns }: StoredState): void {
    this.inputs.reset(inputs);
    this.revision = revision;
    this.#nextInput = nextInput;
    this.flowsFrom = flowsFrom;
    this.lateFlows = lateFlows;
    this.columns = columns;
  }
}
