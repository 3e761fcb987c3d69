import type { Answer, Cell } from '../../model/query/answer.ts';
import { type Span, bucketEnd } from '../time/buckets.ts';

/** An answer of one period, or of two: `before` has the same rows with the amounts of the other period. */
export interface Periods {
  readonly answer: Answer;
  /** Null: nothing was compared. */
  readonly before: Answer | null;
}

const made = new WeakMap<Answer, Periods>();

/**
 * Takes an answer with `…_previous` and `…_delta` columns apart, so that each period reads like any answer.
 * For the same answer it gives the same object: what hangs on it is then not drawn again.
 */
export function periodsOf(answer: Answer): Periods {
  let periods = made.get(answer);
  if (periods === undefined) {
    const compared = answer.columns.some((column) => column.kind === 'previous');
    periods = compared
      ? { answer: only(answer, 'measure'), before: only(answer, 'previous') }
      : { answer, before: null };
    made.set(answer, periods);
  }
  return periods;
}

function only(answer: Answer, kind: 'measure' | 'previous'): Answer {
  const splits = answer.columns.filter((column) => column.kind === 'split').length;
  const measures = answer.columns.slice(splits);
  const kept = measures.flatMap((column, at) => (column.kind === kind ? at : []));
  const pick = (values: readonly Cell[], from: number): readonly Cell[] =>
    kept.map((at) => values[from + at] ?? null);
  return {
    ...answer,
    columns: [...answer.columns.slice(0, splits), ...kept.flatMap((at) => measures[at] ?? [])],
    rows: answer.rows.map((row) => [...row.slice(0, splits), ...pick(row, splits)]),
    other: answer.other?.map((row) => ({ ...row, values: pick(row.values, 0) })) ?? null,
    hidden: answer.hidden === null ? null : { ...answer.hidden, values: pick(answer.hidden.values, 0) },
    subtotals: answer.subtotals?.map((row) => ({ ...row, values: pick(row.values, 0) })) ?? null,
  };
}

/** The span that a range is compared with. */
export function earlier(range: Span, shift: string, timezone: string): Span {
  return { from: moved(range.from, shift, timezone), to: moved(range.to, shift, timezone) };
}

/** The instant that lands on `instant` when it is moved forward by a shift; on the calendar, as the engine does. */
function moved(instant: number, shift: string, timezone: string): number {
  const guess = 2 * instant - bucketEnd(instant, shift, timezone);
  return guess + (instant - bucketEnd(guess, shift, timezone));
}

/** Spans of the other period, where they lie on this period's axis. */
export function shiftOntoRange(spans: readonly Span[], shift: string, timezone: string): readonly Span[] {
  const forward = (instant: number): number =>
    Number.isFinite(instant) ? bucketEnd(instant, shift, timezone) : instant;
  return spans.map(({ from, to }) => ({ from: forward(from), to: forward(to) }));
}
