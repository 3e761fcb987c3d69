import type { Cell } from '../../model/query/answer.ts';
import { safeText } from '../../model/safe-text.ts';
import { commonPorts } from '../../model/catalog/common-ports.ts';
import { isOutside } from './outside.ts';
import { PLACE_ROOM } from './place-names.ts';
import { protocolNames } from './protocols.ts';

const ports: ReadonlySet<string> = new Set(['srcport', 'dstport', 'service_port']);

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The name that is registered or agreed for a value, to stand beside it; null: there is none. */
export function nameOf(field: string, value: Cell): string | null {
  if (typeof value !== 'number') return null;
  if (ports.has(field)) return commonPorts.get(value) ?? null;
  switch (field) {
    case 'protocol':
      return protocolNames.get(value) ?? null;
    case 'tcp_flags':
      return flagNames(value);
    case 'traffic_path':
      return trafficPaths[value] ?? null;
    case 'encryption_status':
      return encryptions[value] ?? null;
    default:
      return null;
  }
}

/** The values of a field whose name holds the text, in any case. */
export function valuesNamed(field: string, text: string): readonly number[] {
  const wanted = text.trim().toLowerCase();
  const found = namesOf(field).filter(([, name]) => name.toLowerCase().includes(wanted));
  return [...new Set([...found.map(([value]) => value), ...numbersNamed(field, text)])];
}

/** The values of a field that are called so, in any case: `https`, `tcp`, `SYN ACK` or `syn+ack`. */
export function numbersNamed(field: string, text: string): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (field === 'tcp_flags') {
    const bits = wanted.split(/[\s+|-]+/).map((name) => flags.indexOf(name.toUpperCase()));
    return bits.some((bit) => bit < 0) ? [] : [bits.reduce((all, bit) => all | (1 << bit), 0)];
  }
  return namesOf(field).flatMap(([value, name]) => (name.toLowerCase() === wanted ? value : []));
}

function namesOf(field: string): readonly (readonly [value: number, name: string])[] {
  if (ports.has(field)) return [...commonPorts];
  const listed = (names: readonly (string | undefined)[]): readonly (readonly [number, string])[] =>
    names.flatMap((name, value) => (name === undefined ? [] : [[value, name] as const]));
  switch (field) {
    case 'weekday':
      return days.map((day, i) => [i + 1, day] as const);
    case 'protocol':
      return [...protocolNames];
    case 'traffic_path':
      return listed(trafficPaths);
    case 'encryption_status':
      return listed(encryptions);
    default:
      return [];
  }
}

/** White space and characters without a width. */
const BLANK = /^[\s\u200b-\u200d\u2060\ufeff]+$/;

/** How a value reads on the screen: what reorders text or can't be seen is written out. */
export function valueText(field: string, value: Cell): string {
  if (value === null) return 'none';
  if (field === 'action' && value === 'REJECT') return 'Rejected';
  if (field === 'action' && value === 'ACCEPT') return 'Accepted';
  if (field === 'weekday' && typeof value === 'number') return days[value - 1] ?? String(value);
  if (field === 'hour_of_day' && typeof value === 'number') return `${String(value).padStart(2, '0')}:00`;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === '') return '(empty)';
  const text = String(value);
  return BLANK.test(text)
    ? `(blank, ${text.length === 1 ? '1 character' : `${text.length} characters`})`
    : safeText(text);
}

/** A span of a value as it reads: in the fixed-width face or not, and quiet where it only says more. */
export interface Run {
  readonly text: string;
  readonly mono: boolean;
  readonly soft: boolean;
}

/** The room that is kept free for where an address is, once that is known. */
export interface Room extends Run {
  readonly room: true;
}

const room: Room = { text: PLACE_ROOM, mono: false, soft: true, room: true };

/** What `ValueText` shows, to find out how wide it is: as `valueRuns`, and the room for where an address is. */
export function roomyRuns(
  field: string,
  type: string,
  value: Cell,
  names: ReadonlyMap<string, string>,
): readonly (Run | Room)[] {
  if (type !== 'address' || typeof value !== 'string') return valueRuns(field, type, value, null);
  const known = names.get(value) ?? null;
  const runs = valueRuns(field, type, value, known);
  return known === null && isOutside(value) ? [...runs, room] : runs;
}

/** A value of a dimension and the name beside it: `80 http`, `10.0.0.67 metrics`. `known`: what it is called, if anybody says. */
export function valueRuns(field: string, type: string, value: Cell, known: string | null): readonly Run[] {
  const name = known ?? nameOf(field, value);
  const quiet = value === null || value === '';
  const own = { text: valueText(field, value), mono: !quiet && isMono(type, field), soft: quiet };
  return name === null ? [own] : [own, { text: ` ${safeText(name)}`, mono: false, soft: true }];
}

/** Whether values are identifiers, which are set in the fixed-width face. */
function isMono(type: string, field: string): boolean {
  return type === 'address' || /(^|_)(id|arn|eni)$/.test(field);
}

/** Bits of the TCP header's flag byte (RFC 9293). */
const flags: readonly string[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

function flagNames(value: number): string | null {
  const bits = flags.filter((_, bit) => (value & (1 << bit)) !== 0);
  return bits.length === 0 ? null : bits.join(' ');
}

/** AWS, "Flow log records", traffic-path. */
const trafficPaths: readonly (string | undefined)[] = [
  undefined,
  'same VPC',
  'internet or gateway endpoint',
  'virtual private gateway',
  'peering in the region',
  'peering across regions',
  'local gateway',
  'gateway endpoint',
  'internet gateway',
];

const encryptions: readonly string[] = ['none', 'Nitro', 'application', 'both'];
