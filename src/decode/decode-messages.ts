import type { DecodedPart, QuarantinedLine } from '../model/record/decoded-part.ts';
import type { Message } from '../model/record/message.ts';
import { EventReader } from './json/event-reader.ts';
import { FlowEvidence } from './kinds/flow-evidence.ts';
import type { Layout } from './field-layout.ts';
import { PartBuilder } from './part/part-builder.ts';
import { LineReader } from './text/line-reader.ts';

/** Records in a part: a message is seldom alone, and many come at once. */
const BATCH_ROWS = 16_384;

/**
 * Decodes messages, one after another. Each stands for itself: what is wrong with one, or in a header, is no other's
 * concern. Messages that hold no flow-log record are quarantined, as broken records are.
 */
export class MessageDecoder {
  readonly #builder = new PartBuilder(BATCH_ROWS);
  readonly #lines: LineReader;
  readonly #events: EventReader;

  /** @param format the layout of lines without a header */
  constructor(format: Layout | undefined) {
    // What files are distinguished by; here each message speaks for itself.
    const evidence = new FlowEvidence();
    this.#builder.reset();
    this.#lines = new LineReader(this.#builder, format, evidence);
    this.#events = new EventReader(this.#builder, this.#lines, evidence);
  }

  /** Decodes these into parts, all of whose arrays are their own. No messages make no part. */
  decode(messages: readonly Message[]): readonly DecodedPart[] {
    const parts: DecodedPart[] = [];
    const firstLines: number[] = [];
    this.#lines.lines = 0;
    for (const { bytes, time } of messages) {
      firstLines.push(this.#lines.lines + 1);
      this.#lines.restart();
      this.#builder.stamp = time === null ? null : Math.floor(time / 1000);
      this.#events.payload(bytes);
      parts.push(...this.#builder.drain());
    }
    this.#builder.stamp = null;
    if (!this.#builder.empty) parts.push(this.#builder.finish());
    return parts.map((part) => ({ ...part, quarantined: withItems(part.quarantined, messages, firstLines) }));
  }
}

/** Lines by the messages that they came in, counted within them. */
function withItems(
  lines: readonly QuarantinedLine[],
  messages: readonly Message[],
  firstLines: readonly number[],
): readonly QuarantinedLine[] {
  return lines.map((line) => {
    const index = lastAtMost(firstLines, line.line);
    const message = messages[index];
    if (message === undefined) return line;
    return { ...line, item: message.name, line: line.line - firstLines[index]! + 1 };
  });
}

/** The index of the last number that is at most `limit`, among numbers that never fall. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
