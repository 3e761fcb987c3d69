import ipaddr from 'ipaddr.js';
import { FIRST_FREE_ID, reservedTexts } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import { appendRows } from './append-rows.ts';
import type { Connection } from './connection.ts';

/** Texts kept at hand; beyond that the cache starts again, so that hostile logs can't fill the memory. */
const CACHE_LIMIT = 200_000;
const SLICE = 100_000;
/** A dictionary of no more is held as a whole from the first new text on. */
const MOST_LOADED = CACHE_LIMIT / 2;

/**
 * The ids of texts. An id, once given, stays; `save` commits entries on their own, before the rows
 * that use them (an entry that nothing uses does no harm), so that a rollback takes none back.
 */
export class Dictionary {
  readonly #connection: Connection;
  readonly #ids = new Map<string, number>(reservedTexts());
  /** Texts with an id that are not in the table yet, in the order of their ids; all of them are in `#ids` too. */
  #unsaved: string[] = [];
  /** Whether `#ids` has every text: then one that it lacks is new, and the table need not be asked, which takes 30 ms. */
  #hasAll = false;
  #next: number;
  #ipv6: boolean;

  private constructor(connection: Connection, next: number, ipv6: boolean) {
    this.#connection = connection;
    this.#next = next;
    this.#ipv6 = ipv6;
  }

  /** How many texts it has, at most. */
  get size(): number {
    return this.#next;
  }

  /** Whether it has an IPv6 address; true before the first row with one is there. */
  get hasIpv6(): boolean {
    return this.#ipv6;
  }

  /** `connection` is the dictionary's own from now on. */
  static async load(connection: Connection): Promise<Dictionary> {
    const reader = await connection.api.runAndReadAll('SELECT max(id), count(high) FROM dictionary');
    const [last, addresses] = reader.getRows()[0] ?? [];
    return new Dictionary(connection, Math.max(FIRST_FREE_ID, Number(last ?? 0) + 1), Number(addresses) > 0);
  }

  /** Gives ids to all new texts of many batches at once: asking for each batch would cost more than a small batch. */
  async learn(batches: readonly { readonly texts: readonly string[] }[]): Promise<void> {
    const missing = new Set(
      batches.flatMap(({ texts }) => texts.slice(1).filter((text) => !this.#ids.has(text))),
    );
    const wanted = [...missing];
    for (let at = 0; at < wanted.length; at += SLICE) await this.#findOrAdd(wanted.slice(at, at + SLICE));
  }

  /** The ids of a batch's texts, by code; unknown texts get an id. Code 0 stays 0. */
  async idsOf(texts: readonly string[]): Promise<Uint32Array> {
    const ids = new Uint32Array(texts.length);
    const missing = new Map<string, number[]>();
    for (let code = 1; code < texts.length; code++) {
      const text = texts[code] ?? '';
      const id = this.#ids.get(text);
      if (id !== undefined) ids[code] = id;
      else missing.set(text, [...(missing.get(text) ?? []), code]);
    }
    const wanted = [...missing.keys()];
    for (let at = 0; at < wanted.length; at += SLICE) {
      const found = await this.#findOrAdd(wanted.slice(at, at + SLICE));
      for (const [text, id] of found) for (const code of missing.get(text) ?? []) ids[code] = id;
    }
    return ids;
  }

  /** Commits what has got an id. To be called before rows that use it are committed. */
  save(): void {
    if (this.#unsaved.length === 0) return;
    const first = this.#next - this.#unsaved.length;
    const halves = this.#unsaved.map(ipv6Halves);
    appendRows(this.#connection, null, 'dictionary', [
      { type: 'UINTEGER', values: Uint32Array.from(this.#unsaved, (_, index) => first + index) },
      { type: 'VARCHAR', values: this.#unsaved },
      { type: 'UBIGINT', values: halves.map((half) => half?.high ?? null) },
      { type: 'UBIGINT', values: halves.map((half) => half?.low ?? null) },
    ]);
    this.#unsaved = [];
  }

  close(): void {
    this.#connection.api.disconnectSync();
  }

  async #find(texts: readonly string[]): Promise<Map<string, number>> {
    await this.#connection.api.run('CREATE OR REPLACE TEMP TABLE wanted (value VARCHAR)');
    appendRows(this.#connection, 'temp', 'wanted', [{ type: 'VARCHAR', values: texts }]);
    const reader = await this.#connection.api.runAndReadAll(
      'SELECT id, value FROM dictionary SEMI JOIN temp.wanted USING (value)',
    );
    return new Map(reader.getRows().map(([id, value]) => [String(value), Number(id)]));
  }

  async #findOrAdd(texts: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.#known(texts);
    for (const text of texts) {
      if (found.has(text)) continue;
      found.set(text, this.#next++);
      this.#unsaved.push(text);
      if (!this.#ipv6 && ipv6Halves(text) !== null) this.#ipv6 = true;
    }
    if (this.#unsaved.length >= SLICE) this.save();
    if (this.#ids.size + found.size > CACHE_LIMIT) {
      this.save();
      this.#ids.clear();
      this.#hasAll = false;
      for (const [text, id] of reservedTexts()) this.#ids.set(text, id);
    }
    for (const [text, id] of found) this.#ids.set(text, id);
    return found;
  }

  /** Those of some texts that have an id. */
  async #known(texts: readonly string[]): Promise<Map<string, number>> {
    if (!this.#hasAll && this.#next <= MOST_LOADED) {
      const reader = await this.#connection.api.runAndReadAll('SELECT id, value FROM dictionary');
      for (const [id, value] of reader.getRows()) this.#ids.set(String(value), Number(id));
      this.#hasAll = true;
    }
    const cached = texts.flatMap((text) => {
      const id = this.#ids.get(text);
      return id === undefined ? [] : [[text, id] as const];
    });
    return this.#hasAll ? new Map(cached) : this.#find(texts);
  }
}

/** The two 64-bit halves of a text that is an IPv6 address; null for any other. */
function ipv6Halves(text: string): { readonly high: bigint; readonly low: bigint } | null {
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null;
  const bytes = ipaddr.IPv6.parse(text).toByteArray();
  const join = (from: number): bigint =>
    bytes.slice(from, from + 8).reduce((half, byte) => (half << 8n) | BigInt(byte), 0n);
  return { high: join(0), low: join(8) };
}
