import { MAX_VALUES } from '../../src/model/query/limits.ts';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { nameOf } from '../../src/view/format/names.ts';
import { type Interval, type NumberItem, next, readNumberItem } from './number-item.ts';
import { type About, type Meaning, fault, listed } from './meaning.ts';
import { plainRanges, splitItems } from './split-items.ts';

/** How many values a line lists before it shows only their number. */
const NAMED = 4;

/**
 * Parses the text of a filter on numbers, in addition to selected values: numbers, names, ranges and bounds; several of
 * them separated by commas, spaces or line feeds.
 */
export function understandNumbers(text: string, chosen: readonly Scalar[], about: About): Meaning {
  const typed = readItems(text, about);
  const wrong = typed.find((item) => item.kind === 'fault');
  if (wrong !== undefined) return fault(wrong.why);
  const values = chosen.flatMap(numberOf);
  const items: readonly NumberItem[] = [
    ...(values.length === 0 ? [] : [{ kind: 'values' as const, values }]),
    ...(chosen.includes(null) ? [{ kind: 'none' as const }] : []),
    ...typed,
  ];
  if (items.length === 0) return { kind: 'nothing', hint: hintOf(about) };
  return meaningOf(items, about);
}

function hintOf({ type, field }: About): string {
  if (type === 'counter') return 'Numbers and ranges: 1000, >1000, 1k-5M';
  return nameOf(field, 443) === null
    ? 'Numbers and ranges: 6, 17, 30-40, >100'
    : 'Numbers, names and ranges: 22, https, 8000-8100, >1023';
}

/** A selected value as a number: answers give those beyond 2^53 as text. */
function numberOf(value: Scalar): readonly (number | bigint)[] {
  if (typeof value === 'number' || typeof value === 'bigint') return [value];
  return typeof value === 'string' && /^\d+$/.test(value) ? [BigInt(value)] : [];
}

/** The items of a text. A name may contain spaces; otherwise spaces separate items as commas do. */
function readItems(text: string, { field, type }: About): readonly NumberItem[] {
  // Amounts are grouped by commas, ports are not: 80,443 are two.
  const grouped =
    type === 'counter' ? text.replaceAll(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g, ungrouped) : text;
  return splitItems(grouped).flatMap((item) => {
    const whole = readNumberItem(item, field);
    if (whole.kind !== 'fault') return [whole];
    const plain = plainRanges(item)
      .replaceAll(/([<>]=?|[≥≤])\s+/g, '$1')
      .replaceAll(/(?<=\d)\s+(?=(?:b|[kmgt]i?b?)(?![a-z]))/gi, '')
      .replaceAll(/(?<=\d)\s*(?:bytes|packets)\b/gi, '');
    return plain.split(/\s+/).map((piece) => readNumberItem(piece, field));
  });
}

function ungrouped(text: string): string {
  return text.replaceAll(',', '');
}

function meaningOf(items: readonly NumberItem[], about: About): Meaning {
  const { field } = about;
  const intervals: Interval[] = [];
  let none = false;
  let ranges = false;
  for (const item of items) {
    switch (item.kind) {
      case 'range':
        ranges = true;
        intervals.push(item);
        break;
      case 'values':
        intervals.push(...item.values.map((value) => ({ low: value, high: value })));
        break;
      case 'none':
        none = true;
        break;
      case 'fault':
        return fault(item.why);
    }
  }
  const joined = join(intervals);
  const [only] = joined;
  if (ranges && joined.length === 1 && only !== undefined && !none) return between(only, about);
  if (joined.some(({ low, high }) => low === null || high === null))
    return fault('An open range can’t be combined with other values in one filter.');
  const values = valuesIn(joined);
  if (values === null)
    return fault(
      `That is more than ${formatCount(MAX_VALUES)} values: several ranges hold at most so many, one range any number.`,
    );
  const clause: Clause = { kind: 'in', field, values: none ? [...values, null] : values, not: false };
  const words = named(joined, none, about);
  return {
    kind: 'clause',
    clause,
    summary: (found) =>
      `${about.label} is ${words}${found === null ? '' : `: ${foundIn(found, about)} in this view`}`,
  };
}

function foundIn(found: number, { type }: About): string {
  if (type === 'counter') return found === 0 ? 'no flow' : counted(found, 'flow');
  return `${found === 0 ? 'none' : formatCount(found)} of them`;
}

/** Sorted intervals, adjacent ones merged. */
function join(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = [...intervals].sort((a, b) => compare(a.low, b.low));
  const joined: Interval[] = [];
  for (const each of sorted) {
    const last = joined.at(-1);
    if (last === undefined || (last.high !== null && each.low !== null && each.low > next(last.high)))
      joined.push({ low: each.low, high: each.high });
    else if (last.high !== null && (each.high === null || each.high > last.high))
      joined[joined.length - 1] = { low: last.low, high: each.high };
  }
  return joined;
}

function compare(a: number | bigint | null, b: number | bigint | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}

/** Every number of closed intervals; null: more than a filter allows. */
function valuesIn(intervals: readonly Interval[]): readonly (number | bigint)[] | null {
  const values: (number | bigint)[] = [];
  for (const { low, high } of intervals) {
    if (low === null || high === null) return null;
    if (BigInt(high) - BigInt(low) >= BigInt(MAX_VALUES - values.length)) return null;
    for (let value = low; value <= high; value = next(value)) values.push(value);
  }
  return values;
}

/** Whether a query accepts a range: its ends are exact numbers. */
export function between({ low, high }: Interval, about: About): Meaning {
  if (typeof low === 'bigint' || typeof high === 'bigint')
    return fault(`The ends of a range are exact up to ${formatCount(Number.MAX_SAFE_INTEGER)}.`);
  if (low === null && high === null)
    return { kind: 'nothing', hint: 'Enter at least one bound; both are inclusive.' };
  const clause: Clause = { kind: 'between', field: about.field, low, high, not: false };
  const summary = (amount: number): string => amountText(amount, about);
  const what = about.type === 'counter' ? 'flow' : 'value';
  const words =
    low === null
      ? `up to ${summary(high ?? 0)}`
      : high === null
        ? `${summary(low)} or more`
        : low === high
          ? summary(low)
          : `${summary(low)} to ${summary(high)}`;
  return {
    kind: 'clause',
    clause,
    summary: (found) =>
      `${about.label}: ${words}${found === null ? '' : `; ${found === 0 ? `no ${what}` : counted(found, what)} in this view`}`,
  };
}

/** Digits of amounts are grouped; ports and the like are labels. */
function amountText(value: number | bigint, { type }: About): string {
  return type === 'counter' ? value.toLocaleString('en-US') : String(value);
}

/** `22 ssh, 80 http and 8000–8100`. */
function named(intervals: readonly Interval[], none: boolean, about: About): string {
  const text = (value: number | bigint): string => {
    const name = typeof value === 'number' ? nameOf(about.field, value) : null;
    const amount = amountText(value, about);
    return name === null ? amount : `${amount} ${name}`;
  };
  // Two adjacent numbers are easier to read one by one.
  const parts = intervals.flatMap(({ low, high }) => {
    const [from, to] = [low ?? 0, high ?? 0];
    if (from === to) return text(from);
    return next(from) === to ? [text(from), text(to)] : `${amountText(from, about)}–${amountText(to, about)}`;
  });
  const all = none ? [...parts, 'none'] : parts;
  return all.length > NAMED + 1
    ? `${all.slice(0, NAMED).join(', ')} and ${all.length - NAMED} more`
    : listed(all);
}
