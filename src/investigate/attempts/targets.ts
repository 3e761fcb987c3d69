import { entryOf } from '../../model/catalog/interface-services.ts';
import type { KnockTarget } from '../../model/knocks/knocks.ts';
import type { Key } from '../../sql/key.ts';
import { resolveTarget, type JudgeContext, type ResolvedTarget } from '../judge-context.ts';
import { count, list, portWords } from '../wording.ts';
import type { Selection } from '../evidence.ts';
import type { CountedSuspect } from './collect.ts';

/** The targets of the attempts of a finding. */
export interface Targets {
  /** The first of them, with its port. */
  readonly first: ResolvedTarget;
  /** The first of them on which a program can be run, as on an instance; null: there is none. */
  readonly machine: ResolvedTarget | null;
  /** As the finding names it: without a port if there are several; null if there are several addresses. */
  readonly target: KnockTarget | null;
  /** Different addresses and ports of them. */
  readonly count: number;
  readonly ports: readonly number[];
  readonly interfaces: readonly Key[];
  /** `port 80 (likely http) of web-1 (10.0.0.5)`, `6 ports of …`, `port 9092 of 8 addresses (…)`. */
  readonly words: string;
  readonly selection: Pick<Selection, 'targets' | 'port' | 'ports' | 'protocol' | 'interfaceId'>;
  /** The part of a finding's id for its targets. */
  readonly id: string;
}

/** @param suspects the one with most attempts first */
export function targetsOf(suspects: readonly CountedSuspect[], at: number, context: JudgeContext): Targets {
  const places = new Map(
    suspects.flatMap((one) => {
      const [pair] = one.pairs;
      if (pair === undefined) return [];
      return [
        [`${pair.interface} ${pair.dst} ${pair.port} ${pair.protocol}`, { pair, real: one.realTarget }],
      ];
    }),
  );
  const pairs = [...places.values()];
  const [top] = pairs;
  if (top === undefined) throw new TypeError('a finding without a target');
  const addresses = [...new Set(pairs.map(({ pair }) => pair.dst))];
  const interfaces = [...new Set(pairs.map(({ pair }) => pair.interface))];
  const ports = [...new Set(pairs.map(({ pair }) => pair.port))].filter((port) => port >= 0);
  const protocols = [...new Set(pairs.map(({ pair }) => pair.protocol))];
  const resolved = resolveTarget({ ...top.pair, real: top.real }, at, context);
  const each = pairs.map(({ pair, real }) => resolveTarget({ ...pair, real }, at, context));
  const [port] = ports;
  const onePort = ports.length === 1 && protocols.length === 1;
  const likely = (one: number): string => {
    const name = context.enrichment.portName(protocols[0] ?? 6, one);
    return name === null ? String(one) : `${one} (likely ${name})`;
  };
  const what = onePort
    ? portWords(port ?? -1, top.pair.protocol, resolved.target.likely_service)
    : ports.length === 0
      ? portWords(-1, top.pair.protocol, null)
      : `${protocols.length === 1 && protocols[0] === 17 ? 'UDP ' : ''}ports ${list(ports.toSorted((a, b) => a - b).map(likely))}`;
  const names = addresses.map(
    (dst) => context.enrichment.ownAddress(context.address(dst), null, at)?.name ?? context.address(dst),
  );
  const whom =
    addresses.length === 1
      ? resolved.words
      : `${count(addresses.length, 'address', 'addresses')} (${list(names)})`;
  const one = pairs.length === 1;
  return {
    first: resolved,
    machine: each.find(({ target }) => entryOf(target.service) === 'machine') ?? null,
    target:
      addresses.length > 1
        ? null
        : one
          ? resolved.target
          : { ...resolved.target, port: null, likely_service: null },
    count: places.size,
    ports: ports.toSorted((a, b) => a - b),
    interfaces,
    words: `${what} of ${whom}`,
    selection: {
      targets: addresses.map((dst) => context.address(dst)),
      ...(ports.length === 1 ? { port: port ?? null } : { ports }),
      protocol: protocols.length === 1 ? (protocols[0] ?? null) : null,
      interfaceId: interfaces.length === 1 ? resolved.target.interface_id : null,
    },
    id: one
      ? `${resolved.target.interface_id ?? '-'}:${resolved.target.address}:${top.pair.port}/${top.pair.protocol}`
      : `${addresses
          .map((dst) => context.address(dst))
          .toSorted()
          .join('+')}:${ports.toSorted((a, b) => a - b).join('+')}/${protocols.join('+')}`,
  };
}
