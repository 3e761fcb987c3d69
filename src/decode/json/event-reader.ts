import { gunzipSync } from 'node:zlib';
import { isGzip } from '../container/gunzip.ts';
import type { FlowEvidence } from '../kinds/flow-evidence.ts';
import { isMisleading, jsonKind } from '../kinds/json-kind.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import type { LineReader } from '../text/line-reader.ts';
import { momentSeconds } from '../value/moment.ts';
import { parseExactJson } from './exact-json.ts';
import { jsonText } from './json-text.ts';
import { isTooHeavy } from './json-weight.ts';
import { KeyedRecords, NO_RECORD } from './keyed-records.ts';
import { isOcsf, ocsfFlow } from './ocsf.ts';
import { ValueSplitter } from './value-splitter.ts';
import type { ValueSink } from './value-splitter.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const LINE_FEED = 10;
const TOO_LARGE = 'the JSON value is too large to be read';
/** What one compressed event may become; CloudWatch sends at most 1 MiB of them together. */
const MAX_EVENT_BYTES = 67_108_864;
/** An event in an event in an event …: no real one goes deeper. */
const MAX_NESTING = 8;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * Finds the flow-log records in JSON values, whatever envelope they came in, and reads them: lines
 * go to the line reader, objects keyed by field names to `KeyedRecords`. Each record is an event
 * and has its number, except that lines which came in one event share it.
 */
export class EventReader implements ValueSink {
  readonly #builder: PartBuilder;
  readonly #lines: LineReader;
  readonly #evidence: FlowEvidence;
  readonly #keyed: KeyedRecords;
  #scratch = Buffer.allocUnsafeSlow(8192);
  /** The value that is being read, for the quarantine. */
  #source = '';

  constructor(builder: PartBuilder, lines: LineReader, evidence: FlowEvidence) {
    this.#builder = builder;
    this.#lines = lines;
    this.#evidence = evidence;
    this.#keyed = new KeyedRecords(builder, evidence);
  }

  value(bytes: Uint8Array): void {
    this.json(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  }

  oversized(head: Uint8Array): void {
    this.#refuse(TOO_LARGE, Buffer.from(head).toString('utf8'));
  }

  /** Reads one JSON value. False, and nothing was read, if it is none and `strict` is off. */
  json(text: string, strict = true, depth = 0): boolean {
    if (isTooHeavy(text)) {
      this.#refuse(TOO_LARGE, text);
      return true;
    }
    let value: unknown;
    try {
      value = parseExactJson(text);
    } catch {
      if (strict) this.#refuse('this is not JSON', text);
      return false;
    }
    const before = this.#source;
    this.#source = text;
    this.#visit(value, depth);
    this.#source = before;
    return true;
  }

  #visit(value: unknown, depth: number): void {
    if (depth > MAX_NESTING) return this.#refuse('the events are nested too deep', this.#textOf(value));
    if (typeof value === 'string') return this.#message(value, depth + 1);
    if (Array.isArray(value)) {
      const row = insightsRow(value);
      if (row !== null) return this.#object(row, depth);
      for (const element of value) this.#visit(element, depth + 1);
      return;
    }
    if (typeof value === 'object' && value !== null) return this.#object(value as JsonObject, depth + 1);
    this.#evidence.note(null);
    this.#refuse(NO_RECORD, this.#textOf(value));
  }

  #object(object: JsonObject, depth: number): void {
    if (isMisleading(object)) return this.#foreign(jsonKind(object), object);
    // A CloudWatch subscription; control messages only ask whether anybody listens.
    if (Array.isArray(object['logEvents'])) {
      if (object['messageType'] !== 'CONTROL_MESSAGE') this.#visit(object['logEvents'], depth);
      return;
    }
    for (const key of ['events', 'records', 'Records', 'results']) {
      if (Array.isArray(object[key])) return this.#visit(object[key], depth);
    }
    for (const key of ['message', '_raw', '@message', 'event', 'awslogs', 'kinesis']) {
      const inner = object[key];
      if (typeof inner !== 'string' && (typeof inner !== 'object' || inner === null)) continue;
      const before = this.#builder.stamp;
      this.#builder.stamp = stampOf(object) ?? before;
      if (typeof inner === 'string') this.#message(inner, depth);
      else this.#visit(inner, depth);
      this.#builder.stamp = before;
      return;
    }
    if (typeof object['data'] === 'string') return this.#data(object['data'], depth);
    const flow = isOcsf((name) => name in object) ? ocsfFlow(object) : object;
    if (flow === null) return this.#foreign(jsonKind(object), object);
    this.#lines.lines += 1;
    const reason = this.#keyed.write(flow);
    if (reason !== null) this.#builder.quarantine(this.#lines.lines, reason, this.#textOf(object));
  }

  #foreign(kind: string | null, object: JsonObject): void {
    this.#evidence.note(kind);
    this.#refuse(NO_RECORD, this.#textOf(object));
  }

  /** A value as JSON again; what is nested too deep for that, as it came. */
  #textOf(value: unknown): string {
    return jsonText(value) ?? this.#source;
  }

  /** Text in an event: a line, lines, or JSON once more. */
  #message(text: string, depth: number): void {
    if (/^\s*\{/.test(text) && this.json(text, false, depth)) return;
    const needed = text.length * 3 + 1;
    if (needed > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(needed * 2);
    const length = this.#scratch.write(text, 'utf8');
    this.#scratch[length] = LINE_FEED;
    this.#event(this.#scratch, length + 1);
  }

  /** Base64 of a line, lines, JSON or gzip of such, as Firehose, Kinesis and subscriptions to Lambda carry them. */
  #data(data: string, depth: number): void {
    if (!BASE64.test(data)) return this.#message(data, depth);
    this.payload(Buffer.from(data, 'base64'), 'data: ', depth);
  }

  /**
   * Reads what an event carries: a line, lines, or JSON in any envelope, perhaps gzipped.
   *
   * @param label what comes before the reasons for which it can't be read
   */
  payload(bytes: Uint8Array, label = '', depth = 0): void {
    const refuse = (reason: string): void => this.#refuse(reason, Buffer.from(bytes).toString('base64'));
    if (depth > MAX_NESTING) return refuse('the events are nested too deep');
    if (isGzip(bytes)) {
      let unpacked: Uint8Array;
      try {
        unpacked = gunzipSync(bytes, { maxOutputLength: MAX_EVENT_BYTES });
      } catch {
        return refuse(`${label}the gzip data is cut short, corrupt or too large`);
      }
      // What CloudWatch packed, Firehose may have packed again.
      return this.payload(unpacked, label, depth + 1);
    }
    if (!startsLikeJson(bytes))
      return this.#event(Buffer.concat([bytes, Buffer.of(LINE_FEED)]), bytes.length + 1);
    const splitter = new ValueSplitter({
      value: (value) => void this.json(Buffer.from(value).toString('utf8'), true, depth),
      oversized: (head) => this.oversized(head),
    });
    splitter.push(bytes);
    splitter.end();
    if (!splitter.complete)
      this.#refuse(`${label}the JSON ends too early`, Buffer.from(bytes).toString('utf8'));
  }

  #event(bytes: Uint8Array, end: number): void {
    this.#lines.lines += 1;
    this.#lines.read(bytes, 0, end, true);
  }

  #refuse(reason: string, text: string): void {
    this.#lines.lines += 1;
    this.#builder.makeRoom();
    this.#builder.quarantine(this.#lines.lines, reason, text);
  }
}

/** Whether the first byte that is no blank begins an object or an array. */
function startsLikeJson(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}

/** When the event was stamped, in Unix seconds; null if it does not say. */
function stampOf(object: JsonObject): number | null {
  return momentSeconds(object['@timestamp'] ?? object['timestamp'] ?? object['_time']);
}

/** A row as `aws logs get-query-results` gives it, `[{field, value}, …]`, as an object; null if it is none. */
function insightsRow(array: readonly unknown[]): JsonObject | null {
  const entries: [string, unknown][] = [];
  for (const element of array) {
    if (typeof element !== 'object' || element === null) return null;
    const { field, value } = element as { field?: unknown; value?: unknown };
    if (typeof field !== 'string' || typeof value !== 'string') return null;
    if (!field.startsWith('@') || field === '@message' || field === '@timestamp')
      entries.push([field, value]);
  }
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
