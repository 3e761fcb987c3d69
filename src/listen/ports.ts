import { PeepholeError } from '../model/errors.ts';

export interface ListenPort {
  readonly protocol: 'tcp' | 'udp';
  /** 0: one that the system chooses. */
  readonly port: number;
}

/** Each port takes a file handle for each address. */
const MOST_PORTS = 1_000;

/**
 * The ports that texts such as `80`, `8000-8010`, `udp/53` or `tcp/22` name, each once, in their order.
 * Throws `usage`.
 */
export function parsePorts(texts: readonly string[]): readonly ListenPort[] {
  const ports = new Map<string, ListenPort>();
  for (const text of texts) {
    for (const each of portsOf(text)) ports.set(`${each.protocol}/${each.port}`, each);
    if (ports.size > MOST_PORTS)
      throw new PeepholeError('usage', `More than ${MOST_PORTS} ports; listen on fewer.`);
  }
  if (ports.size === 0)
    throw new PeepholeError('usage', 'No port is named; write for example --port 80 or --port udp/53.');
  return [...ports.values()];
}

function portsOf(text: string): readonly ListenPort[] {
  const match = /^(?:(tcp|udp)\/)?(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim().toLowerCase());
  const first = Number(match?.[2]);
  const last = Number(match?.[3] ?? match?.[2]);
  if (match === null || first > 65_535 || last > 65_535 || last < first)
    throw new PeepholeError('usage', `${text} is not a port; write for example 80, 8000-8010 or udp/53.`);
  const protocol = match[1] === 'udp' ? 'udp' : 'tcp';
  return Array.from({ length: last - first + 1 }, (_, at) => ({ protocol, port: first + at }));
}
