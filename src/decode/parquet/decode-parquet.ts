import type { FileMetaData } from 'hyparquet';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { layoutOfKeys, stampName, tellsFlow } from '../field-names.ts';
import { isOcsf, ocsfColumns, ocsfFlow } from '../json/ocsf.ts';
import { KeyedRecords } from '../json/keyed-records.ts';
import { FlowEvidence, notFlowLogs } from '../kinds/flow-evidence.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import type { ColumnBinding } from '../part/column-binding.ts';
import { UNKNOWN } from '../part/scratch-column.ts';
import { momentSeconds } from '../value/moment.ts';
import { closeRecord, excused, statusOf } from '../value/write-record.ts';
import { readColumn } from './parquet-columns.ts';
import { readMetadata, unreadableParquet } from './parquet-metadata.ts';
import type { ParquetSource } from './parquet-source.ts';
import { typedText, writeTypedValue } from './write-typed-value.ts';

/** Values in memory at once: a row group with more is read in several goes. */
const WINDOW_VALUES = 8_388_608;
const MIN_WINDOW_ROWS = 65_536;

type Columns = readonly ArrayLike<unknown>[];

/**
 * Decodes a Parquet file, row group by row group. Yields parts as they fill up; the last stays in
 * the builder. A quarantined row is shown as a line of its values, `-` where there is none.
 *
 * @throws PeepholeError `unreadable_input` if it is cut short, corrupt, or no flow log.
 */
export async function* decodeParquet(file: ParquetSource, builder: PartBuilder): AsyncGenerator<DecodedPart> {
  const { metadata, columns: all } = await readMetadata(file);
  const ocsf = isOcsf((name) => all.includes(name));
  const columns = ocsf ? all.filter((name) => ocsfColumns.includes(name)) : all;
  const write = ocsf ? ocsfWriter(builder, columns) : flowWriter(builder, columns);
  const windowRows = Math.max(MIN_WINDOW_ROWS, Math.floor(WINDOW_VALUES / columns.length));
  for (const [from, to] of windows(metadata, windowRows)) {
    const values: ArrayLike<unknown>[] = [];
    for (const column of columns)
      values.push(await readable(() => readColumn(file, metadata, column, from, to)));
    for (let i = 0; i < to - from; i += 1) {
      if (builder.full) {
        builder.makeRoom();
        yield* builder.drain();
      }
      const reason = write(values, i);
      if (reason !== null) {
        const text = values.map((column) => typedText(column[i])).join(' ');
        builder.quarantine(from + i + 1, reason, text);
      }
    }
  }
}

/** What writes one row into the builder: returns what is wrong with it, or null. */
type RowWriter = (values: Columns, i: number) => string | null;

function flowWriter(builder: PartBuilder, columns: readonly string[]): RowWriter {
  const layout = tellsFlow(columns) ? layoutOfKeys(columns) : 'no column is a flow-log field';
  if (typeof layout === 'string') {
    const has = columns.slice(0, 8).join(', ');
    throw notFlowLogs('a Parquet file of another kind', `${layout}. Its columns: ${has}.`);
  }
  const stamp = columns.indexOf(stampName(columns) ?? '');
  // A timestamp that is the record's time is not kept beside it.
  const left = layout.names.includes('start') ? -1 : stamp;
  return (values, i) => {
    const binding = builder.use(layout.names);
    if (stamp < 0) return writeRow(builder, binding, values, i, left);
    builder.stamp = momentSeconds(values[stamp]![i]);
    const reason = writeRow(builder, binding, values, i, left);
    builder.stamp = null;
    return reason;
  };
}

function ocsfWriter(builder: PartBuilder, columns: readonly string[]): RowWriter {
  const keyed = new KeyedRecords(builder, new FlowEvidence());
  return (values, i) => {
    const flow = ocsfFlow(Object.fromEntries(columns.map((name, place) => [name, values[place]![i]])));
    return flow === null
      ? 'this is an OCSF record of another class than Network Activity'
      : keyed.write(flow);
  };
}

/** `left`: a column that is left out; -1: none is. */
function writeRow(
  builder: PartBuilder,
  binding: ColumnBinding,
  values: Columns,
  i: number,
  left: number,
): string | null {
  const status = binding.status < 0 ? null : statusOf(typedText(values[binding.status]![i]));
  let unknown: string[] | null = null;
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place]![i];
    if (binding.kinds[place] === UNKNOWN) {
      (unknown ??= []).push(place === left ? '-' : typedText(value));
      continue;
    }
    const column = binding.columns[place]!;
    const reason = excused(builder, column, status, writeTypedValue(builder, column, value));
    if (reason !== null) return closeRecord(builder, binding, reason, null, NONE);
  }
  return closeRecord(builder, binding, null, status, unknown ?? NONE);
}

const NONE: readonly string[] = [];

/** Row ranges that cover the file, none across row groups. */
function* windows(metadata: FileMetaData, rows: number): Generator<readonly [from: number, to: number]> {
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    for (let from = start; from < end; from += rows) yield [from, Math.min(end, from + rows)];
    start = end;
  }
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreadableParquet(error);
  }
}
