import { BIGINT, LIST, UINTEGER, listValue, type DuckDBConnection } from '@duckdb/node-api';
import type { Field } from '../../../model/catalog/field.ts';
import { fields } from '../../../model/catalog/fields.ts';
import { canonicalIpv6, ipv4Number } from '../../../model/query/ip-address.ts';
import { EXTRA } from '../../../model/record/record-batch.ts';
import { duckdbRollups } from '../../../sql/dialects/duckdb/duckdb-rollups.ts';
import { addressDayRollup } from '../../../sql/plan/usual-rollups.ts';
import { closedUntil } from '../closed-days.ts';
import { IPV6_BASE } from '../../../sql/dialects/duckdb/duckdb-layout.ts';
import { columnType } from '../staged-column.ts';
import type { Dictionary } from '../dictionary.ts';
import { insertRolledUp, keeps } from '../rollups.ts';

const TABLES = ['flow', 'coverage_record'] as const;
/** Texts of unknown fields that are looked at together. */
const SLICE = 20_000;

/**
 * Gives values their column that were logged while the catalog did not know their field: they lie in the column `extra`,
 * as JSON by the names that they came with. All of a field in one transaction, with the rollups; what can't be a value of
 * the field stays where it is. Each name is done once.
 */
export async function adoptFields(
  api: DuckDBConnection,
  dictionary: Dictionary,
  catalog: readonly Field[] = fields,
): Promise<void> {
  const rows = (
    await api.runAndReadAll('SELECT name FROM extra_field WHERE name NOT IN (SELECT name FROM adopted_field)')
  ).getRows();
  for (const [name] of rows) {
    const field = catalog.find(({ aws }) => letters(aws) === letters(String(name)));
    if (field !== undefined) await adoptField(api, dictionary, String(name), field);
  }
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

async function adoptField(
  api: DuckDBConnection,
  dictionary: Dictionary,
  name: string,
  field: Field,
): Promise<void> {
  await api.run('BEGIN TRANSACTION');
  try {
    await api.run(
      'CREATE OR REPLACE TEMP TABLE adopted (old UINTEGER NOT NULL, value BIGINT NOT NULL, rest UINTEGER)',
    );
    const left = await listValues(api, dictionary, name, field);
    for (const table of TABLES) await moveValues(api, table, field);
    await rollUpAgain(api, field);
    await api.run('INSERT INTO adopted_field VALUES ($1)', [name]);
    if (!left) await api.run('DELETE FROM extra_field WHERE name = $1', [name]);
    await api.run('DROP TABLE temp.adopted');
    dictionary.save();
    await api.run('COMMIT');
  } catch (error) {
    await api.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

interface Adopted {
  /** The id of the text in `extra`. */
  readonly old: number;
  readonly value: number | bigint | string;
  /** What is left of the text; null: nothing. */
  readonly rest: string | null;
}

/** Fills the table `adopted`: what each text in `extra` holds of the field. Says whether a value stays behind. */
async function listValues(
  api: DuckDBConnection,
  dictionary: Dictionary,
  name: string,
  field: Field,
): Promise<boolean> {
  const used = [];
  for (const table of TABLES) if (await hasColumn(api, table, EXTRA)) used.push(`SELECT extra FROM ${table}`);
  if (used.length === 0) return false;
  let left = false;
  for (let last = 0; ;) {
    const rows = (
      await api.runAndReadAll(
        `SELECT id, value FROM dictionary WHERE id > $1 AND id IN (${used.join(' UNION ')}) ORDER BY id LIMIT ${SLICE}`,
        [last],
      )
    ).getRows();
    if (rows.length === 0) return left;
    last = Number(rows.at(-1)?.[0]);
    const adopted = rows.map(([id, text]) => read(Number(id), String(text), name, field));
    left ||= adopted.includes('not a value');
    await keep(
      api,
      dictionary,
      field,
      adopted.filter((one) => typeof one === 'object'),
    );
  }
}

function read(old: number, text: string, name: string, field: Field): Adopted | 'absent' | 'not a value' {
  const { [name]: found, ...others } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (found === undefined) return 'absent';
  const value = valueOf(field, String(found));
  if (value === null) return 'not a value';
  return { old, value, rest: Object.keys(others).length === 0 ? null : JSON.stringify(others) };
}

/** The value that a text is of a field: a number, or a text that the dictionary has to number. Null: it can't be one. */
function valueOf({ type, max, values }: Field, text: string): Adopted['value'] | null {
  switch (type) {
    case 'integer':
    case 'time': {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : null;
      return value === null || value > (type === 'integer' ? (max ?? 0) : MAX_TIME) ? null : value;
    }
    case 'counter': {
      const value = /^\d{1,19}$/.test(text) ? BigInt(text) : null;
      return value === null || value > MAX_COUNTER ? null : value;
    }
    case 'address': {
      const number = ipv4Number(text);
      return number >= 0 ? number : canonicalIpv6(text);
    }
    case 'text':
      return values === null || values.includes(text) ? text : null;
  }
}

const MAX_TIME = 2 ** 32 - 1;
const MAX_COUNTER = 2n ** 63n - 1n;

async function keep(
  api: DuckDBConnection,
  dictionary: Dictionary,
  field: Field,
  adopted: readonly Adopted[],
): Promise<void> {
  if (adopted.length === 0) return;
  const texts = adopted
    .flatMap(({ value, rest }) => [value, rest])
    .filter((text) => typeof text === 'string');
  const distinct = [...new Set(texts)];
  const numbers = await dictionary.idsOf(['', ...distinct]);
  const ids = new Map(distinct.map((text, index) => [text, numbers[index + 1] ?? 0]));
  const stored = adopted.map(({ value }) => {
    if (typeof value !== 'string') return BigInt(value);
    return BigInt(ids.get(value) ?? 0) + (field.type === 'address' ? BigInt(IPV6_BASE) : 0n);
  });
  await api.run(
    'INSERT INTO temp.adopted SELECT unnest($1), unnest($2), unnest($3)',
    [
      listValue(adopted.map(({ old }) => old)),
      listValue(stored),
      listValue(adopted.map(({ rest }) => (rest === null ? null : (ids.get(rest) ?? null)))),
    ],
    [LIST(UINTEGER), LIST(BIGINT), LIST(UINTEGER)],
  );
}

async function moveValues(api: DuckDBConnection, table: string, { name }: Field): Promise<void> {
  if (!(await hasColumn(api, table, EXTRA))) return;
  await addColumn(api, table, name);
  await api.run(
    `UPDATE ${table} SET "${name}" = a.value, ${EXTRA} = a.rest FROM temp.adopted a WHERE ${table}.${EXTRA} = a.old`,
  );
}

/** The hours in which the field is found now, in the rollups that keep it. Hours of which only sums are left stay as they are. */
async function rollUpAgain(api: DuckDBConnection, { name }: Field): Promise<void> {
  if (!(await hasColumn(api, 'flow', name))) return;
  const stored = await columnsOf(api, 'flow');
  for (const rollup of duckdbRollups.filter((one) => keeps(one, name))) {
    await addColumn(api, rollup.table, name);
    await api.run(
      `CREATE OR REPLACE TEMP TABLE adopted_hour AS
       SELECT DISTINCT hour // ${rollup.hours} AS part FROM flow WHERE "${name}" IS NOT NULL`,
    );
    // Days that are not closed yet have no rows in that of addresses.
    const [closed] = (await api.runAndReadAll(closedUntil)).getRows();
    const open = rollup === addressDayRollup ? ` AND hour < ${String(closed?.[0] ?? 0)}` : '';
    const among = `EXISTS (FROM temp.adopted_hour a WHERE a.part IS NOT DISTINCT FROM hour // ${rollup.hours})${open}`;
    await api.run(`DELETE FROM ${rollup.table} WHERE ${among}`);
    const kept = stored.filter((column) => keeps(rollup, column));
    await insertRolledUp(api, rollup, kept, stored, `(SELECT * FROM flow WHERE ${among})`);
  }
}

async function addColumn(api: DuckDBConnection, table: string, name: string): Promise<void> {
  if (!(await hasColumn(api, table, name)))
    await api.run(`ALTER TABLE ${table} ADD COLUMN "${name}" ${columnType(name)}`);
}

async function hasColumn(api: DuckDBConnection, table: string, name: string): Promise<boolean> {
  return (await columnsOf(api, table)).includes(name);
}

async function columnsOf(api: DuckDBConnection, table: string): Promise<readonly string[]> {
  const rows = await api.runAndReadAll(
    'SELECT column_name FROM duckdb_columns() WHERE table_name = $1 AND database_name = current_database()',
    [table],
  );
  return rows.getRows().map(([column]) => String(column));
}
