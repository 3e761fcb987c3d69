import { isMeasureName } from '../model/catalog/measure-expression.ts';
import type { Having } from '../model/query/query.ts';
import { parseSortKey } from '../model/query/sort-measure.ts';
import { parseDuration } from './time/iso-duration.ts';
import { isTimezone } from './time/local-time.ts';
import { writeHaving } from './having.ts';
import type { WordKind } from './url-lexer.ts';
import { readClause, writeClause } from './url-clause.ts';
import { isAmount } from './splits.ts';
import { isoTime, readAbsolute } from './url-time.ts';
import { readSort, readSplit, writeSort, writeSplit } from './url-split.ts';
import { type TimeChoice, type View, defaultPins, lineStyles, withRecordsOrder } from './view.ts';
import { type Visualization, visualizations } from './visualizations.ts';

/** The version of the grammar. A change that old links would not survive needs a new one and a reader for this. */
export const URL_VERSION = '1';

/** What the reader and the writer must know of a field; null: there is no such field. */
export type Vocabulary = (field: string) => WordKind | null;

/** The view as a query string, `?v=1&last=P7D&f=action:REJECT&split=srcaddr~50&m=flows&tz=Etc/UTC`. */
export function writeUrl(view: View, vocabulary: Vocabulary): string {
  const pairs: [string, string][] = [['v', URL_VERSION], ...writeTime(view.time)];
  for (const clause of view.filters) {
    pairs.push(['f', writeClause(clause, vocabulary(clause.field) ?? 'other')]);
  }
  for (const condition of view.having) pairs.push(['h', writeHaving(condition)]);
  for (const split of view.splits) pairs.push(['split', writeSplit(split)]);
  pairs.push(['m', view.measures.join(',')]);
  if (view.chartMeasure !== null) pairs.push(['of', view.chartMeasure]);
  if (view.compare !== null)
    pairs.push(['compare', view.compare === 'previous' ? 'previous' : view.compare.shift]);
  if (view.pins.join() !== defaultPins.join()) pairs.push(['pin', view.pins.join(',')]);
  if (view.visualization !== null) pairs.push(['show', view.visualization]);
  if (view.lines !== null) pairs.push(['lines', view.lines]);
  pairs.push(...writePercent(view), ...writeOrder(view));
  pairs.push(['tz', view.timezone]);
  return searchOf(pairs);
}

/** The part of a view that says which rows its answer has, and in what order. */
export function writeRows(
  view: Pick<View, 'splits' | 'having' | 'percent' | 'recordsOrder'>,
): [string, string][] {
  return [
    ...view.having.map((condition): [string, string] => ['h', writeHaving(condition)]),
    ...view.splits.map((split): [string, string] => ['split', writeSplit(split)]),
    ...writePercent(view),
    ...writeOrder(view),
  ];
}

function writePercent({ percent }: Pick<View, 'percent'>): [string, string][] {
  return percent === null ? [] : [['percent', percent === 'total' ? '1' : 'parent']];
}

function writeOrder({ recordsOrder }: Pick<View, 'recordsOrder'>): [string, string][] {
  if (recordsOrder === null) return [];
  return [['sort', writeSort({ by: recordsOrder.field, order: recordsOrder.order })]];
}

/** A query string that reads well. */
export function searchOf(pairs: readonly (readonly [string, string])[]): string {
  return `?${pairs.map(([name, value]) => `${name}=${readable(value)}`).join('&')}`;
}

/** A view and what of the URL could not be read, as sentences for the user. */
export interface ReadUrl {
  readonly view: View;
  readonly notices: readonly string[];
}

/** Reads a query string. What is missing or can't be read is as in `base`; never throws. */
export function readUrl(search: string, base: View, vocabulary: Vocabulary): ReadUrl {
  const notices: string[] = [];
  const unread = (name: string, value: string, why: string): void => {
    notices.push(`“${name}=${shorten(value)}” was ignored: ${why}.`);
  };
  let view = base;
  let from: string | null = null;
  let to: string | null = null;
  for (const [name, value] of new URLSearchParams(search)) {
    switch (name) {
      case 'v':
        if (value !== URL_VERSION)
          notices.push('This link is from another version of Peephole; parts may be missing.');
        break;
      case 'last':
        if (parseDuration(value) === null) unread(name, value, 'it is not an ISO 8601 duration such as P7D');
        else view = { ...view, time: { kind: 'last', last: value } };
        break;
      case 'time':
        if (value === 'all') view = { ...view, time: { kind: 'all' } };
        else unread(name, value, 'only “all” is known');
        break;
      case 'from':
        from = value;
        break;
      case 'to':
        to = value;
        break;
      case 'f': {
        const clause = readClause(value, (field) => vocabulary(field) ?? 'other');
        if (clause === null) unread(name, value, 'it is no filter');
        else if (vocabulary(clause.field) === null) unread(name, value, 'there is no such dimension');
        else view = { ...view, filters: [...view.filters, clause] };
        break;
      }
      case 'split': {
        const split = readSplit(value);
        if (split === null) unread(name, value, 'it is no split');
        else if (vocabulary(split.field) === null) unread(name, value, 'there is no such dimension');
        else if (view.splits.some((each) => each.field === split.field))
          unread(name, value, 'it is there twice');
        else view = { ...view, splits: [...view.splits, split] };
        break;
      }
      case 'h': {
        const condition = readHaving(value);
        if (condition === null) unread(name, value, 'it is not a condition on a measure');
        else view = { ...view, having: [...view.having, condition] };
        break;
      }
      case 'compare':
        if (value === 'previous') view = { ...view, compare: 'previous' };
        else if (parseDuration(value) !== null) view = { ...view, compare: { shift: value } };
        else unread(name, value, 'it is not an ISO 8601 duration such as P7D');
        break;
      case 'pin': {
        const fields = [...new Set(value.split(',').filter((each) => each !== ''))];
        const pins = fields.filter((field) => vocabulary(field) !== null && !isAmount(field));
        if (fields.some(isAmount)) unread(name, value, 'byte and packet counts can’t be pinned');
        else if (pins.length < fields.length) unread(name, value, 'not every name is a dimension');
        view = { ...view, pins };
        break;
      }
      case 'm': {
        const names = [...new Set(value.split(','))];
        const measures = names.filter(isMeasureName);
        if (measures.length < names.length) unread(name, value, 'not every name is a measure');
        if (measures.length > 0) view = { ...view, measures };
        break;
      }
      case 'of':
        if (isMeasureName(value)) view = { ...view, chartMeasure: value };
        else unread(name, value, 'there is no such measure');
        break;
      case 'show':
        if (isVisualization(value)) view = { ...view, visualization: value };
        else unread(name, value, 'there is no such visualization');
        break;
      case 'lines': {
        const lines = lineStyles.find((each) => each === value);
        if (lines === undefined) unread(name, value, 'lines are not drawn so');
        else view = { ...view, lines };
        break;
      }
      case 'percent':
        view = { ...view, percent: value === '1' ? 'total' : value === 'parent' ? 'parent' : null };
        break;
      case 'sort': {
        const sort = readSort(value);
        if (sort === null) unread(name, value, 'it is no order such as bytes.desc');
        else view = withRecordsOrder(view, { field: sort.by, order: sort.order });
        break;
      }
      case 'tz':
        if (isTimezone(value)) view = { ...view, timezone: value };
        else unread(name, value, 'there is no such time zone');
        break;
      default:
        unread(name, value, 'it is not a known parameter');
    }
  }
  if (from !== null || to !== null) {
    const span = readAbsolute(from ?? undefined, to ?? undefined);
    if (span === null) unread('from', `${from ?? ''}&to=${to ?? ''}`, 'they are not two times in order');
    else view = { ...view, time: { kind: 'absolute', ...span } };
  }
  if (view.chartMeasure !== null && !view.measures.includes(view.chartMeasure)) {
    unread('of', view.chartMeasure, 'it is not among the measures');
    view = { ...view, chartMeasure: null };
  }
  return { view: sortable(view), notices };
}

/** Reads `flows:1000..`; null if it is not a condition. */
function readHaving(source: string): Having | null {
  const match = /^([^:]+):(-?[\d.]+(?:e[+-]?\d+)?)?\.\.(-?[\d.]+(?:e[+-]?\d+)?)?$/i.exec(source);
  const measure = match?.[1] ?? '';
  if (match === null || !isMeasureName(measure)) return null;
  const [low, high] = [match[2], match[3]].map((end) => (end === undefined ? null : Number(end)));
  if (low === undefined || high === undefined || (low === null && high === null)) return null;
  return Number.isNaN(low) || Number.isNaN(high) ? null : { measure, low, high };
}

export function writeTime(time: TimeChoice): [string, string][] {
  switch (time.kind) {
    case 'last':
      return [['last', time.last]];
    case 'absolute':
      return [
        ['from', isoTime(time.from)],
        ['to', isoTime(time.to)],
      ];
    case 'all':
      return [['time', 'all']];
  }
}

/** Sorting by a measure that is not asked for can't be: such splits sort as usual. */
function sortable(view: View): View {
  const names: readonly string[] = view.measures;
  const splits = view.splits.map((split) =>
    split.sort === null ||
    split.sort.by === split.field ||
    names.includes(parseSortKey(split.sort.by)?.measure ?? '')
      ? split
      : { ...split, sort: null },
  );
  return { ...view, splits };
}

function isVisualization(name: string): name is Visualization {
  return (visualizations as readonly string[]).includes(name);
}

/** Percent-encoded, except what is legal in a query string and good to read. */
function readable(value: string): string {
  return encodeURIComponent(value)
    .replace(/%(3A|2C|2F|40)/g, (code) => decodeURIComponent(code))
    .replaceAll('%20', '+');
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
