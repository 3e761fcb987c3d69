import ipaddr from 'ipaddr.js';
import { FIRST_FREE_ID, reservedTexts } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import { appendRows } from './append-rows.ts';
import type { Connection } from './connection.ts';

/** Texts kept at hand; beyond that the cache starts again, so that hostile logs can't fill the memory. */
const CACHE_LIMIT = 200_000;
const SLICE = 100_000;

/**
 * The ids of texts. An id, once given, stays; entries are committed on their own, before the rows
 * that use them (an entry that nothing uses does no harm), so that a rollback takes none back.
 */
export class Dictionary {
  readonly #connection: Connection;
  readonly #ids = new Map<string, number>(reservedTexts());
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
    const found = await this.#find(texts);
    const added = texts.filter((text) => !found.has(text));
    if (added.length > 0) {
      const ids = Uint32Array.from(added, (_, index) => this.#next + index);
      const halves = added.map(ipv6Halves);
      if (halves.some((half) => half !== null)) this.#ipv6 = true;
      appendRows(this.#connection, null, 'dictionary', [
        { type: 'UINTEGER', values: ids },
        { type: 'VARCHAR', values: added },
        { type: 'UBIGINT', values: halves.map((half) => half?.high ?? null) },
        { type: 'UBIGINT', values: halves.map((half) => half?.low ?? null) },
      ]);
      this.#next += added.length;
      added.forEach((text, index) => found.set(text, ids[index] ?? 0));
    }
    if (this.#ids.size + found.size > CACHE_LIMIT) {
      this.#ids.clear();
      for (const [text, id] of reservedTexts()) this.#ids.set(text, id);
    }
    for (const [text, id] of found) this.#ids.set(text, id);
    return found;
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
