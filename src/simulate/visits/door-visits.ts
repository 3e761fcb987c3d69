import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../../make-folder.ts';
import type { Visit } from '../../model/visits/visit.ts';
import { Random } from '../random.ts';
import type { Truth } from '../truth.ts';
import type { DoorTruth } from './door-truth.ts';

const HOUR = 3_600_000;
const LISTENER = 'd00d5eed00000001';
const TENANT = {
  host: 'metrics.old-tenant.example',
  method: 'POST',
  path: '/v1/ingest',
  agent: 'legacy-agent/0.9',
};
/** One of the strangers means somebody else. */
const ANOTHER = {
  host: 'status.another-tenant.example',
  method: 'GET',
  path: '/health',
  agent: 'uptime-check/2.1',
};
/** Whoever scans the internet finds an open port within minutes. */
const SCANNERS = 12;

interface Planned {
  readonly at: number;
  readonly address: string;
  readonly of: Pick<Visit, 'kind' | 'http' | 'tls' | 'details' | 'preview'>;
}

/**
 * Writes what a listener would have kept at the story's port, had it been opened when the logs end: the strangers come as
 * regularly as they knocked, and some scanners besides. The same truth and seed give the same visits.
 *
 * @param folder where the file goes
 * @param hours how long the port was open
 */
export async function writeDoorVisits(
  truth: Truth,
  seed: string,
  folder: string,
  hours: number,
): Promise<DoorTruth> {
  const from = Date.parse(truth.range.to);
  const planned = [...strangers(truth, seed, from, hours), ...scanners(seed, from, hours)].sort(
    (a, b) => a.at - b.at || (a.address < b.address ? -1 : 1),
  );
  makeFolder(folder);
  const { address, port } = truth.story.target;
  const lines = planned.map(
    (one, index) => `${JSON.stringify(visitOf(one, index + 1, { address, port }))}\n`,
  );
  await pipeline(Readable.from(lines), createWriteStream(join(folder, `visits-${LISTENER}-000001.jsonl`)));
  const theirs = new Set(truth.story.sources.map((source) => source.address));
  return {
    from: new Date(from).toISOString(),
    to: new Date(from + hours * HOUR).toISOString(),
    visits: planned.length,
    sources: [...new Set(planned.map((one) => one.address))].map((source) => {
      const visits = planned.filter((one) => one.address === source);
      const [first] = visits;
      return {
        address: source,
        visits: visits.length,
        host: first?.of.http?.host ?? first?.of.tls?.server_name ?? '',
        stranger: theirs.has(source),
      };
    }),
  };
}

function strangers(truth: Truth, seed: string, from: number, hours: number): readonly Planned[] {
  const { sources } = truth.story;
  return sources.flatMap((source, index) => {
    const random = new Random(seed, `door/${index}`);
    const gap = HOUR / (source.per_hour?.median ?? 180);
    const wanted = index === sources.length - 1 && index > 0 ? ANOTHER : TENANT;
    const first = from + random.float() * gap;
    return Array.from({ length: Math.floor((hours * HOUR - gap) / gap) }, (_, i) => ({
      at: Math.floor(first + i * gap + random.float() * 1_000),
      address: source.address,
      of: request(wanted),
    }));
  });
}

function request({ host, method, path, agent }: typeof TENANT): Planned['of'] {
  const headers: (readonly [string, string])[] = [];
  if (host !== '') headers.push(['Host', host]);
  if (agent !== '') headers.push(['User-Agent', agent]);
  if (method === 'POST') headers.push(['Content-Type', 'application/json'], ['Content-Length', '57']);
  const body = method === 'POST' ? '[{"name":"queue.depth","value":12,"host":"worker-7.west"}]' : '';
  const head = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return {
    kind: 'http',
    http: { method, path, version: 'HTTP/1.1', host, user_agent: agent, headers, body },
    preview: `${head.join('\\r\\n')}\\r\\n\\r\\n${body}`,
  };
}

function scanners(seed: string, from: number, hours: number): readonly Planned[] {
  const random = new Random(seed, 'door/scanners');
  const says: readonly Planned['of'][] = [
    request({ host: '', method: 'GET', path: '/', agent: 'Mozilla/5.0 zgrab/0.x' }),
    request({ host: '', method: 'GET', path: '/<script>alert(1)</script>', agent: '' }),
    {
      kind: 'tls',
      tls: {
        server_name: '',
        alpn: ['h2', 'http/1.1'],
        versions: ['1.3', '1.2'],
        ja4: 't13i1715h2_5b57614c22b0_5c2c66f702b0',
        completed: false,
      },
      preview: '\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03',
    },
    { kind: 'ssh', details: { version: 'SSH-2.0-Go' }, preview: 'SSH-2.0-Go\\r\\n' },
    { kind: 'silent', preview: '' },
  ];
  return Array.from({ length: SCANNERS * 3 }, () => ({
    at: Math.floor(from + random.float() * hours * HOUR),
    address: `203.0.113.${random.between(1, SCANNERS)}`,
    of: random.pick(says),
  }));
}

function visitOf({ at, address, of }: Planned, number: number, target: Visit['target']): Visit {
  return {
    id: `${LISTENER}-${number}`,
    at: new Date(at).toISOString(),
    protocol: 'tcp',
    source: { address, port: 32_768 + (number % 28_000) },
    target,
    ...of,
    bytes: of.preview.length,
    sent: 0,
    truncated: false,
    duration: of.kind === 'silent' ? 10_000 : 40,
    ended: of.kind === 'silent' ? 'timed_out' : 'listener_closed',
  };
}
