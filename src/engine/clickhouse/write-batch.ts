import { createHash, randomInt } from 'node:crypto';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { EXTRA, type RecordBatch } from '../../model/record/record-batch.ts';
import type { LeftOut, WriteBatch } from '../flow-writer.ts';
import { type InputCounts, noCounts, noteTimes } from '../input-counts.ts';
import type { LedgerEntry } from '../input-register.ts';
import { MOST_UNKNOWN_COLUMNS } from '../unknown-columns.ts';
import type { Columns } from './columns.ts';
import { createStage, moveNew, recordsOf } from './later-state.ts';
import { RowBuffer } from './row-buffer.ts';
import type { ClickHouseServer } from './server.ts';
import { VisitBuffer } from './visit-tables.ts';
import { SourceChanges } from './source-tables.ts';
import { sqlTime } from './sql-time.ts';

/** What is sent at once: more makes fewer and larger parts, and takes more memory. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Lines in quarantine that are sent at once. */
const MOST_LINES = 10_000;

type Line = Readonly<Record<string, unknown>>;

/** One batch: rows that nobody sees until it is committed (`table-definitions.ts`). */
export class ClickHouseBatch implements WriteBatch {
  readonly sources = new SourceChanges();
  readonly id: bigint;
  readonly #server: ClickHouseServer;
  readonly #columns: Columns;
  readonly #open = new Map<number, InputCounts>();
  readonly #ledger: { readonly id: number; readonly entry: LedgerEntry; readonly counts: InputCounts }[] = [];
  readonly #streams = new Map<number, { readonly source: string; readonly counts: InputCounts }>();
  readonly #newFields: { readonly kind: keyof Columns; readonly name: string }[] = [];
  readonly #visits: VisitBuffer;
  #flows: RowBuffer;
  #coverage: RowBuffer;
  #lines: Line[] = [];
  #later: { readonly name: string; readonly flow: string; readonly coverage: string } | null = null;
  #leftOut: LeftOut = { flows: 0, nodata: 0, skipdata: 0 };

  /** @param columns those known so far; what the batch brings is not added before it is committed */
  constructor(server: ClickHouseServer, id: bigint, columns: Columns) {
    this.#server = server;
    this.id = id;
    this.#columns = columns;
    this.#flows = new RowBuffer(server, 'flow_row', id, MOST_BYTES);
    this.#coverage = new RowBuffer(server, 'coverage_row', id, MOST_BYTES);
    this.#visits = new VisitBuffer(server, id);
  }

  get bringsVisits(): boolean {
    return this.#visits.any;
  }

  /** What the batch adds to the ledger. */
  get added(): readonly LedgerEntry[] {
    return this.#ledger.map(({ entry }) => entry);
  }

  /** Fields that nothing was logged with before. */
  get newFields(): readonly { readonly kind: keyof Columns; readonly name: string }[] {
    return this.#newFields;
  }

  open(laterThan?: string): number {
    const id = randomInt(2 ** 48 - 1);
    this.#open.set(id, noCounts());
    if (laterThan !== undefined) {
      if (this.#open.size + this.#ledger.length + this.#streams.size > 1)
        throw new Error('A later state of an input comes alone.');
      const [flow, coverage] = [`stage_flow_${this.id}`, `stage_coverage_${this.id}`];
      this.#later = { name: laterThan, flow, coverage };
    }
    return id;
  }

  async openStream(source: string): Promise<number> {
    // The same in every process: the first 48 bits of a hash.
    const id = createHash('sha256').update(streamKey(source)).digest().readUIntBE(0, 6);
    const stream = this.#streams.get(id) ?? { source, counts: noCounts() };
    this.#streams.set(id, stream);
    this.#open.set(id, stream.counts);
    return id;
  }

  async prepare(): Promise<void> {}

  async append(input: number, part: DecodedPart): Promise<{ readonly duplicates: number }> {
    const counts = this.#countsOf(input);
    counts.flows += part.flows.rows;
    counts.nodata += part.nodata;
    counts.skipdata += part.skipdata;
    counts.quarantined += part.quarantined.length;
    for (const batch of [part.flows, part.coverage]) noteTimes(counts, batch);
    this.#noteFields('flow', part.flows);
    this.#noteFields('coverage', part.coverage);
    if (this.#later !== null) await this.#stage(this.#later);
    await this.#flows.add(part.flows, null);
    await this.#coverage.add(part.coverage, input);
    for (const { line, reason, text, item } of part.quarantined)
      this.#lines.push({ batch: this.id, input, line, reason, text, item: item ?? null });
    if (this.#lines.length >= MOST_LINES) await this.#flushLines();
    return this.#visits.add(part.visits ?? []);
  }

  close(input: number, entry: LedgerEntry, counts = this.#countsOf(input)): void {
    this.#ledger.push({ id: input, entry, counts });
    this.#open.delete(input);
  }

  closeStream(input: number, counts = this.#countsOf(input)): void {
    Object.assign(this.#countsOf(input), counts);
    this.#open.delete(input);
  }

  async leftOut(): Promise<LeftOut> {
    await this.#flushRows();
    return this.#leftOut;
  }

  /** Sends all but the row that commits it. */
  async finish(): Promise<void> {
    await this.#flushRows();
    await this.#flushLines();
    const at = sqlTime();
    const streams = [...this.#streams].map(([id, { source, counts }]) => ({
      id,
      entry: { name: source, sha256: streamKey(source), size: 0 },
      counts,
    }));
    await this.#server.insert(
      'input_row',
      [...this.#ledger, ...streams].map(({ id, entry, counts }) => ({
        batch: this.id,
        id,
        ...entry,
        flows: counts.flows,
        nodata: counts.nodata,
        skipdata: counts.skipdata,
        quarantined: counts.quarantined,
        first_start: counts.first,
        last_start: counts.last,
        ingested_at: at,
      })),
    );
    await this.#server.insert(
      'logged_field_row',
      this.#newFields.map((field) => ({ batch: this.id, ...field })),
    );
    await this.sources.write(this.#server, this.id);
  }

  async #flushRows(): Promise<void> {
    await this.#flows.flush();
    await this.#coverage.flush();
    const later = this.#later;
    if (later === null || !this.#staged) return;
    this.#staged = false;
    await this.#server.insert('forgotten_quarantine', [{ batch: this.id, name: later.name }]);
    const earlier = await recordsOf(this.#server, later.name);
    const flows = await moveNew(
      this.#server,
      { stage: later.flow, table: 'flow_row', view: 'flow' },
      earlier.flows,
    );
    const coverage = await moveNew(
      this.#server,
      { stage: later.coverage, table: 'coverage_row', view: 'coverage_record' },
      earlier.coverage,
    );
    this.#leftOut = { flows: flows.rows, nodata: coverage.nodata, skipdata: coverage.skipdata };
    for (const counts of this.#open.values()) {
      counts.flows -= flows.rows;
      counts.nodata -= coverage.nodata;
      counts.skipdata -= coverage.skipdata;
    }
  }

  #staged = false;

  /** Where rows are collected that have to be compared with what is there. */
  async #stage({ flow, coverage }: { readonly flow: string; readonly coverage: string }): Promise<void> {
    if (this.#staged) return;
    await createStage(this.#server, 'flow_row', flow);
    await createStage(this.#server, 'coverage_row', coverage);
    this.#flows = new RowBuffer(this.#server, flow, this.id, MOST_BYTES);
    this.#coverage = new RowBuffer(this.#server, coverage, this.id, MOST_BYTES);
    this.#staged = true;
  }

  async #flushLines(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    await this.#server.insert('quarantine_row', lines);
  }

  #noteFields(kind: 'flow' | 'coverage', batch: RecordBatch): void {
    if (batch.rows === 0) return;
    for (const column of batch.columns) {
      this.#noteField(kind, column.field);
      if (column.field !== EXTRA || column.kind !== 'text') continue;
      for (const code of new Set(column.codes.subarray(0, batch.rows))) {
        if (code === 0) continue;
        for (const name of Object.keys(JSON.parse(batch.texts[code] ?? '{}') as object))
          this.#noteField('extra', name);
      }
    }
  }

  #noteField(kind: keyof Columns, name: string): void {
    if (this.#columns[kind].has(name)) return;
    if (this.#newFields.some((one) => one.kind === kind && one.name === name)) return;
    const unknown = this.#columns.extra.size + this.#newFields.filter((one) => one.kind === 'extra').length;
    if (kind === 'extra' && unknown >= MOST_UNKNOWN_COLUMNS) return;
    this.#newFields.push({ kind, name });
  }

  #countsOf(input: number): InputCounts {
    const counts = this.#open.get(input);
    if (counts === undefined) throw new Error(`Input ${input} is not open.`);
    return counts;
  }
}

/** What stands for the hash of a source whose records come a few at a time: no content has such a one. */
function streamKey(source: string): string {
  return `stream ${source}`;
}
