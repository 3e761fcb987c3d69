import duckdb from '@duckdb/node-bindings';
import type { Field } from '../../model/catalog/field.ts';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { EXTRA, NO_ADDRESS, type BatchColumn, type RecordBatch } from '../../model/record/record-batch.ts';
import { fromDuckDb } from './duckdb-errors.ts';
import type { Store } from './store.ts';
import { CutShort, StreamedChunks, whyCutShort } from './streamed-chunks.ts';
import { isValid, NO_ROWS, validRows } from './vectors.ts';

/** Rows of a batch, at most. */
const ROWS = 65_536;
/** Texts kept at hand. */
const MOST_TEXTS = 200_000;
/** Ids of texts that are asked for at once. */
const IDS = 5_000;

interface ReadRequest {
  readonly table: 'flow' | 'coverage_record';
  /** The columns that the table has. */
  readonly columns: ReadonlySet<string>;
  readonly where: string;
  readonly orderBy?: string;
  /** A column of whole numbers that is read beside the fields. */
  readonly key?: string;
}

/** Rows of a table as ingest had them. */
interface ReadBatch {
  readonly records: RecordBatch;
  /** The values of `key`, a number a row. */
  readonly keys: Uint32Array;
}

/** Reads rows of flows or of records without flows, column by column out of DuckDB's vectors, some ten thousand at a time. */
export async function* readRecords(store: Store, request: ReadRequest): AsyncGenerator<ReadBatch> {
  const names = [...request.columns].filter((name) => name === EXTRA || fieldNamed(name) !== undefined);
  const texts = new TextCache(store);
  const items = names.map(selectItem);
  const sql = `SELECT ${[request.key ?? '0::UINTEGER', ...items].join(', ')} FROM main.${request.table} r
    WHERE ${request.where}${request.orderBy === undefined ? '' : ` ORDER BY ${request.orderBy}`}`;
  const make = (): readonly ColumnBuffer[] => [
    new ColumnBuffer(1),
    ...names.map((name) => new ColumnBuffer(isWide(fieldNamed(name)) ? 2 : 1)),
  ];
  const finish = async (buffers: readonly ColumnBuffer[], rows: number): Promise<ReadBatch> => {
    const [key, ...columns] = buffers;
    const codes = await texts.codesOf(columns.flatMap((column, i) => textIds(names[i] ?? '', column, rows)));
    return {
      keys: key!.words.subarray(0, rows),
      records: {
        rows,
        columns: columns.map((column, i) => batchColumn(names[i] ?? '', column, rows, codes.codes)),
        texts: codes.texts,
      },
    };
  };
  const connection = await store.database.borrow();
  let done = false;
  try {
    const chunks = new StreamedChunks(await connection.api.stream(sql));
    let buffers = make();
    let rows = 0;
    for (;;) {
      const chunk = await chunks.next();
      const count = chunk?.rowCount ?? 0;
      if (rows > 0 && (count === 0 || rows + count > ROWS)) {
        yield await finish(buffers, rows);
        buffers = make();
        rows = 0;
      }
      if (chunk === null) break;
      buffers.forEach((buffer, i) => buffer.add(duckdb.data_chunk_get_vector(chunk.chunk, i), count, rows));
      rows += count;
    }
    done = true;
  } catch (error) {
    const why = error instanceof CutShort ? await whyCutShort(connection.api, sql, [], error) : error;
    throw fromDuckDb(why, 'engine_failed', sql);
  } finally {
    if (done) store.database.giveBack(connection);
    else await store.database.discard(connection);
  }
}

/** One column of a batch on its way: one or two words of 32 bits a row, and 1 for each row without a value. */
class ColumnBuffer {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly nulls = new Uint8Array(ROWS);
  readonly width: 1 | 2;
  readonly #bytes: Uint8Array;

  constructor(width: 1 | 2) {
    this.width = width;
    this.words = new Uint32Array(width * ROWS);
    this.#bytes = new Uint8Array(this.words.buffer);
  }

  add(vector: duckdb.Vector, count: number, at: number): void {
    const valid = validRows(vector, count);
    if (valid !== NO_ROWS) {
      const size = 4 * this.width;
      this.#bytes.set(duckdb.vector_get_data(vector, count * size).subarray(0, count * size), at * size);
    }
    if (valid === null) return;
    for (let row = 0; row < count; row++) {
      if (valid !== NO_ROWS && isValid(valid, row)) continue;
      this.nulls[at + row] = 1;
      this.words.fill(0, (at + row) * this.width, (at + row + 1) * this.width);
    }
  }
}

/** Counters and addresses have 64 bits. */
function isWide(field: Field | undefined): boolean {
  return field?.type === 'counter' || field?.type === 'address';
}

function selectItem(name: string): string {
  return `CAST(r."${name}" AS ${isWide(fieldNamed(name)) ? 'BIGINT' : 'UINTEGER'})`;
}

/** The ids of texts in a column: those of a text field, and of IPv6 addresses, which are 2^32 + the id of their text. */
function textIds(name: string, { words, nulls }: ColumnBuffer, rows: number): readonly number[] {
  const type = fieldNamed(name)?.type ?? 'text';
  const ids = new Set<number>();
  if (type === 'text') for (let row = 0; row < rows; row++) if (nulls[row] === 0) ids.add(words[row]!);
  if (type === 'address')
    for (let row = 0; row < rows; row++) if (words[2 * row + 1] === 1) ids.add(words[2 * row]!);
  return [...ids];
}

function batchColumn(
  name: string,
  { words, nulls }: ColumnBuffer,
  rows: number,
  codes: ReadonlyMap<number, number>,
): BatchColumn {
  const field = fieldNamed(name);
  const noValue = nulls.subarray(0, rows).includes(1) ? nulls.subarray(0, rows) : null;
  switch (field?.type) {
    case 'integer': {
      const max = field.max ?? 0;
      const array = max <= 0xff ? Uint8Array : max <= 0xffff ? Uint16Array : Uint32Array;
      return { kind: 'integer', field: name, values: array.from(words.subarray(0, rows)), nulls: noValue };
    }
    case 'time':
      return { kind: 'time', field: name, values: words.subarray(0, rows), nulls: noValue };
    case 'counter':
      return { kind: 'counter', field: name, halves: words.subarray(0, 2 * rows), nulls: noValue };
    case 'address':
      for (let row = 0; row < rows; row++) {
        if (nulls[row] === 1) words[2 * row + 1] = NO_ADDRESS;
        else if (words[2 * row + 1] === 1) words[2 * row] = codes.get(words[2 * row]!) ?? 0;
      }
      return { kind: 'address', field: name, halves: words.subarray(0, 2 * rows) };
    case 'text':
    case undefined:
      return {
        kind: 'text',
        field: name,
        codes: words.subarray(0, rows).map((id, row) => (nulls[row] === 1 ? 0 : (codes.get(id) ?? 0))),
      };
  }
}

/** Texts by their ids, asked of the dictionary once. */
class TextCache {
  readonly #store: Store;
  readonly #texts = new Map<number, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** A code for each id, counted from 1, and the texts by their codes. */
  async codesOf(ids: readonly number[]): Promise<{ codes: ReadonlyMap<number, number>; texts: string[] }> {
    const wanted = [...new Set(ids)];
    if (this.#texts.size > MOST_TEXTS) this.#texts.clear();
    const missing = wanted.filter((id) => !this.#texts.has(id));
    for (let from = 0; from < missing.length; from += IDS) {
      const rows = await this.#store.database.rows(
        `SELECT id, value FROM main.dictionary WHERE id IN (${missing.slice(from, from + IDS).join(', ')})`,
      );
      for (const [id, value] of rows) this.#texts.set(Number(id), String(value));
    }
    return {
      codes: new Map(wanted.map((id, i) => [id, i + 1])),
      texts: ['', ...wanted.map((id) => this.#texts.get(id) ?? '')],
    };
  }
}
