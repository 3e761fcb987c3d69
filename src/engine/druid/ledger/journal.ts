import { gzipSync } from 'node:zlib';
import type { DecodedPart } from '../../../model/record/decoded-part.ts';
import { type BatchColumn, EXTRA, type RecordBatch } from '../../../model/record/record-batch.ts';
import type { WriteTransaction } from '../../duckdb/write-transaction.ts';
import { type InputCounts, noCounts, noteTimes } from '../../input-counts.ts';
import type { LedgerEntry } from '../../input-register.ts';
import type { Positions, SourceObject, SourceWrites, StoredIds } from '../../source-register.ts';
import type { IdsChange, PositionChange } from './ledger-record.ts';
import { toJson } from './typed-json.ts';

/** What was done to a batch, beside its rows: a line of a journal. */
export type Step =
  | readonly ['open', id: number]
  | readonly ['stream', id: number, source: string]
  | readonly ['part', id: number, part: Omit<DecodedPart, 'flows'>]
  /** Hours since 1970 with how many flows, how many have no start, names of fields that the catalog does not know. */
  | readonly [
      'flows',
      id: number,
      hours: readonly (readonly [number, number])[],
      untimed: number,
      extra: readonly string[],
    ]
  | readonly ['close', id: number, entry: LedgerEntry, counts: InputCounts]
  | readonly ['close-stream', id: number, counts: InputCounts]
  | readonly ['count', source: string, more: { readonly records: number; readonly objects: number }]
  | readonly ['positions', source: string, positions: readonly (readonly [string, string])[]]
  | readonly ['objects', objects: readonly SourceObject[]]
  | readonly ['ids', source: string, ids: StoredIds]
  | readonly ['drop-ids', source: string, before: number]
  | readonly ['fields', names: readonly string[]];

/** Characters that are packed together. */
const BLOCK = 2 * 1024 * 1024;

interface OpenInput {
  readonly counts: InputCounts;
  readonly hours: Map<number, number>;
  untimed: number;
  readonly extra: Set<string>;
}

/** What `DruidBatch` needs beside the rows that it sends. */
export type BesideRows = Pick<
  WriteTransaction,
  'open' | 'openStream' | 'prepare' | 'append' | 'close' | 'closeStream' | 'leftOut' | 'noteFields'
> & { readonly sources: SourceWrites };

/** What is known when a batch is made, which its changes are made from. */
export interface KnownBefore {
  /** Null: nobody looked, so that nothing is made from them. */
  positions(source: string): Positions | null;
  idsVersion(source: string): number;
  /** How many of some visits are in. */
  visits(ids: readonly string[]): Promise<number>;
}

/** Writes down what a batch brings beside its rows, to be done in every store of the data source, by `replay` (replay-journal.ts). */
export class Journal implements BesideRows {
  readonly #open = new Map<number, OpenInput>();
  readonly #hashes: string[] = [];
  readonly #positions = new Map<string, Map<string, string>>();
  readonly #before = new Map<string, Positions | null>();
  readonly #ids = new Map<string, number>();
  readonly #known: KnownBefore;
  readonly #blocks: Buffer[] = [];
  #lines: string[] = [];
  #characters = 0;
  #next = 1;

  constructor(known: KnownBefore) {
    this.#known = known;
  }

  readonly sources: SourceWrites = {
    count: (source, more) => this.#note(['count', source, more]),
    savePositions: (source, positions: Positions) => {
      if (!this.#before.has(source)) this.#before.set(source, this.#known.positions(source));
      this.#positions.set(source, new Map([...(this.#positions.get(source) ?? []), ...positions]));
      this.#note(['positions', source, [...positions]]);
    },
    saveObjects: (objects) => this.#note(['objects', objects]),
    saveIds: (source, ids) => {
      if (!this.#ids.has(source)) this.#ids.set(source, this.#known.idsVersion(source));
      this.#note(['ids', source, ids]);
    },
    dropIds: (source, before) => this.#note(['drop-ids', source, before]),
  };

  /** Hashes of the inputs that are closed. */
  get hashes(): readonly string[] {
    return this.#hashes;
  }

  /** The positions that it saves, by source. */
  get positions(): ReadonlyMap<string, Positions> {
    return this.#positions;
  }

  /** What these were made from. */
  get positionChanges(): readonly PositionChange[] {
    return [...this.#positions].flatMap(([source, positions]) => {
      const before = this.#before.get(source) ?? null;
      if (before === null) return [];
      return [...positions.keys()].map((name) => ({ source, name, before: before.get(name) ?? null }));
    });
  }

  /** The sources of which it saves identities, with what was known of them. */
  get idsChanges(): readonly IdsChange[] {
    return [...this.#ids].map(([source, version]) => ({ source, version }));
  }

  get empty(): boolean {
    return this.#blocks.length === 0 && this.#lines.length === 0;
  }

  open(): number {
    const id = this.#begin();
    this.#note(['open', id]);
    return id;
  }

  async openStream(source: string): Promise<number> {
    const id = this.#begin();
    this.#note(['stream', id, source]);
    return id;
  }

  async prepare(): Promise<void> {}

  async append(id: number, part: DecodedPart): Promise<{ readonly duplicates: number }> {
    const { flows, ...beside } = part;
    const { coverage, quarantined, visits = [] } = part;
    const input = this.#inputOf(id);
    const { counts } = input;
    counts.flows += flows.rows;
    counts.nodata += part.nodata;
    counts.skipdata += part.skipdata;
    counts.quarantined += quarantined.length;
    for (const batch of [flows, coverage]) noteTimes(counts, batch);
    noteFlows(input, flows);
    if (coverage.rows + quarantined.length + visits.length > 0)
      this.#note(['part', id, { ...beside, coverage: cut(coverage) }]);
    if (visits.length === 0) return { duplicates: 0 };
    const ids = new Set(visits.map((visit) => visit.id));
    return { duplicates: visits.length - ids.size + (await this.#known.visits([...ids])) };
  }

  close(id: number, entry: LedgerEntry, counts?: InputCounts): void {
    const input = this.#end(id);
    this.#hashes.push(entry.sha256);
    this.#note(['close', id, entry, counts ?? input.counts]);
  }

  closeStream(id: number, counts?: InputCounts): void {
    const input = this.#end(id);
    this.#note(['close-stream', id, counts ?? input.counts]);
  }

  async leftOut(): Promise<{ readonly flows: number; readonly nodata: number; readonly skipdata: number }> {
    return { flows: 0, nodata: 0, skipdata: 0 };
  }

  async noteFields(names: readonly string[]): Promise<void> {
    if (names.length > 0) this.#note(['fields', names]);
  }

  /** All of it, packed; nothing may be added afterwards. */
  blocks(): readonly Buffer[] {
    // Flows of what is not closed are there all the same (a copy has an input that is never closed).
    for (const id of this.#open.keys()) this.#end(id);
    this.#pack();
    return this.#blocks;
  }

  #begin(): number {
    const id = this.#next++;
    this.#open.set(id, { counts: noCounts(), hours: new Map(), untimed: 0, extra: new Set() });
    return id;
  }

  #inputOf(id: number): OpenInput {
    const input = this.#open.get(id);
    if (input === undefined) throw new Error(`Input ${id} is not open.`);
    return input;
  }

  #end(id: number): OpenInput {
    const input = this.#inputOf(id);
    const { hours, untimed, extra } = input;
    this.#open.delete(id);
    if (hours.size > 0 || untimed > 0) this.#note(['flows', id, [...hours], untimed, [...extra]]);
    return input;
  }

  #note(step: Step): void {
    const line = toJson(step);
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= BLOCK) this.#pack();
  }

  #pack(): void {
    if (this.#lines.length === 0) return;
    this.#blocks.push(gzipSync(this.#lines.join('\n')));
    this.#lines = [];
    this.#characters = 0;
  }
}

function noteFlows(input: OpenInput, flows: RecordBatch): void {
  const start = flows.columns.find(({ field }) => field === 'start');
  for (let row = 0; row < flows.rows; row++) {
    if (start?.kind !== 'time' || start.nulls?.[row] === 1) {
      input.untimed++;
      continue;
    }
    const hour = Math.floor((start.values[row] ?? 0) / 3600);
    input.hours.set(hour, (input.hours.get(hour) ?? 0) + 1);
  }
  const extra = flows.columns.find(({ field }) => field === EXTRA);
  if (extra?.kind !== 'text') return;
  for (const code of new Set(extra.codes.subarray(0, flows.rows)))
    if (code !== 0)
      for (const name of Object.keys(JSON.parse(flows.texts[code] ?? '{}') as object)) input.extra.add(name);
}

/** A batch whose arrays have no more than its rows. */
function cut({ rows, columns, texts }: RecordBatch): RecordBatch {
  return {
    rows,
    texts,
    columns: columns.map((column) => {
      switch (column.kind) {
        case 'integer':
        case 'time':
          return {
            ...column,
            values: column.values.subarray(0, rows),
            nulls: column.nulls?.subarray(0, rows) ?? null,
          };
        case 'counter':
        case 'address':
          return { ...column, halves: column.halves.subarray(0, 2 * rows) };
        case 'text':
          return { ...column, codes: column.codes.subarray(0, rows) };
      }
    }) as readonly BatchColumn[],
  };
}
