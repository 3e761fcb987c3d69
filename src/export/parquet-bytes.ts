import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Cell } from '../model/query/answer.ts';
import type { ExportColumn, ExportTable } from './table.ts';

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];
type SchemaElement = Schema[number];

/** Rows of one row group at most, and values: a group is held in memory until it is written. */
const MOST_ROWS = 50_000;
const MOST_VALUES = 200_000;

/** Parquet, a row group at a time: only one is ever held. Every column may be null; times are UTC milliseconds. */
export async function* parquetBytes(table: ExportTable): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const schema: Schema = [
    { name: 'root', num_children: table.columns.length },
    ...table.columns.map(elementOf),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'peephole' });
  const group = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / table.columns.length)));
  let held: (readonly Cell[])[] = [];
  const take = (): Uint8Array => {
    // The writer's offset goes on counting; what it holds starts again.
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const write = async (): Promise<void> => {
    const columnData = table.columns.map((column, at) => ({
      name: column.name,
      data: held.map((row) => valueOf(row[at] ?? null, column)),
    }));
    await writer.write({ columnData, rowGroupSize: group });
    held = [];
  };
  for await (const rows of table.chunks) {
    held.push(...rows);
    if (held.length < group) continue;
    await write();
    yield take();
  }
  if (held.length > 0) await write();
  await writer.finish();
  yield take();
}

function elementOf({ name, type }: ExportColumn): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' as const };
  switch (type) {
    case 'text':
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
    case 'integer':
      return { ...optional, type: 'INT64' };
    case 'number':
      return { ...optional, type: 'DOUBLE' };
    case 'time':
      return { ...optional, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' };
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' };
  }
}

function valueOf(cell: Cell, { type }: ExportColumn): string | number | bigint | boolean | Date | null {
  if (cell === null) return null;
  switch (type) {
    case 'integer':
      return BigInt(cell);
    case 'number':
      return Number(cell);
    case 'time':
      return new Date(String(cell));
    case 'text':
      return String(cell);
    case 'boolean':
      return cell === true;
  }
}
