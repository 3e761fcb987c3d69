import { intervalWords } from '../model/time/interval.ts';

/** RFC 3339, UTC, to the second. */
export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** A moment as people read it: `20 June 2018 03:00 UTC`. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  const month = months[date.getUTCMonth()] ?? '';
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 16)} UTC`;
}

const months: readonly string[] = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
]; // prettier-ignore

/** `1 address`, `12 addresses`, `3,840 attempts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${counted(number, one, many)}`;
}

/** The words for so many, without the number. */
export function counted(number: number, one: string, many: string): string {
  return number === 1 ? one : many;
}

/** `20 seconds`, `5 minutes`, `3 hours`, `12 days`: about. */
export function duration(seconds: number): string {
  if (seconds < 120) return count(Math.round(seconds), 'second');
  if (seconds < 2 * 3600) return count(Math.round(seconds / 60), 'minute');
  if (seconds < 3 * 86_400) return count(Math.round(seconds / 3600), 'hour');
  return count(Math.round(seconds / 86_400), 'day');
}

/** `about every 20 seconds`; empty without an interval. */
export function every(interval: number | null): string {
  return interval === null ? '' : `about every ${intervalWords(interval)}`;
}

/** `180 to 184`, or `12` where both are the same. */
export function between(low: number, high: number): string {
  const text = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const protocols: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [58, 'ICMPv6'],
  [132, 'SCTP'],
]);

/** `port 80 (likely http)`, `UDP port 53`, `ICMP`. */
export function portWords(port: number, protocol: number, likely: string | null): string {
  const name = protocols.get(protocol);
  if (port < 0 || protocol === 1 || protocol === 58 || (port === 0 && protocol !== 6 && protocol !== 17))
    return name ?? (protocol < 0 ? 'an unknown protocol' : `protocol ${protocol}`);
  const before = protocol === 6 || protocol < 0 ? '' : `${name ?? `protocol ${protocol}`} `;
  return `${before}port ${port}${likely === null ? '' : ` (likely ${likely})`}`;
}

/** `port 23`, `ports 80 and 443`; of many the first few. */
export function portsWords(ports: readonly number[]): string {
  return `${counted(ports.length, 'port', 'ports')} ${list(ports.map(String))}`;
}

/** `a, b and c`; of a long list the first few and how many more there are. `all`: how many there are, where `items` is cut. */
export function list(items: readonly string[], most = 4, all = items.length): string {
  const first = items.slice(0, most);
  const shown =
    all > first.length ? [...first, `${(all - first.length).toLocaleString('en-US')} more`] : first;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
