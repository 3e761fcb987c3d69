import { BATCH, quote } from '../../sql/dialects/druid/druid-layout.ts';
import { type Cut, notDropped } from './cuts.ts';

/** Which batches a question sees. Those that begin while it is answered are not among them. */
export interface SeenBatches {
  /** Batches that had begun and not ended: nothing of them is seen. */
  readonly hidden: readonly string[];
  /** Batches that begin later have names between these two. */
  readonly later: { readonly after: string; readonly before: string };
  /** What of the others was dropped. */
  readonly cuts: readonly Cut[];
}

/** That a row is of a batch that is seen. @param bind makes the `?` of a text */
export function visible(
  { hidden, later, cuts }: SeenBatches,
  bind: (text: string) => string,
): readonly string[] {
  const batch = quote(BATCH);
  const begunLater = `NOT (${batch} > ${bind(later.after)} AND ${batch} < ${bind(later.before)})`;
  const begun = hidden.length === 0 ? [] : [`${batch} NOT IN (${hidden.map(bind).join(', ')})`];
  return [begunLater, ...begun, ...notDropped(cuts, bind)];
}
