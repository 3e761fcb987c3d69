import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import type { LeftOut, WriteBatch } from '../flow-writer.ts';
import { type InputCounts, noCounts, noteTimes } from '../input-counts.ts';
import type { LedgerEntry } from '../input-register.ts';
import { MOST_UNKNOWN_COLUMNS } from '../unknown-columns.ts';
import type { Connection } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import {
  addToLedger,
  insertLedger,
  recordsOf,
  streamEntry,
  streamRow,
  type LedgerRow,
} from './input-ledger.ts';
import { forgetQuarantined, forgetUnreadable, insertQuarantined, isUnreadable } from './quarantine.ts';
import { flowOrderKey } from './rollups.ts';
import { SourceChanges } from './source-tables.ts';
import { StagedRecords } from './staged-records.ts';
import { insertVisits } from './visit-tables.ts';
import { asCoverage, asFlows } from './stored-batch.ts';
import type { Columns } from './columns.ts';

/** Rows that are ordered and written at once: more make a better order and take more memory. */
const MOST_STAGED = 1_000_000;
const LEAST_STAGED = 122_880;
/**
 * What of flows is written: all; only which hours have them and which fields they were logged with, where the flows
 * themselves are elsewhere; only the flows and their rollups, where the hours are there already; or not even rollups.
 */
export type FlowParts = 'all' | 'hours' | 'rows' | 'bare rows';
/** What a staged row takes while it is sorted, roughly. */
const STAGED_BYTES = 2_048;

/**
 * One transaction on the store: inputs with their rows, ledger entries and hours. Parts are staged in
 * memory and written in order, a million rows at a time, so that memory stays bounded. While some are written the next
 * ones are staged; everything else that uses the connection waits until they are in.
 */
export class WriteTransaction implements WriteBatch {
  nextInput: number;
  /** How many flows of it came into hours that had flows already. */
  lateFlows = 0;
  /** Whether it changes the inventory. */
  changesInventory = false;
  /** Whether it adds visits. */
  bringsVisits = false;
  /** Whether it does anything else: what only adds visits makes no answer about flows old. */
  #doesMore = false;
  readonly sources = new SourceChanges();
  readonly #connection: Connection;
  readonly #dictionary: Dictionary;
  readonly #columns: Columns;
  readonly #stageLimit: number;
  readonly #parts: FlowParts;
  /** Where rows are staged. */
  #staged: StagedRecords;
  /** Where those are that are being written, or were last. */
  #other: StagedRecords;
  #hasWritten = false;
  /** Settled once what is being written is in; null: nothing is. */
  #writing: Promise<void> | null = null;
  readonly #open = new Map<number, InputCounts>();
  readonly #closed: LedgerRow[] = [];
  readonly #streams = new Map<number, InputCounts>();
  /** The name of an input that is in, of which it holds a later state; null: it holds others. */
  #laterThan: string | null = null;
  /** How many records of earlier states may still be found in it; null: not looked up yet. */
  #earlier: { flows: number; coverage: number } | null = null;
  #leftOut: LeftOut = NONE;

  constructor(
    connection: Connection,
    dictionary: Dictionary,
    columns: Columns,
    nextInput: number,
    memoryBytes: number,
    parts: FlowParts = 'all',
    staging = newStaging(connection, columns),
  ) {
    this.#parts = parts;
    this.#connection = connection;
    this.#dictionary = dictionary;
    this.#columns = columns;
    this.nextInput = nextInput;
    this.#stageLimit = Math.max(LEAST_STAGED, Math.min(MOST_STAGED, Math.floor(memoryBytes / STAGED_BYTES)));
    [this.#staged, this.#other] = staging;
  }

  open(laterThan?: string): number {
    const id = this.nextInput++;
    this.#open.set(id, noCounts());
    if (laterThan !== undefined) {
      if (this.#open.size + this.#closed.length + this.#streams.size > 1)
        throw new Error('A later state of an input comes alone.');
      this.#laterThan = laterThan;
    }
    return id;
  }

  async openStream(source: string): Promise<number> {
    await this.#written();
    const found = await streamRow(this.#connection, source);
    const id = found ?? this.nextInput++;
    if (found === null) {
      this.#doesMore = true;
      await insertLedger(this.#connection, [{ id, entry: streamEntry(source), counts: noCounts() }]);
    }
    // Several deliveries of a source may come in one transaction.
    this.#open.set(id, this.#streams.get(id) ?? noCounts());
    return id;
  }

  async prepare(parts: readonly DecodedPart[]): Promise<void> {
    await this.#dictionary.learn(parts.flatMap(({ flows, coverage }) => [flows, coverage]));
  }

  get changesAnswers(): boolean {
    return this.#doesMore || !this.bringsVisits;
  }

  async append(input: number, part: DecodedPart): Promise<{ readonly duplicates: number }> {
    const counts = this.#countsOf(input);
    const { visits = [] } = part;
    if (visits.length > 0) this.bringsVisits = true;
    if (part.flows.rows + part.coverage.rows + part.quarantined.length > 0) this.#doesMore = true;
    counts.flows += part.flows.rows;
    counts.nodata += part.nodata;
    counts.skipdata += part.skipdata;
    counts.quarantined += part.quarantined.length;
    noteTimes(counts, part.flows);
    noteTimes(counts, part.coverage);
    await this.#noteExtra(part);
    const flowIds = await this.#dictionary.idsOf(part.flows.texts);
    const coverageIds = await this.#dictionary.idsOf(part.coverage.texts);
    this.#staged.flows.add(asFlows(part.flows), flowIds);
    this.#staged.coverage.add(asCoverage(part.coverage, input), coverageIds);
    if (this.#isWorthWriting) await this.#startWriting();
    if (part.quarantined.length + visits.length === 0) return { duplicates: 0 };
    await this.#written();
    await insertQuarantined(this.#connection, input, part.quarantined);
    return insertVisits(this.#connection, visits);
  }

  /** Runs a statement of ours on other tables within the transaction. */
  async run(sql: string, params: DuckDBValue[] = [], types: DuckDBType[] = []): Promise<void> {
    this.#doesMore = true;
    await this.#written();
    await (params.length === 0
      ? this.#connection.api.run(sql)
      : this.#connection.api.run(sql, params, types));
  }

  /** Flows that are elsewhere were logged with these fields. */
  async noteFields(names: readonly string[]): Promise<void> {
    await this.#written();
    await this.#staged.flows.widenTarget(names);
  }

  close(input: number, entry: LedgerEntry, counts = this.#countsOf(input)): void {
    this.#doesMore = true;
    this.#open.delete(input);
    this.#closed.push({ id: input, entry, counts });
  }

  closeStream(input: number, counts = this.#countsOf(input)): void {
    this.#streams.set(input, counts);
    this.#open.delete(input);
  }

  async leftOut(): Promise<LeftOut> {
    await this.#writeStaged();
    return this.#leftOut;
  }

  /** What the transaction adds to the ledger. */
  get added(): readonly LedgerEntry[] {
    return this.#closed.map(({ entry }) => entry);
  }

  /** Writes what is staged, and the ledger; the store does it before it commits. */
  async finish(): Promise<void> {
    await this.#writeStaged();
    this.#dictionary.save();
    const names = this.#closed.map(({ entry }) => entry.name);
    await forgetUnreadable(this.#connection, [...new Set([...names, ...this.sources.wholeObjects])]);
    await insertLedger(this.#connection, this.#closed);
    for (const [id, counts] of this.#streams) await addToLedger(this.#connection, id, counts);
    await this.sources.write(this.#connection);
    // What goes when it is closed is not asked for its revision.
    if (!this.changesAnswers || this.#parts === 'bare rows') return;
    await this.#connection.api.run('UPDATE store SET revision = revision + 1, late_flows = late_flows + $1', [
      this.lateFlows,
    ]);
  }

  /** Lets go of what was not written; the store does it before it rolls back. */
  async abandon(): Promise<void> {
    // Statements read the rows until they end.
    await this.#writing?.catch(() => undefined);
    this.#staged.abandon();
    this.#other.abandon();
  }

  /** Whether it is time to write: no more rows fit, or nothing is being written and there are enough to lie in order. */
  get #isWorthWriting(): boolean {
    const { rows } = this.#staged.flows;
    if (rows >= this.#stageLimit) return true;
    // The first ones begin sooner: until then nothing is written at all.
    const enough = this.#hasWritten ? this.#stageLimit / 2 : this.#stageLimit / 4;
    return rows >= enough && this.#writing === null;
  }

  /** Begins to write what is staged, as soon as what is being written is in. */
  async #startWriting(): Promise<void> {
    await this.#written();
    this.#hasWritten = true;
    const full = this.#staged;
    this.#staged = this.#other;
    this.#other = full;
    const writing = this.#write(full).then(() => {
      this.#writing = null;
    });
    // Whoever waits for it next is told of its failure.
    writing.catch(() => undefined);
    this.#writing = writing;
  }

  /** Waits for what is being written; throws what it threw. */
  async #written(): Promise<void> {
    await this.#writing;
  }

  /** Writes all that is staged. */
  async #writeStaged(): Promise<void> {
    await this.#startWriting();
    await this.#written();
  }

  async #write(staged: StagedRecords): Promise<void> {
    const { flows, coverage } = staged;
    if (this.#laterThan !== null) await this.#dropStored(staged, this.#laterThan);
    if (this.#parts === 'all' || this.#parts === 'hours') {
      this.lateFlows += await flows.countLate();
      await flows.countHours();
      await coverage.countHours();
    }
    await (this.#parts === 'hours'
      ? flows.drop()
      : this.#parts === 'bare rows'
        ? flows.write(() => '', false)
        : flows.write(flowOrderKey));
    await coverage.write((columns) => (columns.has('hour') ? 'hour' : ''));
  }

  /** Takes out of what is staged what the store has already, of earlier states under a name. */
  async #dropStored(staged: StagedRecords, name: string): Promise<void> {
    if (this.#earlier === null) {
      await forgetQuarantined(this.#connection, name);
      // What was the same as an input of another name is in under that one; of what could not be read nothing is.
      const most = (await isUnreadable(this.#connection, name)) ? 0 : Infinity;
      this.#earlier = (await recordsOf(this.#connection, name)) ?? { flows: most, coverage: most };
    }
    const earlier = this.#earlier;
    const flows = await staged.flows.dropStored(this.#columns.flow, earlier.flows);
    const coverage = await staged.coverage.dropStored(this.#columns.coverage, earlier.coverage);
    earlier.flows -= flows.rows;
    earlier.coverage -= coverage.rows;
    const { nodata, skipdata } = coverage;
    for (const counts of this.#open.values()) {
      counts.flows -= flows.rows;
      counts.nodata -= nodata;
      counts.skipdata -= skipdata;
    }
    this.#leftOut = {
      flows: this.#leftOut.flows + flows.rows,
      nodata: this.#leftOut.nodata + nodata,
      skipdata: this.#leftOut.skipdata + skipdata,
    };
  }

  async #noteExtra(part: DecodedPart): Promise<void> {
    for (const batch of [part.flows, part.coverage]) {
      const column = batch.columns.find(({ field }) => field === EXTRA);
      if (column?.kind !== 'text') continue;
      const seen = new Set<number>(column.codes.subarray(0, batch.rows));
      const names = new Set<string>();
      for (const code of seen) {
        if (code === 0) continue;
        for (const name of Object.keys(JSON.parse(batch.texts[code] ?? '{}') as object)) names.add(name);
      }
      for (const name of names) {
        if (this.#columns.extra.has(name) || this.#columns.extra.size >= MOST_UNKNOWN_COLUMNS) continue;
        await this.#written();
        await this.#connection.api.run('INSERT INTO extra_field VALUES ($1)', [name]);
        this.#columns.extra.add(name);
      }
    }
  }

  #countsOf(input: number): InputCounts {
    const counts = this.#open.get(input);
    if (counts === undefined) throw new Error(`Input ${input} is not open.`);
    return counts;
  }
}

/** Where a transaction stages its rows: some while others are written. Empty again when it has ended, for the next one. */
export type Staging = readonly [StagedRecords, StagedRecords];

export function newStaging(connection: Connection, columns: Columns): Staging {
  return [new StagedRecords(connection, columns), new StagedRecords(connection, columns)];
}

const NONE: LeftOut = { flows: 0, nodata: 0, skipdata: 0 };
