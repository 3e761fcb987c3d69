import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PartBuilder } from '../../decode/part/part-builder.ts';
import { VisitLines } from '../../decode/visits/decode-visits.ts';
import type { FlowWriter } from '../../engine/flow-writer.ts';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { MOST_VISIT_BYTES } from '../../model/visits/parse-visit.ts';
import { completeVisitFiles, parseVisitFileName } from '../../model/visits/visit-file-name.ts';

/** What their positions and their lines in quarantine are kept under. */
const SOURCE = 'visits';
const LINE_FEED = 10;
/** Bytes that one transaction takes. */
const MOST_AT_ONCE = 4 * MOST_VISIT_BYTES;
const PART_ROWS = 8_192;
/**
 * Milliseconds without a change after which a line without its end is one that a killed listener left: a living one
 * writes whole lines, in one go.
 */
const TORN_AFTER = 60_000;

/** How far a file was read. */
interface Position {
  readonly bytes: number;
  readonly lines: number;
}

/**
 * The files that listeners of this machine write beside a store: `visits/visits-LISTENER-NUMBER.jsonl`. Visits and the
 * position up to which a file was read are in after one transaction, so that each is in once, whoever is killed when.
 */
export class VisitFileReader {
  readonly #store: FlowWriter;
  readonly #folder: string;
  #reading: Promise<void> | null = null;
  #ended = false;
  #taken = 0;

  /** @param folder of the store */
  constructor(store: FlowWriter, folder: string) {
    this.#store = store;
    this.#folder = join(folder, 'visits');
  }

  /**
   * Takes in the whole lines that came since the last time; a line that is not at its end yet waits. One that will never
   * have an end, since its listener was killed, is set aside with that reason. Who calls while it is at work waits for
   * that.
   */
  takeNew(): Promise<void> {
    this.#reading ??= this.#takeAll().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** Counts commits: whether it goes on. */
  get taken(): number {
    return this.#taken;
  }

  /** Ends with what is in hand. */
  end(): void {
    this.#ended = true;
  }

  async #takeAll(): Promise<void> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const files = names.filter((name) => parseVisitFileName(name) !== null).sort();
    if (files.length === 0) return;
    const positions = await this.#store.sources.positions(SOURCE);
    const complete = completeVisitFiles(files);
    for (const name of files)
      if (!this.#ended) await this.#takeFile(name, parsePosition(positions.get(name)), complete.has(name));
  }

  async #takeFile(name: string, position: Position, complete: boolean): Promise<void> {
    const file = await open(join(this.#folder, name)).catch((error: unknown) => {
      // Listeners remove old files to keep within their bound.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return;
    try {
      const { size, mtimeMs } = await file.stat();
      const isOver = complete || Date.now() - mtimeMs >= TORN_AFTER;
      // A file never shrinks: one that did is another, whose visits are known by their ids.
      let at = size < position.bytes ? { bytes: 0, lines: 0 } : position;
      while (at.bytes < size && !this.#ended) {
        const buffer = Buffer.alloc(Math.min(MOST_AT_ONCE, size - at.bytes));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at.bytes);
        const read = buffer.subarray(0, bytesRead);
        const end = read.lastIndexOf(LINE_FEED) + 1;
        // A line without an end within so many bytes is none of a listener's: it is cut, and its pieces are set aside.
        const whole = end === 0 && (isOver || read.length === MOST_AT_ONCE) ? read : read.subarray(0, end);
        if (whole.length === 0) return;
        at = await this.#take(name, whole, at);
      }
    } finally {
      await file.close();
    }
  }

  async #take(name: string, bytes: Buffer, from: Position): Promise<Position> {
    const lines = new VisitLines(new PartBuilder(PART_ROWS), from.lines);
    lines.read(bytes.at(-1) === LINE_FEED ? bytes : Buffer.concat([bytes, Buffer.of(LINE_FEED)]));
    lines.finish();
    const to = { bytes: from.bytes + bytes.length, lines: lines.count };
    await this.#store.write(async (batch) => {
      const id = await batch.openStream(SOURCE);
      for (const part of lines.drain()) await batch.append(id, ofFile(part, name));
      batch.closeStream(id);
      batch.sources.savePositions(SOURCE, new Map([[name, `${to.bytes} ${to.lines}`]]));
    });
    this.#taken++;
    return to;
  }
}

function parsePosition(text = '0 0'): Position {
  const [bytes = 0, lines = 0] = text.split(' ').map(Number);
  return { bytes, lines };
}

function ofFile(part: DecodedPart, item: string): DecodedPart {
  return { ...part, quarantined: part.quarantined.map((line) => ({ ...line, item })) };
}
