import { defaultLayout, transitGatewayLayout } from '../../model/catalog/layouts.ts';
import type { FlowEvidence } from '../kinds/flow-evidence.ts';
import { isTellingLine } from '../kinds/telling-line.ts';
import { isHeader, layoutOf } from '../field-layout.ts';
import type { Layout } from '../field-layout.ts';
import { KEPT_CHARACTERS } from '../part/part-builder.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { writeRecord } from '../value/write-record.ts';
import { cutJoined } from './joined-records.ts';
import { MAX_LINE_BYTES, type LineSink } from './line-feed.ts';
import { assumedLayout, readingOf, type Reading } from './line-layouts.ts';
import { lineText, type LineText } from './line-text.ts';
import { usualLines, type UsualLines } from './usual-lines.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const HAS_NUL =
  'the line has NUL bytes in it, as a crash leaves them, or a copy of a file that was being written';

/** Which layout the lines have, and how we know. */
type Known =
  | { readonly kind: 'header' | 'given' | 'assumed'; readonly names: readonly string[] }
  | { readonly kind: 'unusable'; readonly reason: string };

const ASSUMED_DEFAULT: Known = { kind: 'assumed', names: defaultLayout };
const ASSUMED_TRANSIT_GATEWAY: Known = { kind: 'assumed', names: transitGatewayLayout };

/** Reads lines of flow-log text into a part builder: the usual ones fast, all others one by one. */
export class LineReader implements LineSink {
  /** Lines read, or events: what the last line is called in the quarantine. */
  lines = 0;
  readonly #builder: PartBuilder;
  readonly #evidence: FlowEvidence;
  readonly #first: Known;
  readonly #usual: UsualLines | null;
  #known: Known;
  /** The number of a line of nothing but NULs: if no other line follows, it is the tail of a file, and no line. 0: none waits. */
  #nulLine = 0;

  /** `format`: the layout until a header names another. `usual`: what reads usual lines fast, if anything does. */
  constructor(
    builder: PartBuilder,
    format: Layout | undefined,
    evidence: FlowEvidence,
    usual: UsualLines | null = usualLines(),
  ) {
    this.#usual = usual;
    this.#builder = builder;
    this.#evidence = evidence;
    if (format !== undefined) evidence.tell();
    this.#first = format === undefined ? ASSUMED_DEFAULT : { kind: 'given', names: format.names };
    this.#known = this.#first;
  }

  /** Forgets the headers so far: what follows has nothing to do with what came before. */
  restart(): void {
    this.#known = this.#first;
    this.#nulLine = 0;
  }

  /**
   * Reads whole lines, bytes[from, end), the last byte a line feed. Each line counts, unless `event`:
   * then all have the number that `lines` has. Parts that become full wait in the builder.
   */
  read(bytes: Uint8Array, from: number, end: number, event = false): void {
    let position = from;
    this.#usual?.begin();
    while (position < end) {
      if (bytes[position] === LINE_FEED) {
        if (!event) this.lines += 1;
        position += 1;
        continue;
      }
      this.#builder.makeRoom();
      if (this.#nulLine > 0) this.#refuseNulLine();
      if (this.#known.kind !== 'unusable') {
        const { implied } = this.#builder.use(this.#known.names);
        if (this.#usual !== null && (implied === null || this.#builder.stamp === null)) {
          const before = this.#builder.records;
          position = this.#usual.read(this.#builder, bytes, position, end);
          const taken = this.#builder.records - before;
          if (taken > 0) this.#evidence.tell();
          if (!event) this.lines += taken;
          if (position >= end || this.#builder.full) continue;
        }
      }
      const lineEnd = bytes.indexOf(LINE_FEED, position);
      if (!event) this.lines += 1;
      this.#readOne(bytes, position, lineEnd);
      position = lineEnd + 1;
    }
  }

  /** Takes a line that was too long to be kept whole: `head` is its beginning, `length` its bytes. */
  overlong(head: Uint8Array, length: number): void {
    this.lines += 1;
    this.#builder.makeRoom();
    if (this.#nulLine > 0) this.#refuseNulLine();
    this.#quarantineOverlong(head, length);
  }

  #quarantineOverlong(head: Uint8Array, length: number): void {
    const reason = `the line is ${length} bytes long, more than the ${MAX_LINE_BYTES} that a line may have`;
    const text = decodeUtf8(head.subarray(0, 4 * KEPT_CHARACTERS)).slice(0, KEPT_CHARACTERS);
    this.#builder.quarantine(this.lines, reason, text);
  }

  #readOne(bytes: Uint8Array, from: number, lineEnd: number): void {
    let end = lineEnd;
    if (end > from && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
    if (end - from > MAX_LINE_BYTES) {
      this.#quarantineOverlong(bytes.subarray(from), end - from);
      return;
    }
    const text = decodeUtf8(bytes.subarray(from, end));
    if (text.includes('\0')) {
      if (/^\0+$/.test(text)) this.#nulLine = this.lines;
      else this.#builder.quarantine(this.lines, HAS_NUL, text);
      return;
    }
    const line = lineText(text);
    if (line.words.length === 0) return;
    const named = line.stamp?.words ?? line.words;
    if (named.length > 0 && isHeader(named)) {
      this.#evidence.tell();
      this.#takeHeader(named, line.text);
      return;
    }
    this.#readRecords(line);
  }

  #refuseNulLine(): void {
    this.#builder.quarantine(this.#nulLine, HAS_NUL, '');
    this.#nulLine = 0;
    this.#builder.makeRoom();
  }

  #takeHeader(names: readonly string[], text: string): void {
    const layout = layoutOf(names);
    if (typeof layout !== 'string') {
      this.#known = { kind: 'header', names: layout.names };
      return;
    }
    this.#known = {
      kind: 'unusable',
      reason: `the header in line ${this.lines} can't be used: it ${layout.replace('the header ', '')}`,
    };
    this.#builder.quarantine(this.lines, `${layout}, so the lines after it can't be read`, text);
  }

  /** Reads the record in a line, or the records that were joined in it. */
  #readRecords(line: LineText): void {
    const known = this.#known;
    if (known.kind === 'unusable') return this.#builder.quarantine(this.lines, known.reason, line.text);
    const names = known.kind === 'assumed' ? assumedLayout(line) : known.names;
    const reading = readingOf(names, line);
    if (reading !== null) return this.#write(reading, line.text);
    const pieces = [names, defaultLayout, transitGatewayLayout]
      .map((layout) => cutJoined(line, layout))
      .find((cut) => cut !== null);
    for (const piece of pieces ?? [line]) {
      this.#builder.makeRoom();
      const part = readingOf(names, piece);
      if (part === null) this.#refuse(this.#countReason(names, piece), piece.text);
      else this.#write(part, piece.text);
    }
  }

  /** A line that can't be read may be a broken record, or no record of any kind. */
  #refuse(reason: string, line: string): void {
    if (!this.#evidence.decided) {
      if (isTellingLine(line)) this.#evidence.tell();
      else this.#evidence.note(null);
    }
    this.#builder.quarantine(this.lines, reason, line);
  }

  #write({ names, values, stamp }: Reading, text: string): void {
    if (this.#known.kind === 'assumed') {
      this.#known = names === transitGatewayLayout ? ASSUMED_TRANSIT_GATEWAY : ASSUMED_DEFAULT;
    }
    const eventStamp = this.#builder.stamp;
    this.#builder.stamp = stamp ?? eventStamp;
    const reason = writeRecord(this.#builder, this.#builder.use(names), values);
    this.#builder.stamp = eventStamp;
    if (reason === null) this.#evidence.tell();
    else this.#refuse(reason, text);
  }

  #countReason(names: readonly string[], { words, stamp, text }: LineText): string {
    const { length } = stamp?.words ?? words;
    const counted = `${length} ${length === 1 ? 'field' : 'fields'} where the layout has ${names.length}`;
    if (this.#known.kind !== 'assumed') return counted;
    const separated = /^[^\s,;|]*([,;|])(?:[^\s,;|]*\1){2}/.test(text);
    return separated
      ? `${counted} (a table needs a first row that names its columns)`
      : `${counted} (without a header, --format can name another)`;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
