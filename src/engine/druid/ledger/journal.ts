import { gunzipSync, gzipSync } from 'node:zlib';
import type { DecodedPart } from '../../../model/record/decoded-part.ts';
import { type BatchColumn, EXTRA, type RecordBatch } from '../../../model/record/record-batch.ts';
import type { WriteTransaction } from '../../duckdb/write-transaction.ts';
import { type InputCounts, noCounts, noteTimes } from '../../input-counts.ts';
import type { LedgerEntry } from '../../input-register.ts';
import type { Positions, SourceObject, SourceWrites, StoredIds } from '../../source-register.ts';
import { fromJson, toJson } from './typed-json.ts';

/** What was done to a batch, beside its rows. */
type Step =
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
/** Flows that are counted at once when a journal is replayed. */
const MOST_ROWS = 1_000_000;
const NO_RECORDS: RecordBatch = { rows: 0, columns: [], texts: [''] };

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

/** Writes down what a batch brings beside its rows, to be done in every store of the data source, by `replay`. */
export class Journal implements BesideRows {
  readonly #open = new Map<number, OpenInput>();
  readonly #hashes: string[] = [];
  readonly #positions = new Map<string, Map<string, string>>();
  readonly #ids = new Set<string>();
  readonly #knownVisits: (ids: readonly string[]) => Promise<number>;
  readonly #blocks: Buffer[] = [];
  #lines: string[] = [];
  #characters = 0;
  #next = 1;

  /** @param knownVisits how many of some visits are in */
  constructor(knownVisits: (ids: readonly string[]) => Promise<number>) {
    this.#knownVisits = knownVisits;
  }

  readonly sources: SourceWrites = {
    count: (source, more) => this.#note(['count', source, more]),
    savePositions: (source, positions: Positions) => {
      this.#positions.set(source, new Map([...(this.#positions.get(source) ?? []), ...positions]));
      this.#note(['positions', source, [...positions]]);
    },
    saveObjects: (objects) => this.#note(['objects', objects]),
    saveIds: (source, ids) => {
      this.#ids.add(source);
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

  /** The sources of which it saves identities. */
  get idSources(): ReadonlySet<string> {
    return this.#ids;
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
    return { duplicates: visits.length - ids.size + (await this.#knownVisits([...ids])) };
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

/** Does what journals say, in a store's transaction. @param blocks as `Journal.blocks` made them */
export async function replay(blocks: readonly Uint8Array[], transaction: WriteTransaction): Promise<void> {
  const ids = new Map<number, number>();
  const idOf = (id: number): number => ids.get(id) ?? 0;
  for (const block of blocks)
    for (const line of gunzipSync(block).toString().split('\n')) {
      const step = fromJson(line) as Step;
      switch (step[0]) {
        case 'open':
          ids.set(step[1], transaction.open());
          break;
        case 'stream':
          ids.set(step[1], await transaction.openStream(step[2]));
          break;
        case 'part': {
          const part = { ...step[2], flows: NO_RECORDS };
          await transaction.prepare([part]);
          await transaction.append(idOf(step[1]), part);
          break;
        }
        case 'flows':
          for (const flows of flowsOf(step[2], step[3], step[4])) {
            const part = { flows, coverage: NO_RECORDS, nodata: 0, skipdata: 0, quarantined: [] };
            await transaction.prepare([part]);
            await transaction.append(idOf(step[1]), part);
          }
          break;
        case 'close':
          transaction.close(idOf(step[1]), step[2], step[3]);
          break;
        case 'close-stream':
          transaction.closeStream(idOf(step[1]), step[2]);
          break;
        case 'count':
          transaction.sources.count(step[1], step[2]);
          break;
        case 'positions':
          transaction.sources.savePositions(step[1], new Map(step[2]));
          break;
        case 'objects':
          transaction.sources.saveObjects(step[1]);
          break;
        case 'ids':
          transaction.sources.saveIds(step[1], step[2]);
          break;
        case 'drop-ids':
          transaction.sources.dropIds(step[1], step[2]);
          break;
        case 'fields':
          await transaction.noteFields(step[1]);
          break;
      }
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

/** Flows of which only the hours are known. */
function* flowsOf(
  hours: readonly (readonly [number, number])[],
  untimed: number,
  extra: readonly string[],
): Generator<RecordBatch> {
  let more = extra;
  const batch = (rows: number, hour: number | null): RecordBatch => {
    const columns: BatchColumn[] = [];
    if (hour !== null)
      columns.push({
        kind: 'time',
        field: 'start',
        values: new Uint32Array(rows).fill(hour * 3600),
        nulls: null,
      });
    const codes = new Uint32Array(rows);
    const texts = [''];
    if (more.length > 0) {
      codes[0] = 1;
      texts.push(JSON.stringify(Object.fromEntries(more.map((name) => [name, '']))));
      columns.push({ kind: 'text', field: EXTRA, codes });
    }
    more = [];
    return { rows, columns, texts };
  };
  for (const [hour, flows] of [...hours, ...(untimed > 0 ? [[null, untimed] as const] : [])])
    for (let left = flows; left > 0; left -= MOST_ROWS) yield batch(Math.min(left, MOST_ROWS), hour);
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
