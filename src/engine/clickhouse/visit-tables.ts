import { latestOfVisits, OPEN_AT_END } from '../../model/visits/latest-of-visits.ts';
import { isUnkept, type VisitRecord } from '../../model/visits/parse-visit.ts';
import type { Visit } from '../../model/visits/visit.ts';
import { wantOf } from '../../model/visits/visit-request.ts';
import type { ClickHouseServer } from './server.ts';

/** Columns of the tables of visits beside `batch`, as DuckDB's tables have them (`duckdb/visit-tables.ts`). */
export const visitColumns = `listener String, number UInt64, began Int64, protocol LowCardinality(String), source String,
  target String, port UInt32, kind LowCardinality(String), host String, request String, agent String, bytes UInt64, record String`;
export const unkeptColumns = `listener String, number UInt64, began Int64, last_began Int64, protocol LowCardinality(String),
  port UInt32, visits UInt64, bound LowCardinality(String), source String`;

/** What is known of a visit that is in as open; null: it has ended, or is a count. */
type Known = Pick<Visit, 'bytes'> | null;

/** Collects a batch's visits, each once by its id. */
export class VisitBuffer {
  readonly #server: ClickHouseServer;
  readonly #batch: bigint;
  readonly #ids = new Map<string, Known>();

  constructor(server: ClickHouseServer, batch: bigint) {
    this.#server = server;
    this.#batch = batch;
  }

  /** Whether the batch brings any. */
  get any(): boolean {
    return this.#ids.size > 0;
  }

  /**
   * Sends those that are neither in the store nor in the batch yet, and what takes the place of an open visit; returns how
   * many make no row more.
   */
  async add(records: readonly VisitRecord[]): Promise<{ readonly duplicates: number }> {
    if (records.length === 0) return { duplicates: 0 };
    const known = new Map([...(await this.#stored(records)), ...this.#ids]);
    const replaced: string[] = [];
    const added = latestOfVisits(records).filter((record) => {
      const open = isUnkept(record) || record.ended !== 'open' ? null : { bytes: record.bytes };
      const before = known.get(record.id);
      if (before === null || (before !== undefined && open !== null && open.bytes <= before.bytes))
        return false;
      if (before !== undefined) replaced.push(record.id);
      this.#ids.set(record.id, open);
      return true;
    });
    // Before what takes their place: whoever is killed between the two reads the lines again, since their batch is none.
    if (replaced.length > 0)
      await this.#server.deleteRows(
        'visit_row',
        replaced.map((id) => `(listener = '${id.slice(0, 16)}' AND number = ${id.slice(17)})`).join(' OR '),
      );
    await this.#insert(added);
    return { duplicates: records.length - added.length + replaced.length };
  }

  /** Which of them are in the store. */
  async #stored(records: readonly VisitRecord[]): Promise<ReadonlyMap<string, Known>> {
    const numbers = records.map(({ id }) => BigInt(id.slice(17)));
    const least = numbers.reduce((low, number) => (number < low ? number : low));
    const greatest = numbers.reduce((high, number) => (number > high ? number : high));
    const listeners = JSON.stringify([...new Set(records.map(({ id }) => id.slice(0, 16)))]);
    const stored = (table: string, columns: string): string =>
      `SELECT concat(listener, '-', number), ${columns} FROM ${table} WHERE number BETWEEN {p2:UInt64} AND {p3:UInt64}
       AND listener IN (SELECT arrayJoin(JSONExtract({p1:String}, 'Array(String)')))`;
    const rows = await this.#server.rows(
      `${stored('visit', `toUInt8(endsWith(record, '${OPEN_AT_END}')), bytes`)} UNION ALL ${stored('unkept_visits', 'toUInt8(0), toUInt64(0)')}`,
      [listeners, least, greatest],
    );
    return new Map(
      rows.map(([id, open, bytes]) => [String(id), Number(open) === 1 ? { bytes: Number(bytes) } : null]),
    );
  }

  async #insert(added: readonly VisitRecord[]): Promise<void> {
    const rowOf = (record: VisitRecord) => ({
      batch: this.#batch,
      listener: record.id.slice(0, 16),
      number: BigInt(record.id.slice(17)),
      began: Date.parse(record.at),
      protocol: record.protocol,
    });
    await this.#server.insert(
      'visit_row',
      added.flatMap((visit) =>
        isUnkept(visit)
          ? []
          : [
              {
                ...rowOf(visit),
                source: visit.source.address,
                target: visit.target.address,
                port: visit.target.port,
                ...wantOf(visit),
                bytes: visit.bytes,
                record: JSON.stringify(visit),
              },
            ],
      ),
    );
    await this.#server.insert(
      'unkept_visits_row',
      added.flatMap((unkept) =>
        isUnkept(unkept)
          ? [
              {
                ...rowOf(unkept),
                last_began: Date.parse(unkept.last_at),
                port: unkept.port,
                visits: unkept.unkept,
                bound: unkept.bound,
                source: unkept.source_address ?? '',
              },
            ]
          : [],
      ),
    );
  }
}
