import type { Combination, ExplainBy } from './explanation.ts';

type Shares = Pick<Combination, 'selected' | 'rest' | 'support' | 'rest_share' | 'unlogged'>;

/**
 * How a combination differs, in one sentence with both sides: `7 times as common: 21 % of the selected flows, 3 % of the
 * others`; of an earlier time `7 times as many: 2,100 flows (21 % of all), 300 earlier (3 %)`. The ratio is worked out of the numbers
 * beside it, as they are printed.
 */
export function combinationText(one: Shares, by: ExplainBy, isEarlier: boolean): string {
  const text = isEarlier ? timesText(one, by) : sharesText(one, by);
  return one.unlogged
    ? `${text}; its interfaces have no records ${isEarlier ? 'now' : 'then'}: removed, or their logs are missing`
    : text;
}

function sharesText(
  { selected, rest, support, rest_share: others, unlogged }: Shares,
  by: ExplainBy,
): string {
  const [here, there] = [percent(support), percent(others)];
  if (rest === 0) return `only among the selected ${by}: ${here} of them, none of the others`;
  if (selected === 0)
    return `${unlogged ? 'no records' : 'missing'} among the selected ${by}: none of them, ${there} of the others`;
  const beside = `${here} of the selected ${by}, ${there} of the others`;
  const [a, b] = [shown(support), shown(others)];
  return a >= b
    ? `${times(a / b)} times as common: ${beside}`
    : `${times(b / a)} times less common: ${beside}`;
}

function timesText({ selected, rest, support, rest_share: share, unlogged }: Shares, by: ExplainBy): string {
  const now = `${amount(selected, by)} (${percent(support)} of all)`;
  const then = `${amount(rest, by)} (${percent(share)} of all)`;
  if (rest === 0) return `new: ${now}, none earlier`;
  if (selected === 0) return `${unlogged ? 'no records' : 'gone'}: none, ${then} earlier`;
  const word = by === 'flows' ? { more: 'as many', less: 'fewer' } : { more: 'as much', less: 'less' };
  const [a, b] = by === 'flows' ? [selected, rest] : [bytesShown(selected), bytesShown(rest)];
  const ratio = a >= b ? `${times(a / b)} times ${word.more}` : `${times(b / a)} times ${word.less}`;
  return `${ratio}: ${now}, ${then} earlier`;
}

/** Two digits, and whole numbers from ten on. */
function times(ratio: number): string {
  return (ratio >= 10 ? Math.round(ratio) : Math.round(ratio * 10) / 10).toLocaleString('en-US');
}

/** A share in percent as it is printed: with one decimal place, and two digits below one percent. */
function shown(share: number): number {
  const value = share * 100;
  return value >= 1 ? Math.round(value * 10) / 10 : Number(value.toPrecision(2));
}

function percent(share: number): string {
  return `${shown(share).toLocaleString('en-US', { maximumSignificantDigits: 4 })} %`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

function unitOf(bytes: number): number {
  return Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
}

/** Bytes as they are printed: with three digits of the unit that fits. */
function bytesShown(bytes: number): number {
  return bytes < 1000 ? bytes : Number(bytes.toPrecision(3));
}

function amount(value: number, by: ExplainBy): string {
  if (by === 'flows') return `${value.toLocaleString('en-US')} ${value === 1 ? 'flow' : 'flows'}`;
  const unit = unitOf(bytesShown(value));
  return `${Number((bytesShown(value) / 1000 ** unit).toPrecision(3))} ${units[unit]}`;
}
