import { MINUTE } from './iso-duration.ts';
import { isTimezone, zoneOffset } from './local-time.ts';

/** Where IANA's zones lie: what stands before the city in their names. */
const regions = [
  'Africa',
  'America',
  'Antarctica',
  'Arctic',
  'Asia',
  'Atlantic',
  'Australia',
  'Brazil',
  'Canada',
  'Chile',
  'Europe',
  'Indian',
  'Mexico',
  'Pacific',
  'US',
  'Etc',
];

/**
 * The zones that a text means beyond the names that the browser lists: other names of cities (`kolkata` where it
 * lists Calcutta), abbreviations (`CET`), and offsets (`UTC+2`, `-5:30`) as they are at an instant.
 */
export function zonesFor(text: string, listed: readonly string[], at: number): readonly string[] {
  const offset = offsetOf(text);
  if (offset !== null) {
    const fixed = offset % 60 === 0 ? [`Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset) / 60}`] : [];
    const same = listed.filter((zone) => zoneOffset(at, zone) === offset * MINUTE);
    return [...(offset === 0 ? ['Etc/UTC'] : fixed.filter(isTimezone)), ...same];
  }
  const name = text.trim().replaceAll(/\s+/g, '_');
  if (!/^[a-z_/+-]{2,}$/i.test(name)) return [];
  const cased = name
    .toLowerCase()
    .replaceAll(/(^|[_/-])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
  const names = [name.toUpperCase(), cased, ...regions.map((region) => `${region}/${cased}`)];
  // Names that begin as the text does and are listed are found without this.
  return [...new Set(names.filter((each) => !/^[+-]/.test(each) && isTimezone(each)))];
}

/** Minutes ahead of UTC that a text means; null: it is not an offset. */
function offsetOf(text: string): number | null {
  const match = /^(?:utc|gmt)?\s*([+\-−])\s*(\d{1,2})(?::?(\d{2}))?$/i.exec(text.trim());
  if (match === null) return /^(utc|gmt|z)$/i.test(text.trim()) ? 0 : null;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 14 || minutes > 59) return null;
  return (match[1] === '+' ? 1 : -1) * (hours * 60 + minutes);
}

/** `UTC+2`, `UTC−3:30`: how far a zone is ahead at an instant. */
export function offsetText(zone: string, at: number): string {
  const minutes = Math.round(zoneOffset(at, zone) / MINUTE);
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`}`;
}
