import type { RecordBatch } from '../../model/record/record-batch.ts';
import { nativeBlock } from './native-block.ts';
import type { ClickHouseServer } from './server.ts';

/** Rows of one table on their way to the server: a part in ClickHouse is only made for many at once. */
export class RowBuffer {
  readonly #server: ClickHouseServer;
  readonly #table: string;
  readonly #batch: bigint;
  readonly #mostBytes: number;
  /** By their columns: files of several layouts may alternate, and an INSERT is of one. */
  readonly #waiting = new Map<string, { readonly columns: readonly string[]; readonly blocks: Buffer[] }>();
  #bytes = 0;

  /** @param mostBytes of all rows that wait */
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
    const key = columns.join();
    const alike = this.#waiting.get(key) ?? { columns, blocks: [] };
    this.#waiting.set(key, alike);
    alike.blocks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= this.#mostBytes) await this.flush();
  }

  async flush(): Promise<void> {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#bytes = 0;
    for (const { columns, blocks } of waiting)
      await this.#server.insertBlock(this.#table, columns, Buffer.concat(blocks));
  }
}
