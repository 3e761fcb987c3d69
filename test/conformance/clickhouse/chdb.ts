import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { clickhouseSettings } from '../../../src/sql/dialects/clickhouse/clickhouse-settings.ts';
import { ROWS_FORMAT, readRows } from '../../../src/sql/dialects/clickhouse/clickhouse-rows.ts';
import type { Parameter } from '../../../src/sql/binder.ts';

/** Where `npm run test:clickhouse` puts ClickHouse: 550 MB that nobody else needs. */
const home = fileURLToPath(new URL('../../../.cache/clickhouse/package.json', import.meta.url));

/** Why the suite does not run here; null: it does. */
export const whyNot: string | null =
  process.env['PEEPHOLE_CLICKHOUSE'] === undefined
    ? 'asked for by npm run test:clickhouse only'
    : existsSync(home)
      ? null
      : 'ClickHouse (chdb) is not installed: npm run test:clickhouse installs it';

interface Session {
  query(sql: string, format?: string): string;
  queryBind(sql: string, params: object, format?: string): string;
  insert(rows: { table: string; values: Buffer; format: 'JSONEachRow' }): Promise<unknown>;
  close(): void;
}

/** The one ClickHouse that a process can have, opened when it is first needed. */
let session: Session | null = null;
let databases = 0;

function opened(): Session {
  if (session === null) {
    const { Session: open } = createRequire(home)('chdb') as {
      Session: new (path: undefined, options: { readonly connectionArgs: readonly string[] }) => Session;
    };
    const connectionArgs = Object.entries(clickhouseSettings).map(([name, value]) => `--${name}=${value}`);
    session = new open(undefined, { connectionArgs });
  }
  return session;
}

export function closeClickHouse(): void {
  session?.close();
  session = null;
}

/** A database of its own in ClickHouse, in this process: what a later engine will do over HTTP, with the same statements. */
export class ChdbDatabase {
  readonly #name = `d${databases++}`;

  constructor() {
    opened().query(`CREATE DATABASE ${this.#name} ENGINE = Atomic`);
  }

  run(sql: string, params: readonly Parameter[] = []): readonly (readonly unknown[])[] {
    const here = opened();
    // Statements end before the next begins, so whoever else is there can't change the database between.
    here.query(`USE ${this.#name}`);
    const named = Object.fromEntries(params.map((value, i) => [`p${i + 1}`, String(value)]));
    const text = params.length === 0 ? here.query(sql, ROWS_FORMAT) : here.queryBind(sql, named, ROWS_FORMAT);
    return readRows(text);
  }

  /** @param rows by column; whole numbers may be bigint */
  async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    if (rows.length === 0) return;
    const lines = rows.map((row) =>
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
    await opened().insert({
      table: `${this.#name}.${table}`,
      values: Buffer.from(lines.join('\n')),
      format: 'JSONEachRow',
    });
  }

  drop(): void {
    opened().query(`DROP DATABASE IF EXISTS ${this.#name}`);
  }
}
