import { awaitTask, beginAppend } from './append-batch.ts';
import type { SegmentGranularity } from '../store-driver.ts';
import type { DruidServer } from './druid-server.ts';

/** Brings the rows of a batch to Druid. */
export interface RowSender {
  /** Rows, a line of JSON each. */
  send(lines: readonly string[]): Promise<void>;
  /** After the last rows: waits until Druid has taken all in, or is about to. */
  finish(): Promise<void>;
}

/** Tasks that may run at once. */
const MOST_TASKS = 2;

/** Sends rows by native batch tasks. */
export class TaskSender implements RowSender {
  readonly #server: DruidServer;
  readonly #batch: string;
  readonly #segments: SegmentGranularity;
  readonly #running: string[] = [];
  #tasks = 0;

  constructor(server: DruidServer, batch: string, segments: SegmentGranularity) {
    this.#server = server;
    this.#batch = batch;
    this.#segments = segments;
  }

  async send(lines: readonly string[]): Promise<void> {
    const nth = this.#tasks++;
    for (const datasource of this.#server.datasources) {
      const oldest = this.#running.length < MOST_TASKS ? undefined : this.#running.shift();
      if (oldest !== undefined) await awaitTask(this.#server, oldest);
      this.#running.push(
        await beginAppend(this.#server, this.#batch, nth, lines, datasource, this.#segments),
      );
    }
  }

  async finish(): Promise<void> {
    for (const task of this.#running.splice(0)) await awaitTask(this.#server, task);
  }
}
