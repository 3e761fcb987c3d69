import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../../system/make-folder.ts';
import type { Visit } from '../../model/visits/visit.ts';
import { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import { isoTime, type Truth } from '../truth.ts';
import type { DoorTruth } from './door-truth.ts';

const LISTENER = 'd00d5eed00000001';
const TENANT = {
  host: 'metrics.old-tenant.example',
  method: 'POST',
  path: '/v1/ingest',
  agent: 'legacy-agent/0.9',
};
/** One of the strangers looks for another host. */
const ANOTHER = {
  host: 'status.another-tenant.example',
  method: 'GET',
  path: '/health',
  agent: 'uptime-check/2.1',
};
interface Planned {
  /** Unix milliseconds. */
  readonly at: number;
  readonly address: string;
  readonly sport: number;
  readonly stranger: boolean;
  readonly of: Pick<Visit, 'kind' | 'http' | 'tls' | 'details' | 'preview'>;
}

/**
 * Writes what a listener at the story's port kept while it was open: a visit for each connection that was let in. The same
 * truth and seed give the same visits.
 *
 * @param folder where the file goes
 */
export async function writeDoorVisits(
  truth: Truth,
  { seed, world, openPort, timeline }: Stage,
  folder: string,
): Promise<DoorTruth> {
  const random = new Random(seed, 'door');
  const says = scannersSay();
  const last = truth.story.sources.length - 1;
  const planned = openPort.arrivals
    .map(({ at, source, sport, stranger }): Planned => {
      const wanted = stranger === last && last > 0 ? ANOTHER : TENANT;
      return {
        at: at * 1_000 + random.below(1_000),
        address: world.addresses.text(source),
        sport,
        stranger: stranger !== null,
        of: stranger === null ? random.pick(says) : request(wanted),
      };
    })
    .sort((a, b) => a.at - b.at || (a.address < b.address ? -1 : 1));
  makeFolder(folder);
  const { address, port } = truth.story.target;
  const lines = planned.map(
    (one, index) => `${JSON.stringify(visitOf(one, index + 1, { address, port }))}\n`,
  );
  await pipeline(Readable.from(lines), createWriteStream(join(folder, `visits-${LISTENER}-000001.jsonl`)));
  return {
    from: isoTime(timeline.start + openPort.fromHour * 3_600),
    to: isoTime(timeline.start + timeline.hours * 3_600),
    visits: planned.length,
    sources: [...new Set(planned.map((one) => one.address))].map((source) => {
      const visits = planned.filter((one) => one.address === source);
      return {
        address: source,
        visits: visits.length,
        host: visits[0]?.of.http?.host ?? visits[0]?.of.tls?.server_name ?? '',
        stranger: visits[0]?.stranger === true,
      };
    }),
  };
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

function scannersSay(): readonly Planned['of'][] {
  return [
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
}

function visitOf({ at, address, sport, of }: Planned, number: number, target: Visit['target']): Visit {
  return {
    id: `${LISTENER}-${number}`,
    at: new Date(at).toISOString(),
    protocol: 'tcp',
    source: { address, port: sport },
    target,
    ...of,
    bytes: of.preview.length,
    sent: 0,
    truncated: false,
    duration: of.kind === 'silent' ? 10_000 : 40,
    ended: of.kind === 'silent' ? 'timed_out' : 'listener_closed',
  };
}
