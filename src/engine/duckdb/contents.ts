import { createHash } from 'node:crypto';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { VisitRecord } from '../../model/visits/parse-visit.ts';
import type { UnkeptVisits, Visit } from '../../model/visits/visit.ts';
import type { SourceObject } from '../source-register.ts';
import type { HourFlows, InputCoverage, InputLines, StoreContents, StoredInput } from '../store-contents.ts';
import { streamEntry } from './input-ledger.ts';
import { readRecords } from './read-records.ts';
import type { Store } from './store.ts';

/** Lines in quarantine that are handed out at once. */
const LINES = 1_000;

/** What a store holds, read for a copy. */
export class DuckDbContents implements StoreContents {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async fingerprint(): Promise<string> {
    const mixed = (text: string): string => `bit_xor(md5_number_lower(${text}))`;
    const [row] = await this.#store.database.rows(
      `SELECT (SELECT count(*) FROM main.flow), (SELECT flows_from FROM main.store),
         (SELECT ${mixed("concat_ws(' ', id, sha256, flows, nodata, skipdata, quarantined)")} FROM main.input),
         (SELECT ${mixed("concat_ws(' ', source, name, position)")} FROM main.source_position),
         (SELECT ${mixed("concat_ws(' ', name, tag)")} FROM main.source_object),
         (SELECT count(*) FROM main.visit), (SELECT count(*) FROM main.unkept_visits)`,
    );
    return createHash('sha256')
      .update((row ?? []).map(String).join())
      .digest('hex')
      .slice(0, 24);
  }

  async inputs(after: number, most: number): Promise<readonly StoredInput[]> {
    const rows = await this.#store.database.rows(
      `SELECT id, name, sha256, size, flows, nodata, skipdata, quarantined, first_start, last_start
       FROM main.input WHERE id > $1 ORDER BY id LIMIT $2`,
      [after, most],
    );
    const second = (value: unknown): number | null => (value === null ? null : Number(value));
    return rows.map(([id, name, sha256, size, flows, nodata, skipdata, quarantined, first, last]) => ({
      id: Number(id),
      entry: { name: String(name), sha256: String(sha256), size: Number(size) },
      counts: {
        flows: Number(flows),
        nodata: Number(nodata),
        skipdata: Number(skipdata),
        quarantined: Number(quarantined),
        first: second(first ?? null),
        last: second(last ?? null),
      },
      stream: String(sha256) === streamEntry(String(name)).sha256 ? String(name) : null,
    }));
  }

  async *coverage(first: number, last: number): AsyncGenerator<InputCoverage> {
    const { coverage: columns } = this.#store.columns;
    const request = {
      table: 'coverage_record',
      columns,
      key: 'r.input',
      where: `r.input BETWEEN ${first} AND ${last}`,
      orderBy: 'r.input',
    } as const;
    for await (const { records, keys } of readRecords(this.#store, request)) {
      for (let from = 0; from < records.rows;) {
        let to = from + 1;
        while (to < records.rows && keys[to] === keys[from]) to++;
        const slice = sliceOf(records, from, to);
        yield { input: keys[from]!, records: slice, ...statusCounts(slice) };
        from = to;
      }
    }
  }

  async *quarantined(first: number, last: number): AsyncGenerator<InputLines> {
    const rows = this.#store.database.stream(
      `SELECT input, line, reason, text, item FROM main.quarantined_line WHERE input BETWEEN ${first} AND ${last} ORDER BY input, line`,
    );
    let input = 0;
    let lines: InputLines['lines'][number][] = [];
    for await (const chunk of rows)
      for (const [of, line, reason, text, item] of chunk) {
        if (lines.length > 0 && (Number(of) !== input || lines.length >= LINES)) {
          yield { input, lines };
          lines = [];
        }
        input = Number(of);
        lines.push({
          line: Number(line),
          reason: String(reason),
          text: String(text),
          ...(item === null ? {} : { item: String(item) }),
        });
      }
    if (lines.length > 0) yield { input, lines };
  }

  async sourceNames(): Promise<readonly string[]> {
    const rows = await this.#store.database.rows(
      `SELECT source FROM main.source_position UNION SELECT source FROM main.source_total
       UNION SELECT source FROM main.record_id ORDER BY source`,
    );
    return rows.map(([source]) => String(source));
  }

  async objects(offset: number, most: number): Promise<readonly SourceObject[]> {
    const rows = await this.#store.database.rows(
      'SELECT name, tag FROM main.source_object ORDER BY name, tag LIMIT $1 OFFSET $2',
      [most, offset],
    );
    return rows.map(([name, tag]) => ({ name: String(name), tag: String(tag) }));
  }

  async visits(offset: number, most: number): Promise<readonly VisitRecord[]> {
    const { database } = this.#store;
    const kept = await database.rows(
      'SELECT record FROM main.visit ORDER BY listener, number LIMIT $1 OFFSET $2',
      [most, offset],
    );
    if (kept.length > 0) return kept.map(([record]) => JSON.parse(String(record)) as Visit);
    const [count] = await database.rows('SELECT count(*) FROM main.visit');
    const unkept = await database.rows(
      `SELECT listener, number, began, last_began, protocol, port, visits, bound, source
       FROM main.unkept_visits ORDER BY listener, number LIMIT $1 OFFSET $2`,
      [most, offset - Number(count?.[0])],
    );
    return unkept.map(([listener, number, began, last, protocol, port, visits, bound, source]) => ({
      id: `${String(listener)}-${String(number)}`,
      at: new Date(Number(began)).toISOString(),
      last_at: new Date(Number(last)).toISOString(),
      protocol: String(protocol) as UnkeptVisits['protocol'],
      port: Number(port),
      unkept: Number(visits),
      bound: String(bound) as UnkeptVisits['bound'],
      source_address: source === '' ? null : String(source),
    }));
  }

  async hours(): Promise<readonly HourFlows[]> {
    const rows = await this.#store.database.rows(
      'SELECT hour, count(*) FROM main.flow GROUP BY hour ORDER BY hour NULLS FIRST',
    );
    return rows.map(([hour, flows]) => ({
      hour: hour === null || hour === undefined ? null : Number(hour),
      flows: Number(flows),
    }));
  }

  async *flows(hours: { readonly first: number; readonly last: number } | null): AsyncGenerator<RecordBatch> {
    const { flow: columns } = this.#store.columns;
    const where = hours === null ? 'r.hour IS NULL' : `r.hour BETWEEN ${hours.first} AND ${hours.last}`;
    for await (const { records } of readRecords(this.#store, { table: 'flow', columns, where }))
      yield records;
  }
}

/** Rows of a batch, which share its texts. */
function sliceOf(batch: RecordBatch, from: number, to: number): RecordBatch {
  return {
    rows: to - from,
    texts: batch.texts,
    columns: batch.columns.map((column) => {
      switch (column.kind) {
        case 'integer':
          return { ...column, values: column.values.slice(from, to), nulls: cut(column.nulls, from, to) };
        case 'time':
          return { ...column, values: column.values.slice(from, to), nulls: cut(column.nulls, from, to) };
        case 'counter':
          return {
            ...column,
            halves: column.halves.slice(2 * from, 2 * to),
            nulls: cut(column.nulls, from, to),
          };
        case 'address':
          return { ...column, halves: column.halves.slice(2 * from, 2 * to) };
        case 'text':
          return { ...column, codes: column.codes.slice(from, to) };
      }
    }),
  };
}

function cut(nulls: Uint8Array | null, from: number, to: number): Uint8Array | null {
  return nulls === null ? null : nulls.slice(from, to);
}

function statusCounts(batch: RecordBatch): { readonly nodata: number; readonly skipdata: number } {
  const status = batch.columns.find(({ field }) => field === 'log_status');
  const count = (text: string): number => {
    if (status?.kind !== 'text') return 0;
    const code = batch.texts.indexOf(text, 1);
    return code < 0 ? 0 : status.codes.subarray(0, batch.rows).filter((one) => one === code).length;
  };
  return { nodata: count('NODATA'), skipdata: count('SKIPDATA') };
}
