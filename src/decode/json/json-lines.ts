import type { LineSink } from '../text/line-feed.ts';
import type { EventReader } from './event-reader.ts';
import { ValueSplitter } from './value-splitter.ts';

const LINE_FEED = 10;

/** Reads lines that are a JSON value each, or several. */
export class JsonLines implements LineSink {
  readonly #events: EventReader;

  constructor(events: EventReader) {
    this.#events = events;
  }

  read(bytes: Uint8Array, from: number, end: number): void {
    let position = from;
    while (position < end) {
      const lineEnd = bytes.indexOf(LINE_FEED, position);
      this.#line(bytes.subarray(position, lineEnd));
      position = lineEnd + 1;
    }
  }

  overlong(head: Uint8Array): void {
    this.#events.oversized(head.subarray(0, 16_384));
  }

  #line(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').trim();
    if (text === '' || this.#events.json(text, false)) return;
    const values: string[] = [];
    const splitter = new ValueSplitter({
      value: (value) => void values.push(Buffer.from(value).toString('utf8')),
      oversized: () => undefined,
    });
    splitter.push(bytes);
    splitter.end();
    // Words that are no JSON are one broken line, not several records.
    if (splitter.complete && values.length > 1 && values.every(isJson))
      for (const value of values) this.#events.json(value);
    else this.#events.json(text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
