import { CarryBuffer } from '../carry-buffer.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Values larger than this are not kept whole, since as objects they take thirty times as much: envelopes are read into, others refused. */
export const MAX_VALUE_BYTES = 8_388_608;
const FIRST_PENDING = 16_384;

/** What takes the values. */
export interface ValueSink {
  /** The text of one JSON value; valid until the call returns. */
  value(bytes: Uint8Array): void;
  /** A value that was too large: its beginning. */
  oversized(head: Uint8Array): void;
}

/** The keys under which envelopes keep their events. */
const EVENTS = /"(?:logEvents|events|records|Records|results)"\s*:\s*$/;

/**
 * Cuts a stream of JSON into values: top-level values one after another, the elements of a
 * top-level array, and, in an object too large to be kept, the elements of its array of events.
 * It counts brackets; whether a value is good JSON is for the sink to say.
 */
export class ValueSplitter {
  readonly #sink: ValueSink;
  /** Containers that we are in: an array whose elements are values, or an envelope around one. */
  readonly #frames: ('array' | 'envelope')[] = [];
  /** The value being read, as far as earlier chunks brought it. */
  readonly #pending = new CarryBuffer(FIRST_PENDING);
  #inValue = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #scalar = false;
  #skipping = false;

  constructor(sink: ValueSink) {
    this.#sink = sink;
  }

  /** Whether everything that was begun has been ended. */
  get complete(): boolean {
    return this.#frames.length === 0 && (!this.#inValue || this.#scalar);
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) at = this.#inValue ? this.#scanValue(chunk, at) : this.#between(chunk, at);
  }

  /** There is no more. A number or word at the very end ends with it. */
  end(): void {
    if (this.#inValue && this.#scalar) this.#emit(new Uint8Array(0), 0, 0);
  }

  #between(chunk: Uint8Array, from: number): number {
    const frame = this.#frames.at(-1);
    let at = from;
    while (at < chunk.length && separates(chunk[at]!, frame)) at += 1;
    if (at === chunk.length) return at;
    const byte = chunk[at]!;
    if (frame === 'envelope' && byte === CLOSE_BRACE) {
      this.#frames.pop();
      return at + 1;
    }
    if (frame === 'array' && byte === CLOSE_BRACKET) {
      this.#frames.pop();
      return at + 1;
    }
    if (frame === undefined && byte === OPEN_BRACKET) {
      this.#frames.push('array');
      return at + 1;
    }
    this.#inValue = true;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#scalar = byte !== QUOTE && byte !== OPEN_BRACE && byte !== OPEN_BRACKET;
    this.#skipping = frame === 'envelope';
    this.#pending.truncate(0);
    return at;
  }

  #scanValue(chunk: Uint8Array, from: number): number {
    if (this.#scalar) return this.#scanScalar(chunk, from);
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    const end = chunk.length;
    for (let at = from; at < end; at += 1) {
      const byte = chunk[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) return this.#emit(chunk, from, at + 1);
        }
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) return this.#emit(chunk, from, at + 1);
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    this.#keep(chunk.subarray(from));
    return end;
  }

  #scanScalar(chunk: Uint8Array, from: number): number {
    let at = from;
    // A closing bracket where none fits is a value of its own, and a bad one.
    if (this.#pending.length === 0) at += 1;
    while (at < chunk.length && !endsScalar(chunk[at]!)) at += 1;
    if (at < chunk.length) return this.#emit(chunk, from, at);
    this.#keep(chunk.subarray(from));
    return at;
  }

  #emit(chunk: Uint8Array, from: number, to: number): number {
    this.#inValue = false;
    if (this.#skipping) {
      if (this.#frames.at(-1) !== 'envelope') this.#sink.oversized(this.#pending.bytes);
    } else if (this.#pending.length === 0) {
      this.#sink.value(chunk.subarray(from, to));
    } else {
      this.#pending.append(chunk.subarray(from, to));
      this.#sink.value(this.#pending.take());
    }
    return to;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#skipping) return;
    this.#pending.append(bytes);
    if (this.#pending.length > MAX_VALUE_BYTES) this.#tooLarge();
  }

  #tooLarge(): void {
    const value = this.#pending.bytes;
    const events = value[0] === OPEN_BRACE ? eventsStart(value) : -1;
    if (events < 0) {
      this.#skipping = true;
      this.#pending.truncate(FIRST_PENDING);
      return;
    }
    this.#frames.push('envelope', 'array');
    this.#inValue = false;
    // What is pushed is cut into values of its own, which wait elsewhere.
    this.push(this.#pending.release().subarray(events));
  }
}

function separates(byte: number, frame: 'array' | 'envelope' | undefined): boolean {
  return byte <= 0x20 || byte === COMMA || (byte === COLON && frame === 'envelope');
}

function endsScalar(byte: number): boolean {
  switch (byte) {
    case COMMA:
    case QUOTE:
    case OPEN_BRACE:
    case CLOSE_BRACE:
    case OPEN_BRACKET:
    case CLOSE_BRACKET:
      return true;
    default:
      return byte <= 0x20 || byte === COLON;
  }
}

/** Where, in an object's beginning, the first element of its array of events may stand; -1: it has none. */
function eventsStart(object: Uint8Array): number {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < object.length; at += 1) {
    const byte = object[at]!;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (byte === OPEN_BRACKET && depth === 1 && EVENTS.test(textBefore(object, at))) return at + 1;
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return -1;
}

function textBefore(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(Math.max(0, at - 64), at)).toString('latin1');
}
