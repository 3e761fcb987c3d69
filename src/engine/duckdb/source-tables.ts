import { listValue } from '@duckdb/node-api';
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
import { objectStates, wholeObjects } from '../object-states.ts';
import { appendRows } from './append-rows.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';

/** The tables of `SourceRegister`, as statements that make them. */
export const sourceTables: Readonly<Record<string, string>> = {
  source_position: 'source VARCHAR NOT NULL, name VARCHAR NOT NULL, position VARCHAR NOT NULL',
  source_total:
    'source VARCHAR NOT NULL, records UBIGINT NOT NULL, objects UBIGINT NOT NULL, last_success TIMESTAMP NOT NULL',
  source_object: 'name VARCHAR NOT NULL, tag VARCHAR NOT NULL',
  record_id: 'source VARCHAR NOT NULL, slot UINTEGER NOT NULL, high UBIGINT NOT NULL, low UBIGINT NOT NULL',
};

export function createSourceTables(): readonly string[] {
  return Object.entries(sourceTables).map(([name, columns]) => `CREATE TABLE ${name} (${columns})`);
}

let stages = 0;

/** Reads what the store knows of sources. */
export class SourceTables implements SourceRegister {
  readonly #database: () => Database;

  /** @param database the one that is open at the moment */
  constructor(database: () => Database) {
    this.#database = database;
  }

  async positions(source: string): Promise<Positions> {
    const rows = await this.#database().rows('SELECT name, position FROM source_position WHERE source = $1', [
      source,
    ]);
    return new Map(rows.map(([name, position]) => [String(name), String(position)]));
  }

  async states(objects: readonly SourceObject[]): Promise<readonly ObjectState[]> {
    if (objects.length === 0) return [];
    const rows = await this.#database().withConnection(async (connection) => {
      const stage = await stageObjects(connection, objects);
      const reader = await connection.api.runAndReadAll(
        `SELECT DISTINCT o.name, o.tag FROM source_object o SEMI JOIN temp.${stage} s ON s.name = o.name`,
      );
      await connection.api.run(`DROP TABLE temp.${stage}`);
      return reader.getRows();
    });
    return objectStates(objects, rows);
  }

  async reasons(
    names: readonly string[],
    which: 'objects' | 'files in them',
  ): Promise<ReadonlyMap<string, string>> {
    if (names.length === 0) return new Map();
    // Of an archive it may be its own end that can't be read.
    const match = `q.item = n.name${which === 'objects' ? '' : " OR starts_with(q.item, n.name || '/')"}`;
    const rows = await this.#database().rows(
      `SELECT q.item, arg_max(q.reason, q.rowid) FROM quarantined_line q
       SEMI JOIN (SELECT unnest($1::VARCHAR[]) AS name) n ON ${match} WHERE q.line = 0 GROUP BY q.item`,
      [listValue(names)],
    );
    return new Map(rows.map(([name, reason]) => [String(name), String(reason)]));
  }

  async unreadable(): Promise<readonly UnreadableObjects[]> {
    const rows = await this.#database().rows(
      `SELECT source, replace(why, item, 'It') AS reason, count(*), min(item) FROM (
         SELECT i.name AS source, q.item, arg_max(q.reason, q.rowid) AS why
         FROM quarantined_line q JOIN input i ON i.id = q.input
         WHERE q.line = 0 AND q.item IS NOT NULL GROUP BY ALL
       ) GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return rows.map(unreadableOfRow);
  }

  async *ids(source: string): AsyncGenerator<StoredIds> {
    const slots = await this.#database().rows(
      'SELECT DISTINCT slot FROM record_id WHERE source = $1 ORDER BY slot',
      [source],
    );
    for (const [slot] of slots) {
      const rows = this.#database().stream(
        'SELECT high, low FROM record_id WHERE source = $1 AND slot = $2',
        [source, Number(slot)],
      );
      for await (const some of rows) {
        const words = new BigUint64Array(some.length * 2);
        some.forEach(([high, low], row) => {
          words[2 * row] = high as bigint;
          words[2 * row + 1] = low as bigint;
        });
        yield { slot: Number(slot), words: new Uint32Array(words.buffer) };
      }
    }
  }

  async totals(): Promise<readonly SourceTotal[]> {
    const rows = await this.#database().rows(
      'SELECT source, records, objects, epoch_ms(last_success) FROM source_total ORDER BY source',
    );
    return rows.map(totalOfRow);
  }
}

/** Collects what a transaction keeps of sources, and writes it at its end. */
export class SourceChanges implements SourceWrites {
  readonly #totals = new Map<string, { records: number; objects: number }>();
  readonly #positions = new Map<string, Map<string, string>>();
  readonly #objects: SourceObject[] = [];
  readonly #ids: (StoredIds & { readonly source: string })[] = [];
  readonly #dropped = new Map<string, number>();

  count(source: string, { records, objects }: { readonly records: number; readonly objects: number }): void {
    const total = this.#totals.get(source) ?? { records: 0, objects: 0 };
    this.#totals.set(source, { records: total.records + records, objects: total.objects + objects });
  }

  savePositions(source: string, positions: Positions): void {
    const all = this.#positions.get(source) ?? new Map<string, string>();
    for (const [name, position] of positions) all.set(name, position);
    this.#positions.set(source, all);
  }

  saveObjects(objects: readonly SourceObject[]): void {
    for (const object of objects) this.#objects.push(object);
  }

  /** The names of the objects that are done with, all of each. */
  get wholeObjects(): readonly string[] {
    return wholeObjects(this.#objects);
  }

  saveIds(source: string, ids: StoredIds): void {
    this.#ids.push({ source, ...ids });
  }

  dropIds(source: string, before: number): void {
    this.#dropped.set(source, Math.max(before, this.#dropped.get(source) ?? 0));
  }

  /** Writes it all, inside the connection's transaction. */
  async write(connection: Connection): Promise<void> {
    const { api } = connection;
    for (const [source, { records, objects }] of this.#totals) {
      await api.run(
        `MERGE INTO source_total AS old
         USING (SELECT $1::VARCHAR AS source, $2::UBIGINT AS records, $3::UBIGINT AS objects, now() AT TIME ZONE 'UTC' AS now) AS new
         ON old.source = new.source
         WHEN MATCHED THEN UPDATE SET records = old.records + new.records, objects = old.objects + new.objects, last_success = new.now
         WHEN NOT MATCHED THEN INSERT VALUES (new.source, new.records, new.objects, new.now)`,
        [source, BigInt(records), BigInt(objects)],
      );
    }
    for (const [source, positions] of this.#positions) {
      for (const [name, position] of positions) {
        await api.run(
          `MERGE INTO source_position AS old
           USING (SELECT $1::VARCHAR AS source, $2::VARCHAR AS name, $3::VARCHAR AS position) AS new
           ON old.source = new.source AND old.name = new.name
           WHEN MATCHED THEN UPDATE SET position = new.position
           WHEN NOT MATCHED THEN INSERT VALUES (new.source, new.name, new.position)`,
          [source, name, position],
        );
      }
    }
    for (const [source, before] of this.#dropped)
      await api.run('DELETE FROM record_id WHERE source = $1 AND slot < $2', [source, before]);
    if (this.#ids.length > 0) await insertIds(connection, this.#ids);
    if (this.#objects.length > 0) {
      const stage = await stageObjects(connection, this.#objects);
      await api.run(
        `INSERT INTO source_object SELECT DISTINCT name, tag FROM temp.${stage} s
         ANTI JOIN source_object o ON o.name = s.name AND o.tag = s.tag`,
      );
      await api.run(`DROP TABLE temp.${stage}`);
    }
  }
}

/** All together, however many slots they are of: each statement takes a millisecond. */
async function insertIds(
  connection: Connection,
  ids: readonly (StoredIds & { readonly source: string })[],
): Promise<void> {
  for (const source of new Set(ids.map((one) => one.source))) {
    const stage = `stage_record_id_${++stages}`;
    await connection.api.run(`CREATE TEMP TABLE ${stage} (slot UINTEGER, high UBIGINT, low UBIGINT)`);
    for (const { slot, words } of ids.filter((one) => one.source === source)) {
      // A copy: what is handed in may begin anywhere in its buffer.
      const pairs = new BigUint64Array(Uint32Array.from(words).buffer);
      appendRows(connection, 'temp', stage, [
        { type: 'UINTEGER', values: new Uint32Array(pairs.length / 2).fill(slot) },
        { type: 'UBIGINT', values: everySecond(pairs, 0) },
        { type: 'UBIGINT', values: everySecond(pairs, 1) },
      ]);
    }
    await connection.api.run(`INSERT INTO record_id SELECT $1::VARCHAR, slot, high, low FROM temp.${stage}`, [
      source,
    ]);
    await connection.api.run(`DROP TABLE temp.${stage}`);
  }
}

function everySecond(pairs: BigUint64Array, offset: number): bigint[] {
  return Array.from({ length: pairs.length / 2 }, (_, row) => pairs[2 * row + offset]!);
}

/** A temporary table of objects, to be joined with; whoever makes it drops it. */
async function stageObjects(connection: Connection, objects: readonly SourceObject[]): Promise<string> {
  const stage = `stage_source_object_${++stages}`;
  await connection.api.run(`CREATE TEMP TABLE ${stage} (name VARCHAR, tag VARCHAR)`);
  appendRows(connection, 'temp', stage, [
    { type: 'VARCHAR', values: objects.map(({ name }) => name) },
    { type: 'VARCHAR', values: objects.map(({ tag }) => tag) },
  ]);
  return stage;
}
