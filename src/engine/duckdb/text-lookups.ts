import { IPV6_BASE } from '../../sql/dialects/duckdb/duckdb-layout.ts';

const MAIN = 'main.dictionary';

/** More texts than this, and each row looks them up in a list; a join for each would take 5 MB of memory a thread. */
const MOST_JOINS = 8;
/** Lists of more texts than this take more memory than joins. */
const MOST_LISTED = 200_000;

/** How the ids of texts become texts: by the dictionary, joined once for each column, or by lists of all its texts. */
export class TextLookups {
  readonly #listed: boolean;
  readonly #joins = new Map<string, { readonly key: string; readonly dictionary: string }>();
  readonly #lists = new Map<string, string>();

  /**
   * @param columns how many columns are looked up
   * @param texts how many texts there are
   */
  constructor(columns: number, texts: number) {
    this.#listed = columns > MOST_JOINS && texts <= MOST_LISTED;
  }

  text(column: string, dictionary = MAIN): string {
    return this.#lookUp(column, `r."${column}"`, dictionary);
  }

  ipv6(column: string): string {
    const key = `CASE WHEN r."${column}" >= ${IPV6_BASE} THEN (r."${column}" - ${IPV6_BASE})::UINTEGER END`;
    return this.#lookUp(column, key, MAIN);
  }

  #lookUp(column: string, key: string, dictionary: string): string {
    if (!this.#listed) {
      this.#joins.set(column, { key, dictionary });
      return `"d_${column}".value`;
    }
    const list = this.#lists.get(dictionary) ?? `"l_${this.#lists.size}"`;
    this.#lists.set(dictionary, list);
    return `${list}.texts[${key} + 1]`;
  }

  clauses(): string {
    const joins = [...this.#joins].map(
      ([column, { key, dictionary }]) =>
        ` LEFT JOIN ${dictionary} "d_${column}" ON "d_${column}".id = ${key}`,
    );
    const lists = [...this.#lists].map(
      ([dictionary, list]) =>
        ` CROSS JOIN (SELECT list(d.value ORDER BY n.id) AS texts
          FROM (SELECT unnest(range((SELECT max(id) + 1 FROM ${dictionary}))) AS id) n
          LEFT JOIN ${dictionary} d ON d.id = n.id) ${list}`,
    );
    return [...joins, ...lists].join('');
  }
}
