import type { FlowStore } from '../engine/flow-store.ts';
import type { RunOptions } from '../engine/engine.ts';
import { interfaceService } from '../enrich/inventory/interface-service.ts';
import type { InventoryItem } from '../enrich/inventory/item.ts';
import { planPhases, planVariables } from '../investigate/door/plan-phases.ts';
import { withoutDoor } from '../investigate/without-door.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import type { DoorPeer, DoorPlan } from '../model/visits/door-plan.ts';
import { addressForm } from '../model/query/address-form.ts';
import { formatInstant } from '../model/query/format-query.ts';
import { parseQuery } from '../model/query/parse-query.ts';

const MOST_PEERS = 30;
const address = new RegExp(addressForm);

interface Target {
  readonly finding: Finding | null;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly interfaceId: string | null;
}

/**
 * How to open a port: who uses the machine now, and the commands. Nothing is executed.
 *
 * @param about a finding's id, or `ADDRESS:PORT`
 * @throws PeepholeError `not_found` for an unknown finding; `usage` for one without a single port, and where the inventory
 * knows that no program can be run at the address
 */
export async function planDoor(
  store: FlowStore,
  about: string,
  findings: () => Promise<readonly Finding[]>,
  names: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<DoorPlan> {
  const target = endOf(about) ?? targetOf(about, await findings());
  const { items } = await store.inventory();
  const known = items
    .toSorted((a, b) => b.last - a.last)
    .map(({ facts }) => JSON.parse(facts) as InventoryItem);
  const { machine, neighbours, service } = machineOf(known, target, names);
  const instead = withoutDoor({
    name: machine.name ?? target.address,
    service,
    ports: [target.port],
    protocol: target.protocol === 'udp' ? 17 : 6,
    verdict: target.finding?.verdict ?? null,
  });
  if (instead !== null)
    throw new PeepholeError('usage', `There is no plan to open port ${target.port} there. ${instead}`);
  const range = await store.flowRange();
  const [into, out] = await Promise.all([
    peersOf(store, target.address, 'in', target.port, names, options),
    peersOf(store, target.address, 'out', target.port, names, options),
  ]);
  const peers = [...into, ...out].sort((a, b) => b.flows - a.flows || (a.address < b.address ? -1 : 1));
  const variables = planVariables(machine);
  const unset = variables.flatMap(({ name, value, what }) => (value === null ? [`${name} (${what})`] : []));
  return {
    target: { address: target.address, port: target.port, protocol: target.protocol },
    finding: target.finding === null ? null : { id: target.finding.id, summary: target.finding.summary },
    machine,
    peers: peers.slice(0, MOST_PEERS),
    more_peers: Math.max(0, peers.length - MOST_PEERS),
    range:
      range === null
        ? null
        : { from: formatInstant(range.first * 1000), to: formatInstant((range.last + 1) * 1000) },
    variables,
    phases: planPhases({ target, neighbours }),
    missing: [
      ...(known.length === 0
        ? ['There is no inventory: peephole inventory import brings the ids of the machine.']
        : []),
      ...(unset.length === 0 ? [] : [`To be set before the commands are used: ${unset.join(', ')}.`]),
      'Peers are those that flow logs show: what talks to the machine less often than the logs reach back is not among them.',
    ],
  };
}

/** Parses `10.0.1.7:80`, `[2001:db8::7]:80`, `10.0.1.7:53/udp`; null: invalid. */
function endOf(text: string): Target | null {
  const [, bracketed, plain, port, protocol = 'tcp'] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const end = bracketed ?? plain;
  if (end === undefined || !address.test(end) || Number(port) > 65_535) return null;
  return {
    finding: null,
    address: end,
    port: Number(port),
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    interfaceId: null,
  };
}

function targetOf(id: string, findings: readonly Finding[]): Target {
  const finding = findings.find((one) => one.id === id);
  if (finding === undefined)
    throw new PeepholeError(
      'not_found',
      `There is no finding ${JSON.stringify(id.slice(0, 100))} in all data: peephole knocks --format json lists them with their ids. An address and a port will do, too: peephole door plan 10.0.1.7:80`,
    );
  const port = finding.target?.port ?? finding.ports[0];
  if (finding.target === null || port === undefined)
    throw new PeepholeError(
      'usage',
      'This finding is about many machines or no port: name one, as peephole door plan 10.0.1.7:80',
    );
  return {
    finding,
    address: finding.target.address,
    port,
    protocol: finding.target.protocol === 17 ? 'udp' : 'tcp',
    interfaceId: finding.target.interface_id,
  };
}

/** @param items the latest first */
function machineOf(
  items: readonly InventoryItem[],
  { address: own, interfaceId }: Target,
  names: ReadonlyMap<string, string>,
): {
  readonly machine: DoorPlan['machine'];
  readonly neighbours: number | null;
  readonly service: string | null;
} {
  const faces = items.filter((item) => item.kind === 'interface');
  const having = faces.filter(({ addresses }) =>
    addresses.some((one) => one.address === own || one.publicAddress === own),
  );
  // An interface on the way, such as a firewall's, logs the attempts too.
  const face =
    having.find(({ id }) => id === interfaceId) ?? having[0] ?? faces.find(({ id }) => id === interfaceId);
  const instances = items.filter((item) => item.kind === 'instance');
  const instance =
    instances.find(({ id }) => id === face?.instance) ??
    instances.find(({ interfaces }) =>
      interfaces.some(({ addresses }) => addresses.some((one) => one.address === own)),
    );
  const subnet = face?.subnet ?? instance?.subnet ?? null;
  const beside = new Set(
    faces.filter((one) => one.subnet === subnet && one.id !== face?.id).map(({ id }) => id),
  );
  return {
    machine: {
      name: names.get(own) ?? face?.name ?? instance?.name ?? null,
      instance: face?.instance ?? instance?.id ?? null,
      interface: face?.id ?? interfaceId,
      vpc: face?.vpc ?? instance?.vpc ?? null,
      subnet,
      groups: face?.groups ?? instance?.groups ?? [],
      public_address: face?.addresses.find((one) => one.address === own)?.publicAddress ?? null,
    },
    neighbours: subnet === null ? null : beside.size,
    service: face === undefined ? null : (interfaceService(face)?.service ?? null),
  };
}

/** The peers of an address in one direction, by accepted flows, without the port that is to be opened. */
async function peersOf(
  store: FlowStore,
  own: string,
  direction: DoorPeer['direction'],
  opened: number,
  names: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<readonly DoorPeer[]> {
  const [ours, theirs] =
    direction === 'in' ? ['server_address', 'client_address'] : ['client_address', 'server_address'];
  const answer = await store.query(
    parseQuery({
      filter: [
        { field: ours, in: [own] },
        { field: 'action', in: ['ACCEPT'] },
        ...(direction === 'in' ? [{ field: 'service_port', in: [opened], not: true }] : []),
      ],
      splits: [
        { field: theirs, limit: MOST_PEERS, sort: { by: 'flows', order: 'desc' } },
        { field: 'service_port', limit: 3, sort: { by: 'flows', order: 'desc' } },
      ],
      measures: ['flows', 'flows_per_hour', 'bytes'],
    }),
    options,
  );
  return answer.rows.flatMap(([peer, port, flows, rate, bytes]) =>
    peer === null || port === null
      ? []
      : [
          {
            address: String(peer),
            name: names.get(String(peer)) ?? null,
            direction,
            port: Number(port),
            flows: Number(flows),
            flows_per_hour: Math.round(Number(rate) * 10) / 10,
            bytes: Number(bytes),
          },
        ],
  );
}
