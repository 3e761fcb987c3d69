import { type FlowObject, isFlow } from './flow-object.ts';

type Value = string | number | bigint | null;

/** Who started each flow's conversation: docs/query.md, "Who started it", by plain loops over all records of a store. */
export function whoStarted(records: readonly FlowObject[]): (record: FlowObject) => FlowObject {
  const flows = records.filter(isFlow);
  return (record) => {
    const initiator = initiatorOf(record, flows, records);
    const at = (ofSource: string, ofDestination: string): Value =>
      initiator === null ? null : (record[initiator === 'source' ? ofSource : ofDestination] ?? null);
    return {
      initiator,
      client_address: at('srcaddr', 'dstaddr'),
      server_address: at('dstaddr', 'srcaddr'),
      service_port: at('dstport', 'srcport'),
    };
  };
}

type Side = 'source' | 'destination';

function initiatorOf(
  record: FlowObject,
  flows: readonly FlowObject[],
  records: readonly FlowObject[],
): Side | null {
  return byFlags(record) ?? (hasPorts(record) ? (byPorts(record) ?? byOthers(record, flows, records)) : null);
}

function byFlags(record: FlowObject): Side | null {
  const flags = number(record, 'tcp_flags');
  if (number(record, 'protocol') !== 6 || flags === null) return null;
  const [syn, ack] = [(flags >> 1) % 2 === 1, (flags >> 4) % 2 === 1];
  return syn ? (ack ? 'destination' : 'source') : null;
}

function hasPorts(record: FlowObject): boolean {
  return [6, 17, 33, 132].includes(number(record, 'protocol') ?? -1);
}

function byPorts(record: FlowObject): Side | null {
  const [from, to] = [role(record, 'srcport'), role(record, 'dstport')];
  if (from === null || to === null || from === to) return null;
  return from === 'client' || to === 'server' ? 'source' : 'destination';
}

function byOthers(
  record: FlowObject,
  flows: readonly FlowObject[],
  records: readonly FlowObject[],
): Side | null {
  const [source, destination] = [end(record, 'src'), end(record, 'dst')];
  if (source === null || destination === null || source === destination) return null;
  if (role(record, 'srcport') !== role(record, 'dstport')) return null;
  const { there, back } = conversation(record, source, destination, flows);
  const saidBy = (side: Side): boolean =>
    there.some((flow) => byFlags(flow) === side) ||
    back.some((flow) => byFlags(flow) === (side === 'source' ? 'destination' : 'source'));
  const sides = (['source', 'destination'] as const).filter(saidBy);
  if (sides.length > 0) return sides.length === 1 ? (sides[0] ?? null) : null;
  if (back.length === 0) return null;
  const flagged =
    number(record, 'protocol') === 6 && [...there, ...back].some((flow) => flow['tcp_flags'] != null);
  const [first, answer] = [earliest(there), earliest(back)];
  if (!flagged && first !== null && answer !== null && first !== answer && Math.abs(first - answer) <= 600) {
    const before = Math.min(first, answer) - 600;
    const oldest = earliest(flows) ?? Infinity;
    const logged = records.some(
      ({ start }) => start != null && Math.floor(Number(start) / 3600) === Math.floor(before / 3600),
    );
    if (before >= oldest && logged) return first < answer ? 'source' : 'destination';
  }
  const [ofSource, ofDestination] = [others(record, source, flows), others(record, destination, flows)];
  if (ofDestination >= 3 * ofSource) return 'source';
  return ofSource >= 3 * ofDestination ? 'destination' : null;
}

function conversation(
  record: FlowObject,
  from: string,
  to: string,
  flows: readonly FlowObject[],
): { readonly there: readonly FlowObject[]; readonly back: readonly FlowObject[] } {
  const near = flows.filter(
    (flow) =>
      (flow['interface_id'] ?? null) === (record['interface_id'] ?? null) &&
      flow['protocol'] === record['protocol'],
  );
  return {
    there: near.filter((flow) => end(flow, 'src') === from && end(flow, 'dst') === to),
    back: near.filter((flow) => end(flow, 'src') === to && end(flow, 'dst') === from),
  };
}

/** With how many other ends an end has conversations that go both ways, and of which ports don't tell who began. */
function others(record: FlowObject, here: string, flows: readonly FlowObject[]): number {
  const found = new Set<string>();
  for (const flow of flows) {
    if (flow['protocol'] !== record['protocol'] || end(flow, 'src') !== here) continue;
    const there = end(flow, 'dst');
    if (there === null || there === here || role(flow, 'srcport') !== role(flow, 'dstport')) continue;
    if (conversation(flow, here, there, flows).back.length > 0) found.add(there);
  }
  return found.size;
}

function role(record: FlowObject, name: string): string | null {
  const port = number(record, name);
  if (port === null) return null;
  return port <= 1023 ? 'server' : port >= 32_768 ? 'client' : 'either';
}

function end(record: FlowObject, which: 'src' | 'dst'): string | null {
  const [address, port] = [record[`${which}addr`] ?? null, record[`${which}port`] ?? null];
  return address === null || port === null ? null : `${address} ${port}`;
}

function earliest(flows: readonly FlowObject[]): number | null {
  const starts = flows.flatMap(({ start }) => (start == null ? [] : [Number(start)]));
  return starts.length === 0 ? null : Math.min(...starts);
}

function number(record: FlowObject, name: string): number | null {
  return record[name] == null ? null : Number(record[name]);
}
