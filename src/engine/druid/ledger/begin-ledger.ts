import { encodeRecord } from './ledger-record.ts';
import type { MessageLog } from './ledger-topic.ts';

/**
 * Writes the first record of a ledger that has none. Processes of a version that knows no rollup can't read it, and so fill no data
 * source without its rollup; where one of them was first, the ledger has none.
 */
export async function beginLedger(log: MessageLog): Promise<void> {
  const { end } = await log.ends();
  if (end === 0) await log.append([encodeRecord({ kind: 'rollup' })]);
}
