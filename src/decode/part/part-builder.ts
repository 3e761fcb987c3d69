import { fieldNamed } from '../../model/catalog/fields.ts';
import type { DecodedPart, QuarantinedLine } from '../../model/record/decoded-part.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { ColumnBinding } from './column-binding.ts';
import { ExtraTexts } from './extra-texts.ts';
import { ScratchColumn, TEXT, UNKNOWN } from './scratch-column.ts';
import { TextCodes } from './text-codes.ts';

/** What a quarantined line keeps of its text, in characters. */
export const KEPT_CHARACTERS = 4096;

const MAX_TEXT_CHARACTERS = 33_554_432;
/** Lines as objects are what takes most on their way through the threads: parts full of them are small. */
const MAX_QUARANTINED_CHARACTERS = 1_048_576;
const MAX_PLANS = 64;
const FIRST_COVERAGE_ROWS = 256;

/**
 * Gathers decoded records into parts. A record is written into the row `rows` of the current binding's
 * columns and then taken by `commit`, or not. Columns and token tables are used again for every
 * part and input; what `finish` hands out is copied.
 */
export class PartBuilder {
  readonly capacity: number;
  readonly texts = new TextCodes();
  /** Flows so far, and the row that is being written. */
  rows = 0;
  /** When the event that the record came in was stamped, in Unix seconds: the time of a record that has no start. */
  stamp: number | null = null;
  binding: ColumnBinding | null = null;
  /** What was last asked for: most often it is asked for again. */
  #names: readonly string[] | null = null;
  /** Parts that became full and wait to be handed on. */
  readonly #ready: DecodedPart[] = [];
  readonly #flows = new Map<string, ScratchColumn>();
  readonly #coverage = new Map<ScratchColumn, ScratchColumn>();
  readonly #bindings = new Map<string, ColumnBinding>();
  /** The columns of this part, in the order they came. */
  #active = new Set<ScratchColumn>();
  #coverageRows = 0;
  #nodata = 0;
  #skipdata = 0;
  #quarantined: QuarantinedLine[] = [];
  #quarantinedCharacters = 0;
  /** Whether `texts` may hold some that no flow has. */
  #stray = false;
  /** Whether the part has records whose layout has a start, or that have one from elsewhere. */
  #hasStart = false;

  /** Parts hold at most `capacity` records. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** How many rows the flows may reach before the part is full. */
  get rowLimit(): number {
    if (this.#quarantinedCharacters > MAX_QUARANTINED_CHARACTERS || this.texts.size > MAX_TEXT_CHARACTERS)
      return 0;
    return this.capacity - this.#coverageRows - this.#quarantined.length;
  }

  get full(): boolean {
    return this.rows >= this.rowLimit;
  }

  /** The current part, if it holds nothing yet: then an end without it loses nothing. */
  get empty(): boolean {
    return this.records + this.#quarantined.length === 0;
  }

  /** Whether no part became full so far. */
  get isFirst(): boolean {
    return this.#ready.length === 0;
  }

  /** Records that were committed to this part: flows and coverage. */
  get records(): number {
    return this.rows + this.#coverageRows;
  }

  /** Makes the following records ones of this layout. */
  use(names: readonly string[]): ColumnBinding {
    if (this.#names === names) return this.binding!;
    const key = names.join(' ');
    let binding = this.#bindings.get(key);
    if (binding === undefined) {
      if (this.#bindings.size >= MAX_PLANS) this.#bindings.clear();
      binding = this.#bind(names);
      this.#bindings.set(key, binding);
    }
    this.#names = names;
    if (binding !== this.binding) {
      this.#leave();
      this.binding = binding;
      this.#enter(binding);
    }
    return binding;
  }

  /** Takes the record in the current row. `status`: its log-status, null if it has none. */
  commit(status: string | null): void {
    if (status === null || status === 'OK') {
      this.rows += 1;
      return;
    }
    if (status === 'NODATA') this.#nodata += 1;
    else this.#skipdata += 1;
    for (const column of this.binding!.distinct) {
      this.#coverageOf(column).copyRow(column, this.rows, this.#coverageRows);
    }
    this.#coverageRows += 1;
    this.discard();
  }

  /** Forgets what was written into the current row. */
  discard(): void {
    this.#stray = true;
    if (this.binding === null) return;
    for (const column of this.binding.distinct) if (column.nulls.length > 0) column.nulls[this.rows] = 0;
  }

  /** Gives the record in the current row its time: the start; else when its event was stamped, but not after its end; else its end. */
  settleStart(): void {
    const { start, end, columns, implied } = this.binding!;
    const target = start < 0 ? implied! : columns[start]!;
    if (start >= 0 && target.nulls[this.rows] === 0) return;
    const ends = end < 0 || columns[end]!.nulls[this.rows] === 1 ? null : columns[end]!.data[this.rows]!;
    const second = this.stamp === null ? ends : Math.min(this.stamp, ends ?? this.stamp);
    if (second === null) {
      target.setNull(this.rows);
      return;
    }
    target.data[this.rows] = second;
    target.nulls[this.rows] = 0;
    this.#hasStart = true;
  }

  /** Says that the inner loop gave records a start that is not in their layout. */
  noteStart(): void {
    this.#hasStart = true;
  }

  quarantine(line: number, reason: string, text: string): void {
    if (text.length > KEPT_CHARACTERS) {
      const length = `${text.length} characters long, of which the first ${KEPT_CHARACTERS} are kept`;
      this.#quarantined.push({
        line,
        reason: `${reason}; it is ${length}`,
        text: copied(text.slice(0, KEPT_CHARACTERS)),
      });
    } else {
      this.#quarantined.push({ line, reason, text });
    }
    this.#quarantinedCharacters += Math.min(text.length, KEPT_CHARACTERS) + 64;
  }

  /** To be called before a record: sets a full part aside and starts the next. */
  makeRoom(): void {
    if (this.full) this.#ready.push(this.finish());
  }

  /** The full parts so far, each once. */
  *drain(): Generator<DecodedPart> {
    for (let part = this.#ready.shift(); part !== undefined; part = this.#ready.shift()) yield part;
  }

  /** Hands out the part and starts the next, with the same layout. */
  finish(): DecodedPart {
    this.#leave();
    const scratch = [...this.#active];
    // A start that no layout has and no record got is no column.
    const active = this.#hasStart ? scratch : scratch.filter(({ field }) => field?.aws !== 'start');
    const part: DecodedPart = {
      flows: this.#batch(active, this.rows, !this.#stray),
      coverage: this.#batch(
        this.#coverageRows === 0 ? [] : active.map((column) => this.#coverageOf(column)),
        this.#coverageRows,
        false,
      ),
      nodata: this.#nodata,
      skipdata: this.#skipdata,
      quarantined: this.#quarantined,
    };
    for (const column of scratch) {
      column.clear(this.rows);
      this.#coverage.get(column)?.clear(this.#coverageRows);
    }
    this.#active = new Set();
    this.rows = 0;
    this.#coverageRows = 0;
    this.#nodata = 0;
    this.#skipdata = 0;
    this.#quarantined = [];
    this.#quarantinedCharacters = 0;
    this.#stray = false;
    this.#hasStart = false;
    this.texts.reset();
    if (this.binding !== null) this.#enter(this.binding);
    return part;
  }

  /** Ready for another input, whatever became of the last. */
  reset(): void {
    if (this.binding !== null || !this.empty) this.finish();
    this.binding = null;
    this.stamp = null;
    this.#names = null;
    this.#active = new Set();
    this.#ready.length = 0;
  }

  #leave(): void {
    if (this.binding === null) return;
    for (const column of this.binding.distinct) column.filled = this.rows;
  }

  #enter(binding: ColumnBinding): void {
    if (binding.start >= 0) this.#hasStart = true;
    for (const column of binding.distinct) {
      this.#active.add(column);
      column.catchUp(this.rows);
    }
  }

  #batch(columns: readonly ScratchColumn[], rows: number, whole: boolean): RecordBatch {
    if (whole)
      return { rows, columns: columns.map((column) => column.take(rows, null)), texts: this.texts.list };
    const all = this.texts.list;
    const texts = [''];
    const codes = new Uint32Array(rows === 0 ? 0 : all.length);
    const remap = (code: number): number => {
      if (code === 0) return 0;
      const known = codes[code]!;
      if (known !== 0) return known;
      codes[code] = texts.length;
      texts.push(all[code]!);
      return texts.length - 1;
    };
    return { rows, columns: columns.map((column) => column.take(rows, remap)), texts };
  }

  #bind(names: readonly string[]): ColumnBinding {
    const columns = names.map((name) => this.#column(name));
    const implied = names.includes('start') ? null : this.#column('start');
    const unknown = names.filter((_, place) => columns[place]!.kind === UNKNOWN);
    return {
      names,
      columns,
      distinct: [...new Set(implied === null ? columns : [...columns, implied])],
      kinds: Uint8Array.from(columns, (column) => column.kind),
      data: columns.map((column) => column.data),
      nulls: columns.map((column) => column.nulls),
      limits: Float64Array.from(columns, (column) => column.field?.max ?? 0),
      values: columns.map((column) => column.field?.values ?? []),
      extras: unknown.length === 0 ? null : new ExtraTexts(unknown),
      textOnly: columns.every((column) => column.kind === TEXT || column.kind === UNKNOWN),
      start: names.indexOf('start'),
      end: names.indexOf('end'),
      status: names.indexOf('log-status'),
      extra: columns.findIndex((column) => column.kind === UNKNOWN),
      implied,
    };
  }

  #coverageOf(column: ScratchColumn): ScratchColumn {
    let target = this.#coverage.get(column);
    if (target === undefined) {
      target = new ScratchColumn(column.field, FIRST_COVERAGE_ROWS);
      this.#coverage.set(column, target);
    }
    return target;
  }

  #column(name: string): ScratchColumn {
    const field = fieldNamed(name) ?? null;
    const key = field?.name ?? EXTRA;
    let column = this.#flows.get(key);
    if (column === undefined) {
      column = new ScratchColumn(field, this.capacity);
      this.#flows.set(key, column);
    }
    return column;
  }
}

/** A text of its own: a slice keeps all that it was cut from in memory. */
function copied(slice: string): string {
  return Buffer.from(slice).toString();
}
