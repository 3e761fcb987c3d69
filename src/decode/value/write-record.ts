import type { PartBuilder } from '../part/part-builder.ts';
import type { Plan } from '../part/plan.ts';
import { STATUS, UNKNOWN } from '../part/scratch-column.ts';
import { HASH_PRIME, HASH_START } from '../part/token-table.ts';
import { writeValue } from './write-value.ts';

/**
 * Writes a record given as texts, one per place of the builder's current plan (`-` or '' is no
 * value), and commits it. Returns what is wrong with it, or null; then nothing was committed.
 */
export function writeRecord(builder: PartBuilder, plan: Plan, values: readonly string[]): string | null {
  let status: string | null = null;
  let reason: string | null = null;
  for (let place = 0; place < values.length && reason === null; place += 1) {
    const column = plan.columns[place]!;
    reason = writeValue(builder, column, values[place]!);
    if (column.kind === STATUS && values[place] !== '-' && values[place] !== '') status = values[place]!;
  }
  reason ??= timesReason(builder, plan);
  if (reason !== null) {
    builder.discard();
    return reason;
  }
  if (plan.extras !== null) writeExtra(builder, plan, values);
  builder.commit(status);
  return null;
}

/** `end is before start`, if so in the current row. */
function timesReason(builder: PartBuilder, plan: Plan): string | null {
  if (plan.start < 0 || plan.end < 0) return null;
  const row = builder.rows;
  const start = plan.columns[plan.start]!;
  const end = plan.columns[plan.end]!;
  if (start.nulls[row] === 1 || end.nulls[row] === 1 || end.data[row]! >= start.data[row]!) return null;
  return 'end is before start';
}

function writeExtra(builder: PartBuilder, plan: Plan, values: readonly string[]): void {
  const unknown = values.filter((_, place) => plan.kinds[place] === UNKNOWN);
  const bytes = Buffer.from(unknown.map((value) => value.replaceAll('\n', ' ')).join('\n'));
  let hash = HASH_START;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, HASH_PRIME);
  plan.columns[plan.extra]!.data[builder.rows] = plan.extras!.code(bytes, 0, bytes.length, hash);
}
