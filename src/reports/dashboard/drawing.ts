import { comparableOf, isComparable } from '../../view/chart-layout/comparable.ts';
import { formatChange } from '../../view/format/numbers.ts';
import { formatMoment } from '../../view/format/times.ts';
import { valueRuns } from '../../view/format/names.ts';
import { shiftOf } from '../../view/comparison.ts';
import type { Schema } from '../../view/schema.ts';
import type { View } from '../../view/view.ts';
import type { Span } from '../../view/time/buckets.ts';
import type { Cell } from '../../model/query/answer.ts';
import { escapeHtml as h } from '../../report/escape-html.ts';

/** Settings of all drawings of a report. */
export interface Drawing {
  readonly schema: Schema;
  /** Names of addresses. */
  readonly names: ReadonlyMap<string, string>;
  /** IANA name. */
  readonly timezone: string;
}

/** A value of a dimension as HTML, with the name beside it. */
export function valueHtml({ schema, names, timezone }: Drawing, field: string, value: Cell): string {
  if (field === 'time' && typeof value === 'string') return h(formatMoment(Date.parse(value), timezone));
  const { type } = schema.dimension(field);
  const known = typeof value === 'string' ? (names.get(value) ?? null) : null;
  return valueRuns(field, type, value, known)
    .map(({ text, mono, soft }) => {
      const classes = [mono ? 'mono' : '', soft ? 'dim' : ''].filter((each) => each !== '').join(' ');
      return classes === '' ? h(text) : `<span class="${classes}">${h(text)}</span>`;
    })
    .join('');
}

/** As `valueHtml`, but plain text for SVG. */
export function valueWords({ schema, names }: Drawing, field: string, value: Cell): string {
  const known = typeof value === 'string' ? (names.get(value) ?? null) : null;
  return valueRuns(field, schema.dimension(field).type, value, known)
    .map(({ text }) => text)
    .join('');
}

/** What stands for the change of an amount where one of the periods has too few logs. */
export const CHANGE_UNKNOWN = 'change unknown';

/** Texts for changes of amounts; empty: no comparison. */
export function changes(
  view: View,
  range: Span,
  { schema }: Drawing,
): (now: Cell | undefined, before: Cell | undefined, unit: string) => string {
  const shift = shiftOf(view);
  if (shift === null) return () => '';
  const comparable = comparableOf(range, shift, view.timezone, schema.coverage);
  return (now, before, unit) => (isComparable(comparable, unit) ? formatChange(now, before) : CHANGE_UNKNOWN);
}

/** Times along the lower edge of a chart, from its first moment to its last. */
export function timeAxis(range: Span, timezone: string): string {
  const steps = [0, 1 / 3, 2 / 3, 1].map((part) => range.from + part * (range.to - range.from));
  return `<div class="axis">${steps.map((at) => `<span>${h(formatMoment(at, timezone))}</span>`).join('')}</div>`;
}

/** A number of an SVG. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
