import type { AboutIdentity, AboutVersion } from '../../model/about/about.ts';
import type { AboutRequest } from '../../model/about/parse-about.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import type { EnrichmentSnapshot } from '../enrichment-service.ts';

const HOUR = 3_600_000;

/** What something is and was, by the inventory, hosts files and the databases of addresses. */
export function identityOf(
  { kind, value, port }: AboutRequest,
  own: readonly string[],
  { addresses, inventory, hosts }: EnrichmentSnapshot,
  operatorName: string | null,
): AboutIdentity {
  switch (kind) {
    case 'address':
    case 'interface': {
      const interfaces = kind === 'address' ? inventory.interfacesOf(value) : [value];
      const known = kind === 'address' ? [value] : own;
      const history = interfaces.flatMap((id) =>
        known.flatMap((address) => versionsOf(address, id, inventory)),
      );
      const latest = history.toSorted((a, b) => order(b) - order(a));
      const listed = latest.flatMap(({ to, name }) => (to === null && name !== null ? [name] : []));
      // As everywhere: names of hosts files are for what the inventory has no name for.
      const names = new Set(listed.length > 0 ? listed : known.flatMap((address) => hosts.of(address) ?? []));
      return {
        name: names.size === 0 ? null : [...names].join(' / '),
        facts: kind === 'address' ? addresses.staticFacts(value) : {},
        history: latest,
      };
    }
    case 'operator':
      return { name: operatorName, facts: {}, history: [] };
    case 'port':
      return { name: portName(port, addresses.portName), facts: {}, history: [] };
    case 'service':
    case 'name':
    case 'party':
    case 'country':
      return { name: null, facts: {}, history: [] };
  }
}

function order({ from, to }: AboutVersion): number {
  return (to === null ? 1e15 : 0) + (from === null ? 0 : Date.parse(from));
}

function portName(
  port: AboutRequest['port'],
  named: (protocol: number, port: number) => string | null,
): string | null {
  if (port === null) return null;
  return port.protocol === null
    ? (named(6, port.number) ?? named(17, port.number))
    : named(port.protocol, port.number);
}

function versionsOf(
  address: string,
  interfaceId: string | null,
  inventory: EnrichmentSnapshot['inventory'],
): readonly AboutVersion[] {
  const runs = inventory.history(address, interfaceId);
  const versions: AboutVersion[] = [];
  runs.forEach(({ firstHour, facts }, index) => {
    if (facts === null || (interfaceId !== null && facts.interfaceId !== interfaceId)) return;
    const next = runs[index + 1];
    const version = {
      address,
      from: firstHour === 0 ? null : formatInstant(firstHour * HOUR),
      to: next === undefined ? null : formatInstant(next.firstHour * HOUR),
      interface: facts.interfaceId,
      name: facts.name,
      service: facts.service,
      instance: facts.instance,
      public_address: facts.publicAddress,
      vpc: facts.vpc,
      subnet: facts.subnet,
      zone: facts.zone,
      account: facts.account,
      groups: facts.groups,
      tags: facts.tags,
      since: facts.since === null ? null : formatInstant(facts.since * 1000),
    };
    const before = versions.at(-1);
    // If only the result of `at` changes, but not the facts, the period continues.
    if (before?.to === version.from && same(before, version))
      versions[versions.length - 1] = { ...before, to: version.to };
    else versions.push(version);
  });
  return versions;
}

function same(a: AboutVersion, b: AboutVersion): boolean {
  const what = (version: AboutVersion): string => JSON.stringify({ ...version, from: null, to: null });
  return what(a) === what(b);
}
