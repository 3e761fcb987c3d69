import { PeepholeError } from '../../model/errors.ts';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { EXTRA, type RecordBatch } from '../../model/record/record-batch.ts';
import type { WriteTransaction } from '../duckdb/write-transaction.ts';
import type { LeftOut, WriteBatch } from '../flow-writer.ts';
import type { InputCounts } from '../input-counts.ts';
import type { LedgerEntry } from '../input-register.ts';
import { awaitRows } from './append-batch.ts';
import type { DruidServer } from './druid-server.ts';
import { linesOfBatch } from './lines-of-batch.ts';
import type { RowSender } from './row-sender.ts';
import { neverInDruid } from './unsupported.ts';

/** Characters that are sent at once: those of a task lie in Druid's metadata store while it runs. */
const MOST_CHARACTERS = 12 * 1024 * 1024;

/** One batch: its flows go to Druid, all else into the transaction beside. */
export class DruidBatch implements WriteBatch {
  readonly #server: DruidServer;
  readonly #id: string;
  readonly #transaction: WriteTransaction;
  readonly #sender: RowSender;
  readonly #begin: () => Promise<void>;
  readonly #fields = new Set<string>();
  #lines: string[] = [];
  #characters = 0;
  #rows = 0;
  #begun = false;

  /** @param begin called before the first row is sent */
  constructor(
    server: DruidServer,
    id: string,
    transaction: WriteTransaction,
    sender: RowSender,
    begin: () => Promise<void>,
  ) {
    this.#server = server;
    this.#id = id;
    this.#transaction = transaction;
    this.#sender = sender;
    this.#begin = begin;
  }

  get sources(): WriteBatch['sources'] {
    return this.#transaction.sources;
  }

  open(laterThan?: string): number {
    if (laterThan !== undefined)
      throw new PeepholeError(
        'not_supported',
        `${laterThan} has changed since it was taken in. ${neverInDruid.later_state}`,
      );
    return this.#transaction.open();
  }

  openStream(source: string): Promise<number> {
    return this.#transaction.openStream(source);
  }

  prepare(parts: readonly DecodedPart[]): Promise<void> {
    return this.#transaction.prepare(parts.map(withoutFlows));
  }

  async append(input: number, part: DecodedPart): Promise<{ readonly duplicates: number }> {
    const { flows } = part;
    for (const { field } of flows.rows === 0 ? [] : flows.columns) this.#fields.add(field);
    for (const line of linesOfBatch(flows, this.#id)) {
      this.#lines.push(line);
      this.#characters += line.length + 1;
      this.#rows++;
      if (this.#characters >= MOST_CHARACTERS) await this.#send();
    }
    return this.#transaction.append(input, withoutFlows(part));
  }

  close(input: number, entry: LedgerEntry, counts?: InputCounts): void {
    this.#transaction.close(input, entry, counts);
  }

  closeStream(input: number, counts?: InputCounts): void {
    this.#transaction.closeStream(input, counts);
  }

  leftOut(): Promise<LeftOut> {
    return this.#transaction.leftOut();
  }

  /** Sends what is left, and waits until questions find all rows. */
  async finish(): Promise<void> {
    if (this.#lines.length > 0) await this.#send();
    await this.#sender.finish();
    if (this.#rows > 0) await awaitRows(this.#server, this.#id, this.#rows);
    // The start and the end have their columns from the beginning.
    await this.#transaction.noteFields(
      [...this.#fields].filter((name) => name !== 'start' && name !== 'end'),
    );
  }

  async #send(): Promise<void> {
    if (!this.#begun) await this.#begin();
    this.#begun = true;
    const lines = this.#lines;
    this.#lines = [];
    this.#characters = 0;
    await this.#sender.send(lines);
  }
}

/** A part with only that of its flows which the ledger and the hours are made of. */
function withoutFlows(part: DecodedPart): DecodedPart {
  return { ...part, flows: onlyTimes(part.flows) };
}

function onlyTimes({ rows, columns, texts }: RecordBatch): RecordBatch {
  const used = new Map<number, number>([[0, 0]]);
  const kept = columns.flatMap((column) => {
    if (column.field === 'start') return [column];
    if (column.field !== EXTRA || column.kind !== 'text') return [];
    const codes = column.codes.map((code) => {
      if (!used.has(code)) used.set(code, used.size);
      return used.get(code) ?? 0;
    });
    return [{ ...column, codes }];
  });
  return { rows, columns: kept, texts: [...used.keys()].map((code) => texts[code] ?? '') };
}
