import { gunzipSync } from 'node:zlib';
import { type BatchColumn, EXTRA, NO_RECORDS, type RecordBatch } from '../../../model/record/record-batch.ts';
import type { WriteTransaction } from '../../duckdb/write-transaction.ts';
import type { Step } from './journal.ts';
import { rowsSince } from '../../../model/record/rows-since.ts';
import { fromJson } from './typed-json.ts';

/** Flows that are counted at once. */
const MOST_ROWS = 1_000_000;

/**
 * Does what journals say, in a store's transaction, without flows and coverage from before a second, on a whole hour.
 *
 * @param blocks as `Journal.blocks` made them
 * @returns how many flows were left out
 */
export async function replay(
  blocks: readonly Uint8Array[],
  transaction: WriteTransaction,
  from = 0,
): Promise<number> {
  let leftOut = 0;
  const ids = new Map<number, number>();
  const idOf = (id: number): number => ids.get(id) ?? 0;
  for (const block of blocks)
    for (const line of gunzipSync(block).toString().split('\n')) {
      const step = fromJson(line) as Step;
      switch (step[0]) {
        case 'open':
          ids.set(step[1], transaction.open());
          break;
        case 'stream':
          ids.set(step[1], await transaction.openStream(step[2]));
          break;
        case 'part': {
          const part = { ...step[2], coverage: rowsSince(step[2].coverage, from), flows: NO_RECORDS };
          await transaction.prepare([part]);
          await transaction.append(idOf(step[1]), part);
          break;
        }
        case 'flows': {
          const hours = step[2].filter(([hour]) => hour * 3600 >= from);
          leftOut += sumOf(step[2]) - sumOf(hours);
          for (const flows of flowsOf(hours, step[3], step[4])) {
            const part = { flows, coverage: NO_RECORDS, nodata: 0, skipdata: 0, quarantined: [] };
            await transaction.prepare([part]);
            await transaction.append(idOf(step[1]), part);
          }
          break;
        }
        case 'close':
          transaction.close(idOf(step[1]), step[2], step[3]);
          break;
        case 'close-stream':
          transaction.closeStream(idOf(step[1]), step[2]);
          break;
        case 'count':
          transaction.sources.count(step[1], step[2]);
          break;
        case 'positions':
          transaction.sources.savePositions(step[1], new Map(step[2]));
          break;
        case 'objects':
          transaction.sources.saveObjects(step[1]);
          break;
        case 'ids':
          transaction.sources.saveIds(step[1], step[2]);
          break;
        case 'drop-ids':
          transaction.sources.dropIds(step[1], step[2]);
          break;
        case 'fields':
          await transaction.noteFields(step[1]);
          break;
      }
    }
  return leftOut;
}

function sumOf(hours: readonly (readonly [number, number])[]): number {
  return hours.reduce((sum, [, flows]) => sum + flows, 0);
}

/** Flows of which only the hours are known. */
function* flowsOf(
  hours: readonly (readonly [number, number])[],
  untimed: number,
  extra: readonly string[],
): Generator<RecordBatch> {
  let more = extra;
  const batch = (rows: number, hour: number | null): RecordBatch => {
    const columns: BatchColumn[] = [];
    if (hour !== null)
      columns.push({
        kind: 'time',
        field: 'start',
        values: new Uint32Array(rows).fill(hour * 3600),
        nulls: null,
      });
    const codes = new Uint32Array(rows);
    const texts = [''];
    if (more.length > 0) {
      codes[0] = 1;
      texts.push(JSON.stringify(Object.fromEntries(more.map((name) => [name, '']))));
      columns.push({ kind: 'text', field: EXTRA, codes });
    }
    more = [];
    return { rows, columns, texts };
  };
  for (const [hour, flows] of [...hours, ...(untimed > 0 ? [[null, untimed] as const] : [])])
    for (let left = flows; left > 0; left -= MOST_ROWS) yield batch(Math.min(left, MOST_ROWS), hour);
}
