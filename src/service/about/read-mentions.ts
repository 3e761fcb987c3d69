import type { AboutMentions } from '../../model/about/about.ts';
import type { AboutRequest } from '../../model/about/parse-about.ts';
import type { Knocks, FindingWithState } from '../../model/knocks/knocks.ts';
import type { Door } from '../../model/visits/door.ts';

type Role = AboutMentions['findings'][number]['role'];

/** Findings and visits that name what is asked about, out of all that there are. */
export function readMentions(request: AboutRequest, knocks: Knocks, door: Door | null): AboutMentions {
  return {
    findings: knocks.findings.flatMap((finding) => {
      const role = roleIn(finding, request);
      if (role === null) return [];
      const { id, kind, score, state, summary, first_seen, last_seen } = finding;
      return [{ id, kind, score, state, summary, first_seen, last_seen, role }];
    }),
    visits: (door?.sources ?? [])
      .filter((source) => isVisitOf(source, request))
      .toSorted((a, b) => (a.last_at < b.last_at ? 1 : -1))
      .map(({ address, target, port, visits, first_at, last_at, summary }) => ({
        address,
        target,
        port,
        visits,
        first_at,
        last_at,
        summary,
      })),
  };
}

/** Whether visits can be of it: they have addresses and ports. */
export function hasVisits({ kind }: AboutRequest): boolean {
  return kind === 'address' || kind === 'port';
}

function roleIn(
  { target, sources, ports }: FindingWithState,
  { kind, value, port }: AboutRequest,
): Role | null {
  const isTarget = (): boolean => {
    switch (kind) {
      case 'address':
        return target?.address === value || target?.public_address === value;
      case 'interface':
        return target?.interface_id === value;
      case 'service':
        return target?.service === value;
      case 'name':
        return target?.name === value;
      case 'port': {
        const protocol = port?.protocol ?? null;
        const same = protocol === null || target === null || target.protocol === protocol;
        return port !== null && same && (target?.port === port.number || ports.includes(port.number));
      }
      case 'party':
      case 'operator':
      case 'country':
        return false;
    }
  };
  const isSource = sources.some((source) => {
    switch (kind) {
      case 'address':
        return source.address === value;
      case 'name':
        return source.name === value;
      case 'operator':
        return source.asn === Number(value);
      case 'country':
        return source.country === value;
      case 'interface':
      case 'service':
      case 'party':
      case 'port':
        return false;
    }
  });
  return isTarget() ? 'target' : isSource ? 'source' : null;
}

function isVisitOf(
  { address, target, port }: Pick<Door['sources'][number], 'address' | 'target' | 'port'>,
  request: AboutRequest,
): boolean {
  return request.kind === 'address'
    ? address === request.value || target === request.value
    : request.port?.number === port;
}
