import type { Cell } from '../../model/query/answer.ts';
import { intervalText } from '../../model/time/interval.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const upToOne = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const upToTwo = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

const digits3 = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

const fixed = [whole, tenth, two];
const trimmed = [whole, upToOne, upToTwo];

/** A narrow space: it keeps a number and its unit together and apart. */
const THIN = '\u202f';
const NONE = '–';

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const BITS = ['bit', 'kbit', 'Mbit', 'Gbit', 'Tbit', 'Pbit', 'Ebit'];
const perSecond = (units: readonly string[]): readonly string[] => units.map((unit) => `${unit}/s`);
/** Units that are written with a prefix for each thousand. */
const prefixed: ReadonlyMap<string, readonly string[]> = new Map([
  ['bytes', BYTES],
  ['bytes_per_second', perSecond(BYTES)],
  ['bits_per_second', perSecond(BITS)],
]);
const COUNTS = ['', 'k', 'M', 'G', 'T', 'P'];

/** An amount of a measure as text; `unit` is the measure's. Whole numbers beyond 2^53 come as text and stay exact. */
export function formatAmount(value: Cell | undefined, unit: string): string {
  if (value === null || value === undefined || typeof value === 'boolean') return NONE;
  if (typeof value === 'string') {
    if (unit === 'count' && /^-?\d+$/.test(value)) return whole.format(BigInt(value));
    return formatAmount(Number(value), unit);
  }
  if (!Number.isFinite(value)) return NONE;
  const units = prefixed.get(unit);
  // Three digits that say something; in decimal units, as networks count.
  if (units !== undefined) return scaled(value, units, true);
  switch (unit) {
    case 'share':
      return formatShare(value);
    case 'seconds':
      return intervalText(value, THIN);
    case 'ratio':
    case 'per_second':
      return value !== 0 && Math.abs(value) < 1
        ? digits3.format(value)
        : value < 100
          ? upToTwo.format(value)
          : whole.format(value);
    case 'per_hour':
      return value < 100 ? upToTwo.format(value) : whole.format(value);
    default:
      return Number.isInteger(value) ? whole.format(value) : upToTwo.format(value);
  }
}

/** An amount in few characters, in thousands from ten thousand on: `1.24 M`. */
export function formatShort(value: Cell | undefined, unit: string): string {
  const number = toNumber(value);
  if (number === null || unit === 'share') return formatAmount(value, unit);
  const units = prefixed.get(unit);
  if (units !== undefined) return scaled(number, units, false);
  if (unit === 'seconds') return formatAmount(value, unit);
  return Math.abs(number) < 10_000 ? formatAmount(number, unit) : scaled(number, COUNTS, false);
}

/** The marks of one axis, all in the unit that suits the largest: `0`, `50 k`, `100 k`. */
export function formatTicks(ticks: readonly number[], unit: string): readonly string[] {
  const most = Math.max(...ticks.map((tick) => Math.abs(tick)), 0);
  if (unit === 'share') return ticks.map((tick) => `${upToTwo.format(tick * 100)}${THIN}%`);
  if (unit === 'seconds') return ticks.map((tick) => (tick === 0 ? '0' : intervalText(tick, THIN)));
  const units = prefixed.get(unit) ?? (most < 100_000 ? [''] : COUNTS);
  if (most < 1 && !prefixed.has(unit)) return ticks.map((tick) => digits3.format(tick));
  let power = 0;
  while (most / 1000 ** power >= 999.5 && power < units.length - 1) power++;
  return ticks.map((tick) => {
    const digits = upToTwo.format(tick / 1000 ** power);
    return tick === 0 || units[power] === '' ? digits : `${digits}${THIN}${units[power]}`;
  });
}

/** An amount as a big figure: exact as long as it can be read at a glance. */
export function formatBig(value: Cell | undefined, unit: string): string {
  const number = toNumber(value);
  if (number === null || Math.abs(number) < 10_000_000 || hasOwnScale(unit)) {
    return formatAmount(value, unit);
  }
  return scaled(number, COUNTS, true);
}

/** An amount where room is scarce: in thousands from ten thousand on. */
export function formatCompact(value: Cell | undefined, unit: string): string {
  const number = toNumber(value);
  if (number === null || Math.abs(number) < 10_000 || hasOwnScale(unit)) {
    return formatAmount(value, unit);
  }
  return scaled(number, COUNTS, true);
}

/** Whether amounts of a unit are short whatever their size. */
function hasOwnScale(unit: string): boolean {
  return prefixed.has(unit) || unit === 'share' || unit === 'seconds';
}

/** `even`: amounts below each other keep their zeros (`1.80`); else they are left out. */
function scaled(value: number, units: readonly string[], even: boolean): string {
  let rest = value;
  let unit = 0;
  while (Math.abs(rest) >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  const whole = value === 0 || (unit === 0 && !(units[0] ?? '').endsWith('/s'));
  const places = whole ? 0 : Math.abs(rest) < 9.995 ? 2 : Math.abs(rest) < 99.95 ? 1 : 0;
  const digits = even ? fixed[places] : trimmed[places];
  return [digits?.format(rest) ?? '', units[unit]].filter((part) => part !== '').join(THIN);
}

/** A share of 0 to 1 as per cent; small ones keep a digit that says something. */
export function formatShare(share: number): string {
  if (share === 0) return `0${THIN}%`;
  const percent = share * 100;
  if (Math.abs(percent) < 0.1) return `${percent < 0.01 ? '<0.01' : upToTwo.format(percent)}${THIN}%`;
  return `${tenth.format(percent)}${THIN}%`;
}

/** The number that an amount is, or null. */
export function toNumber(value: Cell | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

export function formatCount(count: number): string {
  return whole.format(count);
}

/** `1 row`, `1.6k rows`. */
export function shortCounted(count: number, one: string, many = `${one}s`): string {
  return `${formatShort(count, 'count')} ${count === 1 ? one : many}`;
}

/** `1 row`, `16 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** Seconds between two events, or that something took: `20 s`, `5.2 min`. */
export function formatInterval(seconds: number): string {
  return intervalText(seconds, THIN);
}

/** A difference with its sign: `+1,204`, `−3.4 kB`. */
export function formatDelta(now: Cell | undefined, before: Cell | undefined, unit: string): string {
  const [a, b] = [toNumber(now), toNumber(before)];
  if (a === null || b === null) return NONE;
  const delta = a - b;
  // The difference of two shares is in points, so that it can't be taken for a change in per cent.
  const size =
    unit === 'share'
      ? `${tenth.format(Math.abs(delta) * 100)}${THIN}pts`
      : formatCompact(Math.abs(delta), unit);
  return delta === 0 ? '±0' : `${delta > 0 ? '+' : '−'}${size}`;
}

/** A change in per cent of what was before: `+12.3 %`, `new`; empty where nothing can be said. */
export function formatChange(now: Cell | undefined, before: Cell | undefined): string {
  const [a, b] = [toNumber(now) ?? 0, toNumber(before)];
  if (b === null) return '';
  if (b === 0) return a > 0 ? 'new' : '';
  const change = (a - b) / Math.abs(b);
  if (change >= 10) return `×${formatShort(Math.round(a / b), 'count')}`;
  const text = formatShare(Math.abs(change));
  return change === 0 ? text : `${change > 0 ? '+' : '−'}${text}`;
}
