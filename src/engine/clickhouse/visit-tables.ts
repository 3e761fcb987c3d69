import { isUnkept, type VisitRecord } from '../../model/visits/parse-visit.ts';
import { wantOf } from '../../model/visits/visit-request.ts';
import type { ClickHouseServer } from './server.ts';

/** Columns of the tables of visits beside `batch`, as DuckDB's tables have them (`duckdb/visit-tables.ts`). */
export const visitColumns = `listener String, number UInt64, began Int64, protocol LowCardinality(String), source String,
  target String, port UInt32, kind LowCardinality(String), host String, request String, agent String, bytes UInt64, record String`;
export const unkeptColumns = `listener String, number UInt64, began Int64, last_began Int64, protocol LowCardinality(String),
  port UInt32, visits UInt64, bound LowCardinality(String), source String`;

/** Collects a batch's visits, each once by its id. */
export class VisitBuffer {
  readonly #server: ClickHouseServer;
  readonly #batch: bigint;
  readonly #ids = new Set<string>();

  constructor(server: ClickHouseServer, batch: bigint) {
    this.#server = server;
    this.#batch = batch;
  }

  /** Whether the batch brings any. */
  get any(): boolean {
    return this.#ids.size > 0;
  }

  /** Sends those that are neither in the store nor in the batch yet; returns how many are. */
  async add(records: readonly VisitRecord[]): Promise<{ readonly duplicates: number }> {
    if (records.length === 0) return { duplicates: 0 };
    const numbers = records.map(({ id }) => BigInt(id.slice(17)));
    const least = numbers.reduce((low, number) => (number < low ? number : low));
    const greatest = numbers.reduce((high, number) => (number > high ? number : high));
    const listeners = JSON.stringify([...new Set(records.map(({ id }) => id.slice(0, 16)))]);
    const stored = (table: string): string =>
      `SELECT concat(listener, '-', number) FROM ${table} WHERE number BETWEEN {p2:UInt64} AND {p3:UInt64}
       AND listener IN (SELECT arrayJoin(JSONExtract({p1:String}, 'Array(String)')))`;
    const rows = await this.#server.rows(`${stored('visit')} UNION ALL ${stored('unkept_visits')}`, [
      listeners,
      least,
      greatest,
    ]);
    const known = new Set(rows.map(([id]) => String(id)));
    const added = records.filter(({ id }) => {
      if (known.has(id) || this.#ids.has(id)) return false;
      this.#ids.add(id);
      return true;
    });
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
    return { duplicates: records.length - added.length };
  }
}
