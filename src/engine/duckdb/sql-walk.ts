import { sizeProblem } from './sql-sizes.ts';
import { allowedFunctions, allowedTableFunctions, refusedNames } from './sql-functions.ts';

/** The views that SQL may read. */
const viewNames: readonly string[] = ['flows', 'coverage', 'quarantine'];

/** What a checked statement uses. */
export interface CheckedSql {
  /** Names that occur anywhere in it, in lower case: more than the columns it reads, never fewer. */
  readonly words: ReadonlySet<string>;
  /** It may read all columns (`*`, a whole row). */
  readonly everything: boolean;
}

/** A node of the tree that DuckDB's `json_serialize_sql` makes. */
type Node = Readonly<Record<string, unknown>>;

interface CommonTable {
  readonly key: string;
  readonly value: Node;
}

/** Names of common tables that a part of the statement sees. */
type Scope = ReadonlySet<string>;

/** Kinds of nodes without an expression's class. What a new version of DuckDB may add is refused until it is looked at. */
const knownTypes = words(`
  SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE
  BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EXPRESSION_LIST EMPTY PIVOT SHOW_REF
  ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ASCENDING DESCENDING INVALID`);

const knownClasses = words(`
  BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT DEFAULT FUNCTION LAMBDA LAMBDA_REF OPERATOR
  PARAMETER POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/**
 * Walks through a statement and refuses what is not allowed. Names of tables resolve as DuckDB resolves them: a common
 * table is seen by the ones after it in the same WITH and by what the WITH stands before, at any depth; by itself only
 * in the second part of a recursive one; never by a qualified name.
 */
export class SqlWalk {
  readonly #words = new Set<string>();
  readonly #aliases = new Set<string>();
  /** Columns named without a table: one that is a table's alias means the whole row. */
  readonly #bareColumns = new Set<string>();
  readonly #refuse: (message: string) => never;
  #everything = false;

  constructor(refuse: (message: string) => never) {
    this.#refuse = refuse;
  }

  statement(node: unknown): void {
    this.#visit(node, new Set());
  }

  checked(): CheckedSql {
    const rows = [...this.#bareColumns].some((name) => this.#aliases.has(name));
    return { words: this.#words, everything: this.#everything || rows };
  }

  #visit(value: unknown, scope: Scope): void {
    if (typeof value === 'string') this.#words.add(fold(value));
    else if (Array.isArray(value)) for (const item of value) this.#visit(item, scope);
    else if (typeof value === 'object' && value !== null) this.#visitNode(value as Node, scope);
  }

  #visitNode(node: Node, scope: Scope): void {
    this.#checkKnown(node);
    if (node['class'] !== undefined) this.#visitExpression(node);
    else if (node['type'] === 'BASE_TABLE') this.#visitTable(node, scope);
    else if (node['type'] === 'SHOW_REF') this.#visitShow(node);
    else if (node['type'] === 'PIVOT' || node['ref_type'] === 'NATURAL') this.#everything = true;
    const within = this.#visitCommonTables(node, scope);
    for (const [key, child] of Object.entries(node)) {
      if (key === 'cte_map') continue;
      if (node['type'] === 'TABLE_FUNCTION' && key === 'function')
        this.#visitTableFunction(child as Node, within);
      else this.#visit(child, this.#scopeOf(node, key, within));
    }
  }

  /** Visits what stands behind WITH, one after the other; returns what the rest of the node sees. */
  #visitCommonTables(node: Node, scope: Scope): Scope {
    const map = (node['cte_map'] as { readonly map?: readonly CommonTable[] } | undefined)?.map ?? [];
    let within = scope;
    for (const { key, value } of map) {
      this.#visit(key, within);
      this.#visit(value, within);
      within = new Set([...within, fold(key)]);
    }
    return within;
  }

  /** What the child `key` of a query node sees, beyond what its WITH says. */
  #scopeOf(node: Node, key: string, scope: Scope): Scope {
    const own =
      (node['type'] === 'RECURSIVE_CTE_NODE' && key === 'right') ||
      (node['type'] === 'CTE_NODE' && key === 'child');
    return own ? new Set([...scope, fold(node['cte_name'])]) : scope;
  }

  #visitExpression(node: Node): void {
    if (node['class'] === 'STAR' || node['class'] === 'POSITIONAL_REFERENCE') this.#everything = true;
    if (node['class'] === 'COLUMN_REF') {
      const names = node['column_names'] as readonly string[];
      if (names.length !== 1) return;
      const name = fold(names[0]);
      if (refusedNames.has(name)) this.#refuseFunction(name);
      this.#bareColumns.add(name);
    }
    if (typeof node['function_name'] === 'string') {
      const name = fold(node['function_name']);
      if (!allowedFunctions.has(name)) this.#refuseFunction(name);
      const problem = sizeProblem(name, node['children'] as readonly Node[]);
      if (problem !== null) this.#refuse(problem);
    }
  }

  #visitTableFunction(node: Node, scope: Scope): void {
    const name = fold(node['function_name']);
    if (!allowedTableFunctions.has(name)) this.#refuseFunction(name);
    for (const child of Object.values(node)) this.#visit(child, scope);
  }

  #visitTable(node: Node, scope: Scope): void {
    const [catalog, schema, name] = [node['catalog_name'], node['schema_name'], node['table_name']].map(
      (part) => fold(part ?? ''),
    ) as [string, string, string];
    for (const text of [name, fold(node['alias'] ?? '')]) this.#aliases.add(text);
    const plain = catalog === '' && schema === '';
    if (plain && scope.has(name)) return;
    if ((plain || (catalog === '' && schema === 'main')) && viewNames.includes(name)) return;
    const path = [catalog, schema, name].filter((part) => part !== '').join('.');
    this.#refuse(`There is no table ${path} to read; there are ${viewNames.join(', ')}.`);
  }

  /** DESCRIBE and SUMMARIZE hold a query; SHOW TABLES and its like ask for the catalog. */
  #visitShow(node: Node): void {
    this.#everything = true;
    if (node['query'] !== null && node['query'] !== undefined) return;
    this.#refuse(
      `SHOW tells nothing here: there are the tables ${viewNames.join(', ')}. DESCRIBE flows tells a table's columns.`,
    );
  }

  #checkKnown({ class: expression, type }: Node): void {
    const unknown =
      expression === undefined
        ? typeof type === 'string' && !type.endsWith('_TYPE_INFO') && !knownTypes.has(type)
        : !knownClasses.has(String(expression));
    if (unknown) this.#refuse(`The SQL has a part that is not allowed here: ${String(expression ?? type)}.`);
  }

  #refuseFunction(name: string): never {
    return this.#refuse(
      `The function ${name} is not allowed: SQL here reads ${viewNames.join(', ')} and nothing else.`,
    );
  }
}

/** As DuckDB compares names: only the letters A to Z have two cases. */
function fold(name: unknown): string {
  return String(name).replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
