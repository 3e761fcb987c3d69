import { flowsAtInterfaces } from '../sql/investigate/interface-ends-queries.ts';
import type { Key } from '../sql/key.ts';
import { readKey } from '../sql/key.ts';
import type { InvestigationContext } from './context.ts';
import type { JudgeContext } from './judge-context.ts';

/** The end of a conversation at which an interface is: the rules that it logged are those of that machine. */
export type End = 'source' | 'target';

/** Flows from one address to another, as an interface logged them. */
export interface Logged {
  readonly interface: Key;
  readonly src: Key;
  readonly dst: Key;
}

/** Null: the logs do not tell, or the interface is of a machine on the way. */
export type EndOf = (logged: Logged) => End | null;

/** Hours with logs that are asked: the last ones. */
const HOURS = 24;
/** An interface's own address is at one end of all of its flows; of one with several addresses at so large a share, and more often than the peer by so much. */
const NEARLY_ALL = 0.95;
const OF_SEVERAL = 0.34;
const CLEARLY = 2;

/**
 * At which end the interfaces of some flows are: that of the one address that is ours; of two, the one that the inventory
 * knows to be the interface's, or that is at an end of (nearly) all of the interface's flows.
 *
 * @param words those that name every address and interface of `logged`
 */
export async function readEnds(
  logged: readonly Logged[],
  { scope, session: { run }, hours, isOurs }: InvestigationContext,
  words: Pick<JudgeContext, 'address' | 'interfaceId' | 'enrichment'>,
): Promise<EndOf> {
  const known = new Map<string, End>();
  const asked = new Map<string, Logged>();
  for (const one of logged) {
    if (!isOurs(one.dst) || !isOurs(one.src)) continue;
    const end = endByInventory(one, scope.to, words);
    if (end === null) asked.set(keyOf(one), one);
    else known.set(keyOf(one), end);
  }
  const counts = await countFlows([...asked.values()]);
  for (const [key, one] of asked) {
    const of = (address: Key): number => counts.get(`${one.interface} ${address}`) ?? 0;
    const end = endByFlows(of(one.src), of(one.dst), counts.get(`${one.interface}`) ?? 0);
    if (end !== null) known.set(key, end);
  }
  const owners = new Set(
    logged.flatMap((one) => {
      const end = known.get(keyOf(one)) ?? onlyOurs(one);
      return end === null ? [] : [`${one.interface} ${end === 'source' ? one.src : one.dst}`];
    }),
  );
  return (one) => known.get(keyOf(one)) ?? onlyOurs(one) ?? endOfOwner(one);

  function onlyOurs({ src, dst }: Logged): End | null {
    if (isOurs(src) === isOurs(dst)) return null;
    return isOurs(src) ? 'source' : 'target';
  }

  /** Of an interface that only ever had these two, by what is known of it beside other flows. */
  function endOfOwner({ interface: face, src, dst }: Logged): End | null {
    const [atSource, atTarget] = [owners.has(`${face} ${src}`), owners.has(`${face} ${dst}`)];
    if (atSource === atTarget) return null;
    return atSource ? 'source' : 'target';
  }

  async function countFlows(some: readonly Logged[]): Promise<ReadonlyMap<string, number>> {
    const places = new Map(
      some.flatMap(({ interface: face, src, dst }) =>
        [src, dst].map((address) => [`${face} ${address}`, { interface: face, address }] as const),
      ),
    );
    const lately = hoursWithLogs();
    const found = new Map<string, number>();
    if (places.size === 0 || lately.length === 0) return found;
    for (const statement of flowsAtInterfaces(scope, [...places.values()], lately))
      for (const [face, address, flows] of await run(statement))
        found.set(
          address === null ? `${readKey(face)}` : `${readKey(face)} ${readKey(address)}`,
          Number(flows),
        );
    return found;
  }

  function hoursWithLogs(): readonly number[] {
    const some: number[] = [];
    for (let hour = hours.last; hour >= hours.first && some.length < HOURS; hour--)
      if (hours.isKnown(hour, [])) some.push(hour);
    return some;
  }
}

const keyOf = ({ interface: face, src, dst }: Logged): string => `${face} ${src} ${dst}`;

function endByInventory(
  { interface: face, src, dst }: Logged,
  moment: number,
  { address, interfaceId, enrichment }: Pick<JudgeContext, 'address' | 'interfaceId' | 'enrichment'>,
): End | null {
  const id = interfaceId(face);
  if (id === null) return null;
  const isAt = (key: Key): boolean => enrichment.ownAddress(address(key), id, moment)?.interfaceId === id;
  const [atSource, atTarget] = [isAt(src), isAt(dst)];
  if (atSource === atTarget) return null;
  return atSource ? 'source' : 'target';
}

function endByFlows(src: number, dst: number, all: number): End | null {
  const [more, less] = [Math.max(src, dst), Math.min(src, dst)];
  if (more === less) return null;
  const isOwn = more >= NEARLY_ALL * all || (more >= OF_SEVERAL * all && more >= CLEARLY * less);
  if (!isOwn) return null;
  return src > dst ? 'source' : 'target';
}
