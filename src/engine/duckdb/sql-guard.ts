import { PeepholeError } from '../../model/errors.ts';
import type { Connection } from './database.ts';

/** The views that SQL may read. */
const viewNames = ['flows', 'coverage', 'quarantine'] as const;

/** Table functions that make rows from their arguments alone. Everything else could read files or the engine's insides. */
const allowedTableFunctions = new Set([
  'range',
  'generate_series',
  'unnest',
  'json_each',
  'json_tree',
  'repeat',
  'repeat_row',
  'generate_subscripts',
]);

/** Scalar functions with an effect, or that tell of the engine's surroundings. */
const refusedFunctions = new Set([
  'nextval',
  'currval',
  'setseed',
  'write_log',
  'getvariable',
  'getenv',
  'current_setting',
  'parse_duckdb_log_message',
]);

/** What a checked statement uses. */
export interface CheckedSql {
  /** Names that occur anywhere in it, in lower case: more than the columns it reads, never fewer. */
  readonly words: ReadonlySet<string>;
  /** It may read all columns (`*`, a whole row). */
  readonly everything: boolean;
}

/**
 * Checks that a text is one SELECT over the views (and its own CTEs), by DuckDB's own parser: a list of
 * what is allowed, not of what is forbidden. Throws `bad_sql` that says what is not.
 */
export async function checkSql(connection: Connection, sql: string): Promise<CheckedSql> {
  const reader = await connection.api.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const parsed = JSON.parse(String(reader.getRows()[0]?.[0])) as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: readonly unknown[];
  };
  if (parsed.error) {
    const message =
      parsed.error_type === 'not implemented'
        ? 'Only SELECT is allowed: this store is read, not written, through SQL.'
        : `The SQL can't be read: ${parsed.error_message ?? 'syntax error'}`;
    throw new PeepholeError('bad_sql', message, { sql });
  }
  if (parsed.statements?.length !== 1)
    throw new PeepholeError('bad_sql', 'One statement at a time, please.', { sql });
  const walk = new Walk(sql);
  walk.visit(parsed.statements[0]);
  walk.checkTables();
  return { words: walk.words, everything: walk.everything };
}

type Node = Readonly<Record<string, unknown>>;

class Walk {
  readonly words = new Set<string>();
  everything = false;
  readonly #sql: string;
  readonly #aliases = new Set<string>();
  /** Columns named without a table: one that is a table's alias means the whole row. */
  readonly #bareColumns = new Set<string>();
  readonly #ctes = new Set<string>();
  readonly #tables: { readonly name: string; readonly schema: string; readonly catalog: string }[] = [];

  constructor(sql: string) {
    this.#sql = sql;
  }

  visit(value: unknown): void {
    if (typeof value === 'string') {
      this.words.add(value.toLowerCase());
    } else if (Array.isArray(value)) {
      for (const item of value) this.visit(item);
    } else if (typeof value === 'object' && value !== null) {
      this.#visitNode(value as Node);
      for (const child of Object.values(value)) this.visit(child);
    }
  }

  checkTables(): void {
    if ([...this.#bareColumns].some((name) => this.#aliases.has(name))) this.everything = true;
    for (const { name, schema, catalog } of this.#tables) {
      const plain = (schema === '' || schema === 'main') && catalog === '';
      if (plain && (this.#ctes.has(name) || (viewNames as readonly string[]).includes(name))) continue;
      throw this.#refusal(
        `There is no table ${[catalog, schema, name].filter((part) => part !== '').join('.')} to read; there are ${viewNames.join(', ')}.`,
      );
    }
  }

  #visitNode(node: Node): void {
    const { type } = node;
    if (type === 'STAR' || node['class'] === 'STAR') this.everything = true;
    if (node['class'] === 'COLUMN_REF') this.#visitColumn(node);
    if (node['class'] === 'FUNCTION') this.#visitFunction(node, false);
    if (type === 'TABLE_FUNCTION') this.#visitFunction(node['function'] as Node, true);
    if (type === 'BASE_TABLE') {
      this.#addTable(node['table_name'], node['schema_name'], node['catalog_name']);
      for (const name of [node['table_name'], node['alias']]) this.#aliases.add(String(name).toLowerCase());
    }
    if (type === 'SHOW_REF') this.#visitShow(node);
    if (type === 'PIVOT' || node['ref_type'] === 'NATURAL') this.everything = true;
    const ctes = node['cte_map'] as { readonly map?: readonly { readonly key: string }[] } | undefined;
    for (const { key } of ctes?.map ?? []) this.#ctes.add(key.toLowerCase());
    if (typeof node['cte_name'] === 'string') this.#ctes.add(node['cte_name'].toLowerCase());
    if (typeof node['ctename'] === 'string') this.#ctes.add(node['ctename'].toLowerCase());
  }

  #visitColumn(node: Node): void {
    const names = node['column_names'] as readonly string[];
    if (names.length === 1) this.#bareColumns.add((names[0] ?? '').toLowerCase());
  }

  #visitFunction(node: Node, table: boolean): void {
    const name = String(node['function_name']).toLowerCase();
    if (table ? !allowedTableFunctions.has(name) : refusedFunctions.has(name)) {
      throw this.#refusal(
        `The function ${name} is not allowed: SQL here reads ${viewNames.join(', ')} and nothing else.`,
      );
    }
  }

  #visitShow(node: Node): void {
    this.everything = true;
    const name = String(node['table_name'] ?? '').replaceAll('"', '');
    if (node['query'] === null || node['query'] === undefined)
      this.#addTable(name, node['schema_name'], node['catalog_name']);
  }

  #addTable(name: unknown, schema: unknown, catalog: unknown): void {
    this.#tables.push({
      name: String(name ?? '').toLowerCase(),
      schema: String(schema ?? '').toLowerCase(),
      catalog: String(catalog ?? ''),
    });
  }

  #refusal(message: string): PeepholeError {
    return new PeepholeError('bad_sql', message, { sql: this.#sql });
  }
}
