import type { RecordBatch } from '../../model/record/record-batch.ts';
import { nativeBlock } from './native-block.ts';
import type { ClickHouseServer } from './server.ts';

/** Rows of one table on their way to the server: a part in ClickHouse is only made for many at once. */
export class RowBuffer {
  readonly #server: ClickHouseServer;
  readonly #table: string;
  readonly #batch: bigint;
  readonly #mostBytes: number;
  #columns: readonly string[] = [];
  #blocks: Buffer[] = [];
  #bytes = 0;

  constructor(server: ClickHouseServer, table: string, batch: bigint, mostBytes: number) {
    this.#server = server;
    this.#table = table;
    this.#batch = batch;
    this.#mostBytes = mostBytes;
  }

  /** @param input where the table says of each row which input it came from */
  async add(records: RecordBatch, input: number | null): Promise<void> {
    if (records.rows === 0) return;
    const { columns, bytes } = nativeBlock(records, this.#batch, input);
    if (columns.join() !== this.#columns.join()) await this.flush();
    this.#columns = columns;
    this.#blocks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= this.#mostBytes) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#blocks.length === 0) return;
    const data = Buffer.concat(this.#blocks);
    this.#blocks = [];
    this.#bytes = 0;
    await this.#server.insertBlock(this.#table, this.#columns, data);
  }
}
