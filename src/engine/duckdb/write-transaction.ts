import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import type { LeftOut, WriteBatch } from '../flow-writer.ts';
import { type InputCounts, noCounts, noteTimes } from '../input-counts.ts';
import type { LedgerEntry } from '../input-register.ts';
import { MOST_UNKNOWN_COLUMNS } from '../unknown-columns.ts';
import type { Connection } from './connection.ts';
import type { Dictionary } from './dictionary.ts';
import { addToLedger, insertLedger, streamEntry, streamRow, type LedgerRow } from './input-ledger.ts';
import { forgetQuarantined, insertQuarantined } from './quarantine.ts';
import { flowOrderKey } from './rollups.ts';
import { SourceChanges } from './source-tables.ts';
import { StagingTable } from './staging-table.ts';
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
 * memory and written in order, a million rows at a time, so that memory stays bounded.
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
  readonly #flows: StagingTable;
  readonly #coverage: StagingTable;
  readonly #open = new Map<number, InputCounts>();
  readonly #closed: LedgerRow[] = [];
  readonly #streams = new Map<number, InputCounts>();
  /** Whether what it holds is a later state of an input that is in. */
  #isLater = false;
  /** The name under which lines in quarantine are to be forgotten. */
  #forgotten: string | null = null;
  #leftOut: LeftOut = NONE;

  constructor(
    connection: Connection,
    dictionary: Dictionary,
    columns: Columns,
    nextInput: number,
    memoryBytes: number,
    parts: FlowParts = 'all',
  ) {
    this.#parts = parts;
    this.#connection = connection;
    this.#dictionary = dictionary;
    this.#columns = columns;
    this.nextInput = nextInput;
    this.#stageLimit = Math.max(LEAST_STAGED, Math.min(MOST_STAGED, Math.floor(memoryBytes / STAGED_BYTES)));
    this.#flows = new StagingTable(connection, 'flow', columns.flow);
    this.#coverage = new StagingTable(connection, 'coverage_record', columns.coverage);
  }

  open(laterThan?: string): number {
    const id = this.nextInput++;
    this.#open.set(id, noCounts());
    if (laterThan !== undefined) {
      if (this.#open.size + this.#closed.length + this.#streams.size > 1)
        throw new Error('A later state of an input comes alone.');
      this.#isLater = true;
      this.#forgotten = laterThan;
    }
    return id;
  }

  async openStream(source: string): Promise<number> {
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
    this.#flows.add(asFlows(part.flows), await this.#dictionary.idsOf(part.flows.texts));
    this.#coverage.add(asCoverage(part.coverage, input), await this.#dictionary.idsOf(part.coverage.texts));
    await insertQuarantined(this.#connection, input, part.quarantined);
    if (this.#flows.rows >= this.#stageLimit) await this.#flush();
    return insertVisits(this.#connection, visits);
  }

  /** Runs a statement of ours on other tables within the transaction. */
  async run(sql: string, params: DuckDBValue[] = [], types: DuckDBType[] = []): Promise<void> {
    this.#doesMore = true;
    await (params.length === 0
      ? this.#connection.api.run(sql)
      : this.#connection.api.run(sql, params, types));
  }

  /** Flows that are elsewhere were logged with these fields. */
  async noteFields(names: readonly string[]): Promise<void> {
    await this.#flows.widenTarget(names);
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
    await this.#flush();
    return this.#leftOut;
  }

  /** What the transaction adds to the ledger. */
  get added(): readonly LedgerEntry[] {
    return this.#closed.map(({ entry }) => entry);
  }

  /** Writes what is staged, and the ledger; the store does it before it commits. */
  async finish(): Promise<void> {
    await this.#flush();
    this.#dictionary.save();
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
  abandon(): void {
    this.#flows.abandon();
    this.#coverage.abandon();
  }

  async #flush(): Promise<void> {
    if (this.#isLater) await this.#dropStored();
    if (this.#parts === 'all' || this.#parts === 'hours') {
      this.lateFlows += await this.#flows.countLate();
      await this.#flows.countHours();
      await this.#coverage.countHours();
    }
    await (this.#parts === 'hours'
      ? this.#flows.drop()
      : this.#parts === 'bare rows'
        ? this.#flows.write(() => '', false)
        : this.#flows.write(flowOrderKey));
    await this.#coverage.write((columns) => (columns.has('hour') ? 'hour' : ''));
  }

  /** Takes out of what is staged what the store has already. */
  async #dropStored(): Promise<void> {
    if (this.#forgotten !== null) {
      await forgetQuarantined(this.#connection, this.#forgotten);
      this.#forgotten = null;
    }
    const flows = await this.#flows.dropStored(this.#columns.flow);
    const { nodata, skipdata } = await this.#coverage.dropStored(this.#columns.coverage);
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

const NONE: LeftOut = { flows: 0, nodata: 0, skipdata: 0 };
