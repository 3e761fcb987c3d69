import { PeepholeError } from '../../model/errors.ts';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { EXTRA, type RecordBatch } from '../../model/record/record-batch.ts';
import type { LeftOut, WriteBatch } from '../flow-writer.ts';
import type { InputCounts } from '../input-counts.ts';
import type { LedgerEntry } from '../input-register.ts';
import { type ExpectedRows, awaitRows } from './append-batch.ts';
import { dayOf } from './cuts.ts';
import type { DruidServer } from './druid-server.ts';
import type { BesideRows } from './ledger/journal.ts';
import { linesOfBatch } from './lines-of-batch.ts';
import type { RowSender } from './row-sender.ts';
import { neverInDruid } from './unsupported.ts';

/** Characters that are sent at once: those of a task lie in Druid's metadata store while it runs. */
const MOST_CHARACTERS = 12 * 1024 * 1024;

/** How the rows of a batch get to Druid. */
export interface RowsOfBatch {
  /** The batch's name, which each row has; asked for before the first one. */
  id(): Promise<string>;
  sender(): Promise<RowSender>;
  /** Called before the first row is sent. */
  begin(): Promise<void>;
  /** The second before which others have dropped what it sends; 0: nothing. Asked for again and again. */
  firstKept?(batch: string): number;
}

/** One batch: its flows go to Druid, all else is kept beside. */
export class DruidBatch implements WriteBatch {
  readonly #server: DruidServer;
  readonly #beside: BesideRows;
  readonly #how: RowsOfBatch;
  readonly #fields = new Set<string>();
  #lines: string[] = [];
  #characters = 0;
  /** How many rows start in each day (UTC), by its first second; null: have no start. */
  readonly #days = new Map<number | null, number>();
  #begun = false;

  constructor(server: DruidServer, beside: BesideRows, how: RowsOfBatch) {
    this.#server = server;
    this.#beside = beside;
    this.#how = how;
  }

  /** Whether rows of it may be in Druid. */
  get sent(): boolean {
    return this.#begun;
  }

  get sources(): WriteBatch['sources'] {
    return this.#beside.sources;
  }

  open(laterThan?: string): number {
    if (laterThan !== undefined)
      throw new PeepholeError(
        'not_supported',
        `${laterThan} has changed since it was taken in. ${neverInDruid.later_state}`,
      );
    return this.#beside.open();
  }

  openStream(source: string): Promise<number> {
    return this.#beside.openStream(source);
  }

  prepare(parts: readonly DecodedPart[]): Promise<void> {
    return this.#beside.prepare(parts.map(withoutFlows));
  }

  async append(input: number, part: DecodedPart): Promise<{ readonly duplicates: number }> {
    const { flows } = part;
    for (const { field } of flows.rows === 0 ? [] : flows.columns) this.#fields.add(field);
    const id = flows.rows === 0 ? '' : await this.#how.id();
    countDays(flows, this.#days);
    for (const line of linesOfBatch(flows, id)) {
      this.#lines.push(line);
      this.#characters += line.length + 1;
      if (this.#characters >= MOST_CHARACTERS) await this.#send();
    }
    return this.#beside.append(input, withoutFlows(part));
  }

  close(input: number, entry: LedgerEntry, counts?: InputCounts): void {
    this.#beside.close(input, entry, counts);
  }

  closeStream(input: number, counts?: InputCounts): void {
    this.#beside.closeStream(input, counts);
  }

  leftOut(): Promise<LeftOut> {
    return this.#beside.leftOut();
  }

  /** Sends what is left, and waits until questions find all rows. */
  async finish(): Promise<void> {
    if (this.#lines.length > 0) await this.#send();
    if (this.#days.size > 0) {
      await (await this.#how.sender()).finish();
      const id = await this.#how.id();
      await awaitRows(this.#server, id, () => this.#keptRows(this.#how.firstKept?.(id) ?? 0));
    }
    // The start and the end have their columns from the beginning.
    await this.#beside.noteFields([...this.#fields].filter((name) => name !== 'start' && name !== 'end'));
  }

  #keptRows(from: number): ExpectedRows {
    const kept = [...this.#days].filter(([day]) => day === null || day >= from);
    return { from, rows: kept.reduce((sum, [, rows]) => sum + rows, 0) };
  }

  async #send(): Promise<void> {
    if (!this.#begun) await this.#how.begin();
    this.#begun = true;
    const lines = this.#lines;
    this.#lines = [];
    this.#characters = 0;
    await (await this.#how.sender()).send(lines);
  }
}

function countDays({ rows, columns }: RecordBatch, days: Map<number | null, number>): void {
  const start = columns.find(({ field }) => field === 'start');
  for (let row = 0; row < rows; row++) {
    const timed = start?.kind === 'time' && start.nulls?.[row] !== 1;
    const day = timed ? dayOf(start.values[row] ?? 0) : null;
    days.set(day, (days.get(day) ?? 0) + 1);
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
