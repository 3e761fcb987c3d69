import type { DecodedPart } from '../../model/record/decoded-part.ts';
import {
  looksLikeVisits,
  MOST_VISIT_BYTES,
  parseVisit,
  type VisitRecord,
} from '../../model/visits/parse-visit.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { LineFeed, type LineSink } from '../text/line-feed.ts';

const LINE_FEED = 10;
const PROBE_BYTES = 65_536;
/** Visits are objects on their way through the threads: parts full of them are small. */
const MOST_VISITS = 4_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Whether text that starts like this is a listener's file of visits (src/model/visits/visit.ts). */
export function isVisits(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, PROBE_BYTES));
  return looksLikeVisits(bytes.toString('utf8'));
}

/** Decodes a listener's file, a visit a line. Yields parts as they fill up; the last lines in quarantine stay in the builder. */
export async function* decodeVisits(
  bytes: AsyncIterable<Uint8Array>,
  builder: PartBuilder,
): AsyncGenerator<DecodedPart> {
  const lines = new VisitLines(builder);
  const feed = new LineFeed(lines, MOST_VISIT_BYTES);
  for await (const chunk of bytes) {
    feed.push(chunk);
    yield* lines.drain();
  }
  feed.end();
  lines.finish();
  yield* lines.drain();
}

/** Reads lines into parts that hold visits, and the lines between them that are none. */
export class VisitLines implements LineSink {
  readonly #builder: PartBuilder;
  #ready: DecodedPart[] = [];
  #visits: VisitRecord[] = [];
  #bytes = 0;
  #line: number;

  /** @param before lines of the file that were read earlier */
  constructor(builder: PartBuilder, before = 0) {
    this.#builder = builder;
    this.#line = before;
  }

  /** Lines so far, those before included. */
  get count(): number {
    return this.#line;
  }

  read(bytes: Uint8Array, from = 0, end = bytes.length): void {
    for (let position = from; position < end;) {
      const lineEnd = bytes.indexOf(LINE_FEED, position);
      this.#read(bytes.subarray(position, lineEnd));
      position = lineEnd + 1;
    }
  }

  overlong(head: Uint8Array, length: number): void {
    this.#line++;
    this.#refuse(`The line has ${length} bytes: no visit has so many`, decoded(head.subarray(0, 16_384)));
  }

  /** The full parts so far, each once. */
  *drain(): Generator<DecodedPart> {
    for (let part = this.#ready.shift(); part !== undefined; part = this.#ready.shift()) yield part;
  }

  /** Makes a part of what is left. */
  finish(): void {
    if (this.#visits.length === 0 && this.#builder.empty) return;
    this.#ready.push({ ...this.#builder.finish(), visits: this.#visits });
    this.#visits = [];
    this.#bytes = 0;
  }

  #read(bytes: Uint8Array): void {
    this.#line++;
    const text = decoded(bytes).trim();
    if (text === '') return;
    const read = parseVisit(text);
    if (typeof read === 'string') return this.#refuse(read, text);
    this.#visits.push(read);
    this.#bytes += bytes.length;
    if (this.#visits.length >= MOST_VISITS || this.#bytes >= MOST_BYTES) this.finish();
  }

  #refuse(reason: string, text: string): void {
    this.#builder.quarantine(this.#line, reason, text);
    if (this.#builder.full) this.finish();
  }
}

function decoded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
