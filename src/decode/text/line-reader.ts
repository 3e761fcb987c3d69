import { defaultLayout, transitGatewayLayout } from '../../model/catalog/layouts.ts';
import { isHeader, layoutOf } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { KEPT_CHARACTERS } from '../part/part-builder.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { writeRecord } from '../value/write-record.ts';
import type { LineSink } from './line-feed.ts';
import { MAX_LINE_BYTES, parseUsualLines } from './line-parser.ts';
import { timestampEnd } from './timestamp.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** V8 swaps in the optimized inner loop between calls only, so the calls had better be short. */
const LINES_AT_ONCE = 256;

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
  #known: Known;

  /** `format`: the layout until a header names another. */
  constructor(builder: PartBuilder, format: Layout | undefined) {
    this.#builder = builder;
    this.#known = format === undefined ? ASSUMED_DEFAULT : { kind: 'given', names: format.names };
  }

  /**
   * Reads whole lines, bytes[from, end), the last byte a line feed. Each line counts, unless `event`:
   * then all have the number that `lines` has. Parts that become full wait in the builder.
   */
  read(bytes: Uint8Array, from: number, end: number, event = false): void {
    let position = from;
    while (position < end) {
      if (bytes[position] === LINE_FEED) {
        if (!event) this.lines += 1;
        position += 1;
        continue;
      }
      this.#builder.makeRoom();
      if (this.#known.kind !== 'unusable') {
        this.#builder.use(this.#known.names);
        const before = this.#builder.records;
        const stop = this.#builder.rows + LINES_AT_ONCE;
        position = parseUsualLines(this.#builder, bytes, position, end, stop);
        if (!event) this.lines += this.#builder.records - before;
        if (position >= end || this.#builder.rows >= stop || this.#builder.full) continue;
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
    const words = wordsOf(text);
    if (words.length === 0) return;
    const timestamped = timestampEnd(bytes, from, lineEnd) > from;
    const named = timestamped ? words.slice(1) : words;
    if (named.length > 0 && isHeader(named)) {
      this.#takeHeader(named, text);
      return;
    }
    const reason = this.#record(words, timestamped);
    if (reason !== null) this.#builder.quarantine(this.lines, reason, text);
  }

  #takeHeader(names: readonly string[], text: string): void {
    const layout = layoutOf(names);
    if (typeof layout !== 'string') {
      this.#known = { kind: 'header', names: layout.names };
      return;
    }
    this.#known = {
      kind: 'unusable',
      reason: `the header in line ${this.lines} can't be used: it names a field twice`,
    };
    this.#builder.quarantine(this.lines, `${layout}, so the lines after it can't be read`, text);
  }

  #record(words: readonly string[], timestamped: boolean): string | null {
    if (this.#known.kind === 'assumed') {
      const second = words[timestamped ? 2 : 1] ?? '';
      this.#known = second.startsWith('TransitGateway') ? ASSUMED_TRANSIT_GATEWAY : ASSUMED_DEFAULT;
    }
    const known = this.#known;
    if (known.kind === 'unusable') return known.reason;
    const count = known.names.length;
    const values = timestamped && words.length !== count ? words.slice(1) : words;
    if (values.length !== count) {
      const hint = known.kind === 'assumed' ? ' (without a header, --format can name another)' : '';
      return `${values.length} ${values.length === 1 ? 'field' : 'fields'} where the layout has ${count}${hint}`;
    }
    return writeRecord(this.#builder, this.#builder.use(known.names), values);
  }
}

/** Runs of blanks and tabs separate fields. */
function wordsOf(text: string): string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}

function decodeUtf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
