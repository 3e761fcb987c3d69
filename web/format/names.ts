import type { Cell } from '../../src/model/query/answer.ts';
import { commonPorts } from '../../src/model/catalog/common-ports.ts';
import { protocolNames } from './protocols.ts';

const ports: ReadonlySet<string> = new Set(['srcport', 'dstport', 'service_port']);

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
  const names = field === 'protocol' ? protocolNames : ports.has(field) ? commonPorts : null;
  const wanted = text.toLowerCase();
  return [...(names ?? [])].filter(([, name]) => name.toLowerCase().includes(wanted)).map(([value]) => value);
}

/** How a value reads on the screen. */
export function valueText(field: string, value: Cell): string {
  if (value === null) return 'none';
  if (field === 'action' && value === 'REJECT') return 'Rejected';
  if (field === 'action' && value === 'ACCEPT') return 'Accepted';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === '' ? '(empty)' : String(value);
}

/** Whether values are identifiers, which are set in the fixed-width face. */
export function isMono(type: string, field: string): boolean {
  return type === 'address' || /(^|_)(id|arn|eni)$/.test(field);
}

/** Bits of the TCP header's flag byte (RFC 9293). */
function flagNames(value: number): string | null {
  const bits = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, bit) => (value & (1 << bit)) !== 0);
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
