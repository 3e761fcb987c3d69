import { BIGINT, DuckDBDataChunk, type DuckDBConnection } from '@duckdb/node-api';
import {
  addressFacts,
  type AddressFactInfo,
  type Enrichment,
  type FactValues,
} from '../../model/catalog/address-facts.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import { derivedWords, timeBoundFacts } from '../../sql/derived/enrichment-layout.ts';
import { ENRICHMENT, createEnrichmentTables } from '../../sql/dialects/duckdb/duckdb-enrichment.ts';
import { IPV6_BASE } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import { dottedAddress } from '../../sql/dialects/duckdb/duckdb-key-lookup.ts';

/** So many addresses are asked about at once; others get their turn between. */
const SLICE = 1024;
/** No chunk of DuckDB's has more rows. */
const CHUNK = 2048;

/**
 * The tables of `duckdb-enrichment.ts` for one store file and one revision of the enrichment: filled with the
 * addresses that flows have, and added to when new flows bring others.
 */
export class EnrichmentTables {
  readonly #source: Enrichment;
  #api: DuckDBConnection;
  readonly #texts = new Map<string, number>(derivedWords.map((word, index) => [word, index + 1]));
  /** Given an id, not yet written. */
  readonly #newTexts: (readonly [id: number, text: string])[] = [];
  #changing = 0;
  #hasPorts = false;

  private constructor(api: DuckDBConnection, source: Enrichment) {
    this.#api = api;
    this.#source = source;
  }

  /**
   * Makes the tables anew, with what flows have by now, in the attached database `enrichment`; in one transaction, so that
   * others see the old ones until then. `table` holds all flows, `columns` are those it has.
   */
  static async create(
    api: DuckDBConnection,
    source: Enrichment,
    table: string,
    columns: ReadonlySet<string>,
    signal?: AbortSignal,
  ): Promise<EnrichmentTables> {
    const tables = new EnrichmentTables(api, source);
    await tables.#transact(async () => {
      for (const statement of createEnrichmentTables()) await tables.#run(statement);
      await tables.#addNewAddresses(table, columns, signal);
    });
    return tables;
  }

  get state(): EnrichmentState {
    return { changesOverTime: this.#changing > 0 };
  }

  /** Takes in addresses that came since. If this or `addPorts` fails, the tables have to be made again. */
  async update(api: DuckDBConnection, table: string, columns: ReadonlySet<string>): Promise<void> {
    this.#api = api;
    await this.#transact(() => this.#addNewAddresses(table, columns));
  }

  /** Takes in the names of ports, once: there are many, and few questions need them. */
  async addPorts(api: DuckDBConnection): Promise<void> {
    if (this.#hasPorts) return;
    this.#api = api;
    await this.#transact(() => this.#addPorts());
    this.#hasPorts = true;
  }

  async #transact(work: () => Promise<void>): Promise<void> {
    await this.#run('BEGIN TRANSACTION');
    await work();
    await this.#run('COMMIT');
  }

  async #run(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#api.runAndReadAll(sql)).getRows();
  }

  async #addNewAddresses(table: string, columns: ReadonlySet<string>, signal?: AbortSignal): Promise<void> {
    const ends = ['srcaddr', 'dstaddr'].filter((name) => columns.has(name));
    if (ends.length === 0) return;
    const all = ends.map((end) => `SELECT ${end} AS key FROM ${table}`).join(' UNION ALL ');
    await this.#run(
      `CREATE OR REPLACE TEMP TABLE new_address AS
       SELECT key, text, row_number() OVER (ORDER BY key) - 1 AS place FROM (
         SELECT key, d.value AS text FROM (SELECT DISTINCT key FROM (${all}) WHERE key IS NOT NULL) a
         ANTI JOIN ${ENRICHMENT}.address k USING (key)
         LEFT JOIN dictionary d ON d.id = CASE WHEN a.key >= ${IPV6_BASE} THEN a.key - ${IPV6_BASE} END)`,
    );
    for (let from = 0; ; from += SLICE) {
      signal?.throwIfAborted();
      const rows = await this.#run(
        `SELECT key, text FROM new_address WHERE place >= ${from} AND place < ${from + SLICE} ORDER BY place`,
      );
      if (rows.length > 0) await this.#addAddresses(rows);
      if (rows.length < SLICE) break;
    }
    await this.#run('DROP TABLE temp.new_address');
    if (this.#changing > 0) await this.#addPeriods(table, ends, columns.has('interface_id'));
  }

  async #addAddresses(rows: readonly (readonly unknown[])[]): Promise<void> {
    const keys: number[] = [];
    const changes: boolean[] = [];
    const inside: boolean[] = [];
    const values = addressFacts.map((): (number | null)[] => []);
    for (const [key, text] of rows) {
      const address = typeof text === 'string' ? text : dottedAddress(Number(key));
      const runs = this.#source.timeBoundFacts(address, null);
      const depends = runs.length > 1 || this.#source.dependsOnInterface(address);
      const facts = { ...this.#source.staticFacts(address), ...(depends ? {} : runs[0]?.facts) };
      keys.push(Number(key));
      changes.push(depends);
      inside.push(this.#source.isInside(address));
      addressFacts.forEach((fact, i) => values[i]?.push(this.#code(fact, facts)));
      if (depends) this.#changing++;
    }
    await this.#flushTexts();
    await this.#append('address', [keys, changes, inside, ...values]);
  }

  /** The facts of addresses that change over time, for each interface that logged them and has no rows yet. */
  async #addPeriods(table: string, ends: readonly string[], hasInterface: boolean): Promise<void> {
    const interfaceKey = hasInterface ? 'coalesce(f.interface_id, 0)' : '0';
    const pairs = ends.map(
      (end) =>
        `SELECT f.${end} AS key, ${interfaceKey} AS interface FROM ${table} f SEMI JOIN (SELECT key FROM ${ENRICHMENT}.address WHERE changes_over_time) v ON v.key = f.${end}`,
    );
    const rows = await this.#run(
      `SELECT p.key, p.interface, a.value, d.value FROM (SELECT DISTINCT * FROM (${pairs.join(' UNION ALL ')})) p
       ANTI JOIN ${ENRICHMENT}.address_period k ON k.key = p.key AND k.interface = p.interface
       LEFT JOIN dictionary a ON a.id = CASE WHEN p.key >= ${IPV6_BASE} THEN p.key - ${IPV6_BASE} END
       LEFT JOIN dictionary d ON d.id = nullif(p.interface, 0)`,
    );
    for (let from = 0; from < rows.length; from += SLICE) {
      const columns: (number | null)[][] = [[], [], [], [], ...timeBoundFacts.map(() => [])];
      for (const [key, id, text, interfaceId] of rows.slice(from, from + SLICE)) {
        const address = typeof text === 'string' ? text : dottedAddress(Number(key));
        for (const run of this.#source.timeBoundFacts(
          address,
          typeof interfaceId === 'string' ? interfaceId : null,
        )) {
          const codes = timeBoundFacts.map((fact) => this.#code(fact, run.facts));
          [Number(key), Number(id), run.firstHour, run.lastHour, ...codes].forEach((value, i) =>
            columns[i]?.push(value),
          );
        }
      }
      await this.#flushTexts();
      await this.#append('address_period', columns);
    }
  }

  async #addPorts(): Promise<void> {
    for (const protocol of [6, 17, 33, 132]) {
      const columns: number[][] = [[], [], []];
      for (let port = 0; port <= 65_535; port++) {
        const name = this.#source.portName(protocol, port);
        if (name === null) continue;
        [protocol, port, this.#textId(name)].forEach((value, i) => columns[i]?.push(value));
      }
      await this.#flushTexts();
      await this.#append('port', columns);
    }
  }

  /** A fact as its column holds it. */
  #code(fact: AddressFactInfo, facts: FactValues): number | null {
    const value = facts[fact.name] ?? null;
    if (value === null) return null;
    switch (fact.type) {
      case 'text':
        return this.#textId(String(value));
      case 'address':
        return ipv4Key(String(value));
      case 'integer':
      case 'counter':
      case 'time':
        return Number(value);
    }
  }

  #textId(text: string): number {
    const present = this.#texts.get(text);
    if (present !== undefined) return present;
    const id = this.#texts.size + 1;
    this.#texts.set(text, id);
    this.#newTexts.push([id, text]);
    return id;
  }

  async #flushTexts(): Promise<void> {
    const texts = this.#newTexts.splice(0);
    if (texts.length === 0) return;
    await this.#append('text', [texts.map(([id]) => id), texts.map(([, text]) => text)]);
  }

  /** Appends rows, given column by column as the table has them. */
  async #append(
    table: string,
    columns: readonly (readonly (number | string | boolean | null)[])[],
  ): Promise<void> {
    const appender = await this.#api.createAppender(table, 'main', ENRICHMENT);
    const types = columns.map((_, i) => appender.columnType(i));
    const rows = columns[0]?.length ?? 0;
    try {
      for (let from = 0; from < rows; from += CHUNK) {
        const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK, rows - from));
        columns.forEach((column, i) => {
          const values = column.slice(from, from + CHUNK);
          chunk.setColumnValues(
            i,
            types[i] === BIGINT ? values.map((value) => (value === null ? null : BigInt(value))) : values,
          );
        });
        appender.appendDataChunk(chunk);
      }
    } finally {
      // Within its transaction even if that fails: what an appender holds back it would write when it is collected.
      appender.closeSync();
    }
  }
}

/** The key of an IPv4 address; null for any other text. (EC2 has no public addresses beside them: IPv6 has no other to stand for it.) */
function ipv4Key(text: string): number | null {
  const address = parseAddress(text);
  return address?.version === 4 ? Number(address.value) : null;
}
