import type { Key } from '../../sql/key.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import type { JudgeContext } from '../judge-context.ts';
import type { SearchResult } from '../search.ts';
import { count, list } from '../wording.ts';
import { beaconFinding, type Network } from './beacon-finding.ts';
import { type Beacon, collectBeacons, type CollectedBeacons } from './collect-beacons.ts';

/** What scores less is not a finding, and no more than so many are. */
const LEAST_SCORE = 0.35;
const MOST_FINDINGS = 5;
/** A machine that contacts more destinations about as often is a poller, a crawler, or sends callbacks. */
const MOST_OF_ONE = 5;

/** Findings about connections that machines begin outward as if by a timer. */
export async function searchBeacons(context: InvestigationContext): Promise<SearchResult> {
  const missing = ['dstport', 'srcport'].filter(
    (name) => !context.scope.columns.has(name) || context.unlogged.includes(name),
  );
  if (missing.length > 0)
    return {
      findings: [],
      notes: [`Connections outward by a timer could not be searched for: the logs have no ${list(missing)}.`],
    };
  const collected = await collectBeacons(context);
  const { full } = collected;
  const { beacons, pollers } = withoutPollers(collected.beacons);
  if (collected.beacons.length === 0) return { findings: [], notes: [] };
  const judged = await judgeContext(context, {
    addresses: [...beacons.flatMap(({ src, dst }) => [src, dst]), ...collected.pairs.map(({ dst }) => dst)],
    interfaces: beacons.map((one) => one.interface),
  });
  const network = networkOf(collected, beacons, judged);
  const targets = new Map<string, Beacon[]>();
  for (const beacon of beacons) {
    const key = `${beacon.dst} ${beacon.port} ${beacon.protocol}`;
    targets.set(key, [...(targets.get(key) ?? []), beacon]);
  }
  const found = [...targets.values()]
    .flatMap((all) => beaconFinding(withoutGateways(all, collected.gateways, judged), network, judged) ?? [])
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const findings = found.filter(({ score }) => score >= LEAST_SCORE).slice(0, MOST_FINDINGS);
  const left = found.length - findings.length;
  return {
    findings,

    notes: [
      ...(left === 0
        ? []
        : [
            `${count(left, 'more destination')} outside ${left === 1 ? 'is' : 'are'} asked as if by a timer: less rare or less regular, and not listed.`,
          ]),
      ...(pollers === 0
        ? []
        : [
            `${count(pollers, 'machine asks', 'machines ask')} more than ${MOST_OF_ONE} destinations outside about as often as each other, some as if by a timer, as one that polls does: not listed.`,
          ]),
      ...(full ? ['Only the steadiest pairs of machine and destination were examined for timers.'] : []),
    ],
  };
}

/** Without what a machine asks about as often as many others: none of them stands out. `pollers`: how many such machines. */
function withoutPollers(beacons: readonly Beacon[]): {
  readonly beacons: readonly Beacon[];
  readonly pollers: number;
} {
  const few = beacons.filter(({ alike }) => alike <= MOST_OF_ONE);
  const many = beacons.filter(({ alike }) => alike > MOST_OF_ONE);
  return { beacons: few, pollers: new Set(many.map(({ src }) => src)).size };
}

/** Without NAT gateways, which begin the connections of the machines behind once more. */
function withoutGateways(
  beacons: readonly Beacon[],
  gateways: ReadonlySet<Key>,
  context: JudgeContext,
): readonly Beacon[] {
  const machines = beacons.filter(({ src, interface: face, first }) => {
    const own = context.enrichment.ownAddress(context.address(src), context.interfaceId(face), first);
    return own?.service !== 'NAT gateway' && !gateways.has(src);
  });
  // Where nothing behind it is logged, the gateway is all that is known.
  return machines.length === 0 ? beacons : machines;
}

/** Machines with the same program connect about as often (within 10 %) and send about as much (within 25 %). */
const SAME_PERIOD = 0.1;
const SAME_BYTES = 0.25;

function isSameProgram(one: Beacon, other: Beacon): boolean {
  const near = (a: number, b: number, share: number): boolean => Math.abs(a - b) <= share * Math.max(a, b);
  return (
    one.port === other.port &&
    one.protocol === other.protocol &&
    near(one.timer.seconds, other.timer.seconds, SAME_PERIOD) &&
    near(one.meanBytes ?? 0, other.meanBytes ?? 0, SAME_BYTES)
  );
}

function networkOf(
  { machines, pairs }: CollectedBeacons,
  beacons: readonly Beacon[],
  context: JudgeContext,
): Network {
  const operatorOf = (dst: Key): number | null =>
    context.enrichment.outsideAddress(context.address(dst))?.asn ?? null;
  const byOperator = new Map<number, Set<Key>>();
  for (const { src, dst } of pairs) {
    const operator = operatorOf(dst);
    if (operator === null) continue;
    const set = byOperator.get(operator) ?? new Set<Key>();
    set.add(src);
    byOperator.set(operator, set);
  }
  return {
    machines,
    alike: (beacon) =>
      new Set(beacons.filter((other) => isSameProgram(beacon, other)).map(({ src }) => src)).size,
    atOperator: (dst) => {
      const operator = operatorOf(dst);
      return operator === null ? null : (byOperator.get(operator)?.size ?? 1);
    },
  };
}
