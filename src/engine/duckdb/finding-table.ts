import { LIST, VARCHAR, listValue, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import type { FindingRecord } from '../../model/knocks/finding-record.ts';
import type { SettableState } from '../../model/knocks/finding-state.ts';
import type { FindingKind } from '../../model/knocks/finding-kinds.ts';
import type { FindingChanges, FindingRegister } from '../finding-register.ts';
import type { Database } from './database.ts';

/** The statement that makes the table of `FindingRegister`; `parts` is a JSON array of texts, times are Unix seconds. */
export const createFindingTable = `CREATE TABLE finding (
  id VARCHAR NOT NULL, identity VARCHAR NOT NULL, parts VARCHAR NOT NULL, kind VARCHAR NOT NULL, score DOUBLE NOT NULL,
  summary VARCHAR NOT NULL, first_seen UBIGINT NOT NULL, last_seen UBIGINT NOT NULL, state VARCHAR NOT NULL,
  since UBIGINT NOT NULL, until UBIGINT, note VARCHAR, quiet_from UBIGINT, first_told UBIGINT, last_told UBIGINT)`;

const columns = [
  'id', 'identity', 'parts', 'kind', 'score', 'summary', 'first_seen', 'last_seen', 'state', 'since', 'until', 'note',
  'quiet_from', 'first_told', 'last_told',
] as const; // prettier-ignore

const select = `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM finding ORDER BY coalesce(first_told, since), id`;

/** What the table needs of the store that it is in. */
interface Holder {
  readonly database: Database;
  /** As `Store.writeBeside`. */
  writeBeside<T>(work: (api: DuckDBConnection) => Promise<T>): Promise<T>;
}

/** The records of findings in a table of the store. */
export class FindingTable implements FindingRegister {
  readonly #store: Holder;

  constructor(store: Holder) {
    this.#store = store;
  }

  async all(): Promise<readonly FindingRecord[]> {
    return (await this.#store.database.rows(select)).map(recordOf);
  }

  change<T extends FindingChanges>(change: (records: readonly FindingRecord[]) => T): Promise<T> {
    return this.#store.writeBeside(async (api) => {
      const rows = (await api.runAndReadAll(select)).getRows();
      const changes = change(rows.map(recordOf));
      const gone = [...changes.changed.map(({ id }) => id), ...changes.forgotten];
      if (gone.length > 0)
        await api.run('DELETE FROM finding WHERE list_contains($1, id)', [listValue(gone)], [LIST(VARCHAR)]);
      for (const record of changes.changed)
        await api.run(
          `INSERT INTO finding VALUES (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
          valuesOf(record),
        );
      return changes;
    });
  }
}

function valuesOf(record: FindingRecord): DuckDBValue[] {
  return columns.map((name): DuckDBValue => {
    if (name === 'parts') return JSON.stringify(record.parts);
    const value = record[name];
    // Binding makes 32 bits of numbers, which end in 2106.
    return typeof value === 'number' && name !== 'score' ? BigInt(value) : value;
  });
}

function recordOf(row: readonly DuckDBValue[]): FindingRecord {
  const value = (name: (typeof columns)[number]): DuckDBValue => row[columns.indexOf(name)] ?? null;
  const orNull = (name: (typeof columns)[number]): number | null =>
    value(name) === null ? null : Number(value(name));
  const note = value('note');
  return {
    id: String(value('id')),
    identity: String(value('identity')),
    parts: JSON.parse(String(value('parts'))) as readonly string[],
    kind: String(value('kind')) as FindingKind,
    score: Number(value('score')),
    summary: String(value('summary')),
    first_seen: Number(value('first_seen')),
    last_seen: Number(value('last_seen')),
    state: String(value('state')) as SettableState,
    since: Number(value('since')),
    until: orNull('until'),
    note: note === null ? null : String(note),
    quiet_from: orNull('quiet_from'),
    first_told: orNull('first_told'),
    last_told: orNull('last_told'),
  };
}
