import { textLiteral } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import {
  type ObjectState,
  type Positions,
  type SourceObject,
  type SourceRegister,
  type SourceTotal,
  type SourceWrites,
  type StoredIds,
  totalOfRow,
  type UnreadableObjects,
  unreadableOfRow,
} from '../source-register.ts';
import { objectStates } from '../object-states.ts';
import type { ClickHouseServer } from './server.ts';
import { sqlTime } from './sql-time.ts';

/** So many objects are asked about at once. */
const OBJECTS_AT_ONCE = 5_000;

/** What is known of sources, asked of the server each time: other processes write it too. */
export class SourceTables implements SourceRegister {
  readonly #server: ClickHouseServer;

  constructor(server: ClickHouseServer) {
    this.#server = server;
  }

  async positions(source: string): Promise<Positions> {
    const rows = await this.#server.rows(
      'SELECT name, position FROM source_position WHERE source = {p1:String}',
      [source],
    );
    return new Map(rows.map(([name, position]) => [String(name), String(position)]));
  }

  async states(objects: readonly SourceObject[]): Promise<readonly ObjectState[]> {
    const known: (readonly unknown[])[] = [];
    for (let from = 0; from < objects.length; from += OBJECTS_AT_ONCE) {
      const names = objects.slice(from, from + OBJECTS_AT_ONCE).map(({ name }) => name);
      const rows = await this.#server.rows(
        "SELECT name, tag FROM source_object WHERE name IN (SELECT arrayJoin(JSONExtract({p1:String}, 'Array(String)')))",
        [JSON.stringify(names)],
      );
      for (const row of rows) known.push(row);
    }
    return objectStates(objects, known);
  }

  async reasons(
    names: readonly string[],
    which: 'objects' | 'files in them',
  ): Promise<ReadonlyMap<string, string>> {
    if (names.length === 0) return new Map();
    const all = "JSONExtract({p1:String}, 'Array(String)')";
    // Of an archive it may be the end that can't be read.
    const match =
      which === 'objects'
        ? `item IN (SELECT arrayJoin(${all}))`
        : `arrayExists(name -> assumeNotNull(item) = name OR startsWith(assumeNotNull(item), concat(name, '/')), ${all})`;
    const rows = await this.#server.rows(
      `SELECT item, any(reason) FROM quarantined_line WHERE line = 0 AND item IS NOT NULL AND ${match} GROUP BY item`,
      [JSON.stringify(names)],
    );
    return new Map(rows.map(([name, reason]) => [String(name), String(reason)]));
  }

  async unreadable(): Promise<readonly UnreadableObjects[]> {
    const rows = await this.#server.rows(
      `SELECT source, replaceAll(why, one, 'It') AS told, count() AS objects, min(one) AS example FROM (
         SELECT input_name AS source, assumeNotNull(item) AS one, any(reason) AS why FROM quarantined_line
         WHERE line = 0 AND item IS NOT NULL GROUP BY source, one
       ) GROUP BY source, told ORDER BY source, told`,
    );
    return rows.map(unreadableOfRow);
  }

  async *ids(source: string): AsyncGenerator<StoredIds> {
    const slots = await this.#server.rows(
      'SELECT DISTINCT slot FROM record_id WHERE source = {p1:String} ORDER BY slot',
      [source],
    );
    for (const [slot] of slots) {
      const rows = await this.#server.rows(
        'SELECT high, low FROM record_id WHERE source = {p1:String} AND slot = {p2:UInt32}',
        [source, Number(slot)],
      );
      const words = new BigUint64Array(rows.length * 2);
      rows.forEach(([high, low], row) => {
        words[2 * row] = high as bigint;
        words[2 * row + 1] = low as bigint;
      });
      yield { slot: Number(slot), words: new Uint32Array(words.buffer) };
    }
  }

  async totals(): Promise<readonly SourceTotal[]> {
    const rows = await this.#server.rows(
      'SELECT source, records, objects, toUnixTimestamp64Milli(last_success) FROM source_total ORDER BY source',
    );
    return rows.map(totalOfRow);
  }
}

/** Collects what a batch keeps of sources, and writes it at its end. */
export class SourceChanges implements SourceWrites {
  readonly #totals = new Map<string, { records: number; objects: number }>();
  readonly #positions: { readonly source: string; readonly name: string; readonly position: string }[] = [];
  readonly #objects: SourceObject[] = [];
  readonly #ids: (StoredIds & { readonly source: string })[] = [];
  readonly #dropped = new Map<string, number>();

  count(source: string, { records, objects }: { readonly records: number; readonly objects: number }): void {
    const total = this.#totals.get(source) ?? { records: 0, objects: 0 };
    this.#totals.set(source, { records: total.records + records, objects: total.objects + objects });
  }

  savePositions(source: string, positions: Positions): void {
    for (const [name, position] of positions) {
      const before = this.#positions.findIndex((one) => one.source === source && one.name === name);
      if (before >= 0) this.#positions.splice(before, 1);
      this.#positions.push({ source, name, position });
    }
  }

  saveObjects(objects: readonly SourceObject[]): void {
    for (const object of objects) this.#objects.push(object);
  }

  saveIds(source: string, ids: StoredIds): void {
    this.#ids.push({ source, ...ids });
  }

  dropIds(source: string, before: number): void {
    this.#dropped.set(source, Math.max(before, this.#dropped.get(source) ?? 0));
  }

  /** Writes it all as parts of a batch, but for what is forgotten. */
  async write(server: ClickHouseServer, batch: bigint): Promise<void> {
    const at = sqlTime();
    await server.insert(
      'source_total_row',
      [...this.#totals].map(([source, total]) => ({ batch, source, ...total, at })),
    );
    await server.insert(
      'source_position_row',
      this.#positions.map((one) => ({ batch, ...one })),
    );
    await server.insert(
      'source_object_row',
      this.#objects.map(({ name, tag }) => ({ batch, name, tag })),
    );
    await server.insert(
      'record_id_row',
      this.#ids.flatMap(({ source, slot, words }) => {
        // A copy: what is handed in may begin anywhere in its buffer.
        const pairs = new BigUint64Array(Uint32Array.from(words).buffer);
        return Array.from({ length: pairs.length / 2 }, (_, row) => ({
          batch,
          source,
          slot,
          high: pairs[2 * row]!,
          low: pairs[2 * row + 1]!,
        }));
      }),
    );
  }

  /** Once the batch is committed: identities that are not needed any more. */
  async forget(server: ClickHouseServer): Promise<void> {
    for (const [source, before] of this.#dropped)
      await server.run(
        `ALTER TABLE record_id_row DELETE WHERE source = ${textLiteral(source)} AND slot < ${before}`,
      );
  }
}
