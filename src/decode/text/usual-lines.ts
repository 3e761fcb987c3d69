import { EARLIEST_SECOND, LATEST_SECOND, fields } from '../../model/catalog/fields.ts';
import { canonicalIpv6 } from '../../model/query/ip-address.ts';
import type { ColumnBinding } from '../part/column-binding.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { CLOSED, INTEGER, STATUS, TIME, UNKNOWN } from '../part/scratch-column.ts';
import type { ScratchColumn } from '../part/scratch-column.ts';
import { loadModule, type UsualLinesModule } from './usual-lines-module.ts';

const LINE_FEED = 10;
/** So few rows are copied one by one: a call for each column takes longer. */
const FEW_ROWS = 8;
/** Past this the table of texts is emptied before the next part. */
const KEEP_TEXTS = 65_536;
const KEEP_BYTES = 4_194_304;

/** Kinds of texts that have a table; each layout's unknown fields are another. */
const ANY_TEXT = 0;
const AN_ADDRESS = 1;
const FIRST_OF_EXTRAS = 2;

/** The class of a log-status that says that a record is no flow. The others: a bit for each closed vocabulary. */
const NO_FLOW_CLASS = 0x8000_0000;
const vocabularies = fields.filter(({ values }) => values !== null);

/**
 * The fast way through text: reads records of the builder's current binding out of whole lines, straight from bytes
 * into columns, in WebAssembly. It knows only the usual: blanks between fields, values in range. All other lines are
 * left to who calls, and mean the same when all lines are.
 */
export class UsualLines {
  readonly #compiled: UsualLinesModule['exports'];
  readonly #is: UsualLinesModule['constants'];
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #said: Uint32Array;
  readonly #layout: Uint32Array;
  /** Of each place: its staged values, two numbers a row at most, and which of them are null. */
  readonly #values: Uint32Array[] = [];
  readonly #nulls: Uint8Array[] = [];
  #binding: ColumnBinding | null = null;
  #part = 0;
  /** By their numbers, what the texts in the table mean. */
  #meanings: string[] = [''];
  #extraKinds = new Map<string, number>();
  /** What lies in the window: bytes[from, end) of those that are read. */
  #from = 0;
  #end = 0;

  /** Throws what loading the module throws. */
  constructor() {
    const { exports, constants, memory } = loadModule();
    this.#compiled = exports;
    this.#is = constants;
    this.#bytes = new Uint8Array(memory);
    this.#said = new Uint32Array(memory, constants.SAID, 6);
    this.#layout = new Uint32Array(memory, constants.LAYOUT, constants.PLACES * 4);
  }

  /** To be called before `read` with other bytes, or with the same whose content changed. */
  begin(): void {
    this.#end = 0;
    this.#from = 0;
  }

  /**
   * Reads lines of bytes[from, end), of which the last byte is a line feed, and commits their records. Returns where it
   * stopped: at the end, when the part is full, or before a line that is not usual.
   */
  read(builder: PartBuilder, bytes: Uint8Array, from: number, end: number): number {
    const { ROWS, WINDOW, NEW_TEXT, NO_FLOW, UNUSUAL } = this.#is;
    const compiled = this.#compiled;
    if (!this.#bind(builder)) return from;
    let position = from;
    while (position < end) {
      const most = Math.min(ROWS, builder.rowLimit - builder.rows);
      if (most <= 0 || !this.#load(bytes, position, end)) return position;
      const windowEnd = WINDOW + this.#end - this.#from;
      let why = compiled.parse(WINDOW + position - this.#from, windowEnd, 0, most);
      while (why === NEW_TEXT && this.#learn(builder)) {
        why = compiled.parse(this.#said[1]!, windowEnd, this.#said[0]!, most);
      }
      position = this.#from + this.#said[1]! - WINDOW;
      this.#take(builder, this.#said[0]!, why === NO_FLOW);
      if (why === UNUSUAL || why === NEW_TEXT) return position;
    }
    return position;
  }

  /** Tells the compiled code which lines come and into which part. False: there are too many places. */
  #bind(builder: PartBuilder): boolean {
    const binding = builder.binding!;
    const { epoch } = builder.texts;
    if (epoch !== this.#part) {
      this.#part = epoch;
      const { texts, textBytes } = this.#compiled;
      if (texts.value >= KEEP_TEXTS || textBytes.value >= KEEP_BYTES) {
        this.#compiled.forget();
        this.#extraKinds.clear();
        this.#binding = null;
      }
      this.#compiled.begin(epoch);
    }
    if (binding === this.#binding) return true;
    const places = binding.columns.length;
    if (places >= this.#is.PLACES) return false;
    this.#binding = binding;
    binding.columns.forEach((column, place) => {
      this.#layout.set([column.kind, leastOf(column), mostOf(column), 0], place * 4);
    });
    this.#layout.fill(0, places * 4, places * 4 + 4);
    for (let place = this.#values.length; place <= places; place += 1) {
      const { COLUMNS, COLUMN_BYTES, NULLS, NULLS_BYTES, ROWS } = this.#is;
      const { buffer } = this.#bytes;
      this.#values.push(new Uint32Array(buffer, COLUMNS + place * COLUMN_BYTES, ROWS * 2));
      this.#nulls.push(new Uint8Array(buffer, NULLS + place * NULLS_BYTES, ROWS + 1));
    }
    const { start, end, extra, implied, textOnly } = binding;
    const kind = this.#extraKind(binding);
    this.#compiled.bind(places, start, end, extra, kind, implied === null ? 0 : 1, textOnly ? 1 : 0);
    return true;
  }

  /** The kind of text that the unknown fields of a layout are. */
  #extraKind({ extras }: ColumnBinding): number {
    if (extras === null) return ANY_TEXT;
    let kind = this.#extraKinds.get(extras.key);
    if (kind === undefined) {
      kind = FIRST_OF_EXTRAS + this.#extraKinds.size;
      this.#extraKinds.set(extras.key, kind);
    }
    return kind;
  }

  /** Has the whole lines from `position` on in the window, as many as fit. False: not even one does. */
  #load(bytes: Uint8Array, position: number, end: number): boolean {
    if (position >= this.#from && position < this.#end) return true;
    const { WINDOW, WINDOW_BYTES } = this.#is;
    let to = end;
    if (end - position > WINDOW_BYTES) to = bytes.lastIndexOf(LINE_FEED, position + WINDOW_BYTES - 1) + 1;
    if (to <= position) return false;
    // Not `subarray`, which takes longer where bytes are a Buffer.
    this.#bytes.set(new Uint8Array(bytes.buffer, bytes.byteOffset + position, to - position), WINDOW);
    this.#from = position;
    this.#end = to;
    return true;
  }

  /** Gives the text that is new its code. False: it is no text of its kind. */
  #learn(builder: PartBuilder): boolean {
    const said = this.#said;
    const number = said[5]!;
    const meaning = number > 0 ? this.#meanings[number]! : this.#meaning(said[4]!, said[2]!, said[3]!);
    if (meaning === null) return false;
    const code = builder.texts.code(meaning);
    if (code < 0) return false;
    const learned = this.#compiled.learn(code, classesOf(meaning));
    // The table was full, and forgot them all.
    if (number === 0 && learned === 1) this.#meanings = [''];
    this.#meanings[learned] = meaning;
    return true;
  }

  #meaning(kind: number, from: number, length: number): string | null {
    const text = Buffer.from(this.#bytes.buffer, from, length).toString('utf8');
    if (kind === ANY_TEXT) return text;
    return kind === AN_ADDRESS ? canonicalIpv6(text) : this.#binding!.extras!.textOf(text);
  }

  /** Copies staged rows into the builder's columns and commits them. `noFlow`: another one follows, which is no flow. */
  #take(builder: PartBuilder, rows: number, noFlow: boolean): void {
    const { columns, implied, extra } = this.#binding!;
    const taken = noFlow ? rows + 1 : rows;
    const at = builder.rows;
    for (let place = 0; place < columns.length; place += 1) {
      const column = columns[place]!;
      if (column.kind !== UNKNOWN || place === extra) this.#copy(place, column, at, rows, taken);
    }
    if (implied !== null) {
      const place = columns.length;
      if (this.#layout[place * 4 + 2] === 1) builder.noteStart();
      this.#layout[place * 4 + 2] = 0;
      this.#copy(place, implied, at, rows, taken);
    }
    builder.rows += rows;
    if (!noFlow) return;
    const { status, columns: own } = this.#binding!;
    builder.commit(builder.texts.list[own[status]!.data[builder.rows]!]!);
  }

  #copy(place: number, column: ScratchColumn, at: number, rows: number, taken: number): void {
    const { data, width } = column;
    const values = this.#values[place]!;
    if (taken <= FEW_ROWS) {
      for (let i = 0; i < taken * width; i += 1) data[at * width + i] = values[i]!;
    } else {
      data.set(values.subarray(0, taken * width), at * width);
    }
    if (this.#layout[place * 4 + 3] === 0) return;
    this.#layout[place * 4 + 3] = 0;
    column.hasNulls = true;
    const nulls = this.#nulls[place]!;
    column.nulls.set(nulls.subarray(0, taken), at);
    // The row after them may have been given up.
    nulls.fill(0, 0, rows + 1);
  }
}

function leastOf(column: ScratchColumn): number {
  return column.kind === TIME ? EARLIEST_SECOND : 0;
}

/** The largest value of a place, or which classes of texts it takes. */
function mostOf({ kind, field }: ScratchColumn): number {
  if (kind === INTEGER) return field?.max ?? 0;
  if (kind === TIME) return LATEST_SECOND;
  if (kind === CLOSED || kind === STATUS) return 1 << vocabularies.indexOf(field!);
  return 0;
}

function classesOf(text: string): number {
  let classes = 0;
  vocabularies.forEach(({ aws, values }, i) => {
    if (!values!.includes(text)) return;
    classes |= 1 << i;
    if (aws === 'log-status' && text !== 'OK') classes |= NO_FLOW_CLASS;
  });
  return classes;
}

let shared: UsualLines | null | undefined;

/**
 * The one of this thread. Null where there is no WebAssembly, or no room for its memory: then all lines are read one by
 * one, which takes some ten times as long.
 */
export function usualLines(): UsualLines | null {
  if (shared === undefined) {
    try {
      shared = new UsualLines();
    } catch {
      shared = null;
    }
  }
  return shared;
}

/** Whether this thread reads lines one by one, since `usualLines` gave null. */
export function readsOneByOne(): boolean {
  return shared === null;
}
