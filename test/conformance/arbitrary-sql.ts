import fc from 'fast-check';

/** A statement with nested scopes, and what it reads. */
export interface ScopedSql {
  readonly sql: string;
  /** Tables that it reads by names that no common table in sight has, in lower case, qualified if they are so in the text. */
  readonly reads: ReadonlySet<string>;
}

/** Names of tables, views and of nothing, which are all names of common tables too. */
const NAMES = ['flows', 'input', 'x', 'coverage', 'dictionary', 'y', 'quarantine', 'duckdb_databases'];
const VIEWS = ['flows', 'coverage', 'quarantine'];
const QUALIFIERS = [
  'main',
  'temp',
  'memory',
  'memory.main',
  'temp.main',
  'recurring',
  'pg_catalog',
  'system.main',
];
const MOST_DEPTH = 5;

/**
 * Statements of one column `v`, made of choices one after the other, so that they shrink: with no choices left the
 * simplest is taken.
 */
export const scopedSql: fc.Arbitrary<ScopedSql> = fc
  .array(fc.nat({ max: 1_000_000 }), { minLength: 4, maxLength: 150, size: 'max' })
  .map((choices) => {
    const writer = new Writer(choices);
    return { sql: writer.query([], 0), reads: writer.reads };
  });

class Writer {
  readonly reads = new Set<string>();
  readonly #choices: number[];

  constructor(choices: readonly number[]) {
    this.#choices = [...choices].toReversed();
  }

  /** @param self the name of the recursive table that this is the whole of: the second part of its union sees it */
  query(seen: readonly string[], depth: number, self?: string): string {
    const inner = (): string => this.query(seen, depth + 1);
    if (depth >= MOST_DEPTH || this.#choices.length === 0) return "SELECT 'end' AS v";
    const forms: readonly (() => string)[] = [
      () => `SELECT t.v FROM ${this.#ref(seen, depth)} t`,
      () => this.#with(seen, depth),
      () => this.#with(seen, depth),
      () => this.#recursive(seen, depth),
      () => `SELECT t.v FROM ${this.#ref(seen, depth)} t WHERE ${this.#condition(seen, depth)}`,
      () => `FROM ${this.#ref(seen, depth)} t SELECT t.v`,
      () => this.#setOperation(seen, depth, self),
      () => `SELECT (SELECT any_value(u.v) FROM (${inner()}) u) AS v`,
      () => `SELECT a.v FROM ${this.#ref(seen, depth)} a, ${this.#ref(seen, depth)} b`,
      () =>
        `SELECT a.v FROM ${this.#ref(seen, depth)} a, LATERAL (SELECT a.v AS w, b.v FROM ${this.#ref(seen, depth)} b) c`,
      () =>
        `SELECT a.v FROM ${this.#ref(seen, depth)} a ${this.#pick(['JOIN', 'LEFT JOIN', 'SEMI JOIN', 'ANTI JOIN'])} ${this.#ref(seen, depth)} b ON a.v = b.v AND ${this.#condition(seen, depth)}`,
      () => `SELECT a.v FROM ${this.#ref(seen, depth)} a POSITIONAL JOIN ${this.#ref(seen, depth)} b`,
      () =>
        `SELECT any_value(t.v) AS v FROM ${this.#ref(seen, depth)} t GROUP BY t.v HAVING ${this.#condition(seen, depth)}`,
      () =>
        `SELECT t.v FROM ${this.#ref(seen, depth)} t QUALIFY row_number() OVER () > 0 AND ${this.#condition(seen, depth)}`,
      () => `SELECT t.v FROM ${this.#ref(seen, depth)} t ORDER BY (SELECT count(*) FROM (${inner()}) u), 1`,
      () => `SELECT t.v FROM ${this.#ref(seen, depth)} t LIMIT (SELECT count(*) FROM (${inner()}) u)`,
      () => `SELECT t.v FROM ${this.#ref(seen, depth)} t OFFSET (SELECT 0 * count(*) FROM (${inner()}) u)`,
      () => `SELECT max(t.v) FILTER (${this.#condition(seen, depth)}) AS v FROM ${this.#ref(seen, depth)} t`,
      () => `SELECT CASE WHEN ${this.#condition(seen, depth)} THEN 'a' ELSE 'b' END AS v`,
      () => `SELECT column_name AS v FROM (DESCRIBE SELECT * FROM (${inner()}))`,
      () => `SELECT min AS v FROM (SUMMARIZE SELECT * FROM (${inner()}))`,
      () => `SELECT w AS v FROM (UNPIVOT (${inner()}) ON v INTO NAME n VALUE w)`,
      () => `SELECT v FROM (VALUES ((SELECT any_value(u.v) FROM (${inner()}) u))) t(v)`,
      () => `SELECT [(SELECT any_value(u.v) FROM (${inner()}) u)][1] || '' AS v`,
      () => `SELECT unnest(ARRAY(${inner()})) AS v`,
    ];
    return (forms[this.#next(forms.length)] as () => string)();
  }

  #setOperation(seen: readonly string[], depth: number, self?: string): string {
    const operation = this.#pick(['UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'UNION ALL BY NAME']);
    const recursive = self !== undefined && ['UNION ALL', 'UNION'].includes(operation);
    const first = this.query(seen, depth + 1);
    const second = this.query(recursive ? [...seen, self] : seen, depth + 1);
    return `(${first}) ${operation} (${second})`;
  }

  /** WITH a AS (…), b AS (…) …: each sees those before it, what follows sees all. */
  #with(seen: readonly string[], depth: number): string {
    let within = seen;
    const tables: string[] = [];
    const recursive = this.#pick([false, false, true]);
    for (let left = 1 + this.#next(3); left > 0; left--) {
      const name = this.#pick(NAMES);
      const text = this.#spell(name);
      if (tables.some((table) => table.toLowerCase().replaceAll('"', '').startsWith(`${name} `))) continue;
      const how = this.#pick(['', '', 'MATERIALIZED', 'NOT MATERIALIZED']);
      tables.push(`${text} AS ${how} (${this.query(within, depth + 1, recursive ? name : undefined)})`);
      within = [...within, name];
    }
    return `WITH ${recursive ? 'RECURSIVE ' : ''}${tables.join(', ')} ${afterWith(this.query(within, depth + 1))}`;
  }

  /** WITH RECURSIVE a AS (… UNION …): only the second part sees a. */
  #recursive(seen: readonly string[], depth: number): string {
    const name = this.#pick(NAMES);
    const within = [...seen, name];
    const first = this.query(seen, depth + 1);
    const second = `SELECT t.v FROM ${this.#ref(within, depth)} t WHERE ${this.#condition(within, depth)}`;
    return `WITH RECURSIVE ${this.#spell(name)}(v) AS ((${first}) UNION (${second})) ${afterWith(this.query(within, depth + 1))}`;
  }

  #condition(seen: readonly string[], depth: number): string {
    if (this.#choices.length === 0) return 'true';
    const inner = (): string => this.query(seen, depth + 1);
    const forms: readonly (() => string)[] = [
      () => `EXISTS (${inner()})`,
      () => `'q' NOT IN (${inner()})`,
      () => `NOT 'q' = ANY (${inner()})`,
      () => `(SELECT count(*) >= 0 FROM ${this.#ref(seen, depth)} s)`,
    ];
    return (forms[this.#next(forms.length)] as () => string)();
  }

  #ref(seen: readonly string[], depth: number): string {
    const form = this.#next(10);
    if (form < 3) return `(${this.query(seen, depth + 1)})`;
    const name = form < 7 ? this.#pick([...seen, ...VIEWS]) : this.#pick(NAMES);
    if (form === 9 && this.#next(4) === 0) {
      const qualifier = this.#pick(QUALIFIERS);
      this.reads.add(`${qualifier}.${name}`);
      return `${qualifier}.${this.#spell(name)}`;
    }
    if (!seen.includes(name)) this.reads.add(name);
    return this.#spell(name);
  }

  #spell(name: string): string {
    const forms = [
      name,
      name.toUpperCase(),
      `"${name}"`,
      `"${name.slice(0, 1).toUpperCase()}${name.slice(1)}"`,
    ];
    return this.#pick(forms);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#next(items.length)] as T;
  }

  #next(count: number): number {
    return (this.#choices.pop() ?? 0) % count;
  }
}

/** No WITH directly after another, which DuckDB doesn't read. */
function afterWith(query: string): string {
  return query.startsWith('WITH') ? `SELECT q.v FROM (${query}) q` : query;
}
