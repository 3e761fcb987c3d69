import { type AddressBlock, parseBlock } from '../model/query/address-block.ts';
import { createBinder } from '../sql/binder.ts';
import { type Key, readKey } from '../sql/key.ts';
import { isInsideKey, type SqlScope } from '../sql/investigate/scope.ts';
import {
  createOwnEdges,
  dropOwnEdges,
  ownAddresses,
  ownHours,
  ownIpv6,
} from '../sql/investigate/context-queries.ts';
import type { HourCoverage } from './hour-coverage.ts';
import type { InvestigationEnrichment } from './investigation-enrichment.ts';
import { fieldOf } from '../sql/plan/condition.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import { textsBehind } from './key-texts.ts';

/** Own addresses are looked for in so many of the hours that have logs, from all over the range: some interfaces are seldom used. */
const HOURS_TO_LOOK_AT = 24;
/** Where there are any, in so many: some machines are there for an hour only. */
const HOURS_WHERE_THERE_ARE = 192;

/**
 * The keys of addresses that are ours beside those of IPv4 blocks that networks use inside: IPv6 ones of such blocks,
 * what the inventory lists, what the flows show to be an interface's own, and all of the same IPv6 subnets: one is a /64,
 * and belongs to one VPC.
 */
export async function readOwnAddresses(
  scope: SqlScope,
  hours: HourCoverage,
  enrichment: InvestigationEnrichment,
  session: SqlSession,
): Promise<ReadonlySet<Key>> {
  const { run } = session;
  const listed = enrichment.ownAddresses().flatMap((address) => parseBlock(address) ?? []);
  const four = listed.flatMap(({ version, first }) =>
    version === 4 ? [scope.dialect.keyOfIpv4(Number(first))] : [],
  );
  const shown = await readShown(scope, hours, session);
  const binder = createBinder(scope.dialect);
  const six = ownIpv6(
    [...listed.filter(({ version }) => version === 6), ...(await subnetsOf(shown, session))],
    scope,
    binder,
  );
  return new Set([
    ...shown,
    ...four.filter((key) => !isInsideKey(key, scope.dialect)),
    ...keysOf(await run(six, binder.values)),
  ]);
}

/** What the flows show to be an interface's own. Of many hours it is asked where a few show any. */
async function readShown(scope: SqlScope, hours: HourCoverage, { run }: SqlSession): Promise<readonly Key[]> {
  const [few, many] = [someKnown(hours, HOURS_TO_LOOK_AT), someKnown(hours, HOURS_WHERE_THERE_ARE)];
  if (few.length === 0) return [];
  const bits = new Map<number, number>(few.map((hour) => [hour, ownHours.few]));
  for (const hour of many) bits.set(hour, (bits.get(hour) ?? 0) | ownHours.many);
  const binder = createBinder(scope.dialect);
  try {
    for (const statement of createOwnEdges(scope, bits, binder)) await run(statement, binder.values);
    const shown = await run(ownAddresses(scope, 'few'));
    return keysOf(shown.length === 0 || many.length === few.length ? shown : await run(ownAddresses(scope, 'many')));
  } finally {
    await run(dropOwnEdges(scope)).catch(() => undefined);
  }
} // prettier-ignore

/** The /64 blocks of the IPv6 addresses among some. */
async function subnetsOf(keys: readonly Key[], session: SqlSession): Promise<readonly AddressBlock[]> {
  if (keys.length === 0) return [];
  const text = await textsBehind(fieldOf('srcaddr'), keys, session);
  const blocks = keys.flatMap((key) => {
    const address = text(key) ?? '';
    return address.includes(':') ? (parseBlock(`${address}/64`) ?? []) : [];
  });
  return [...new Map(blocks.map((one) => [one.first, one])).values()];
}

function keysOf(rows: readonly (readonly unknown[])[]): readonly Key[] {
  return rows.map(([key]) => readKey(key));
}

function someKnown(hours: HourCoverage, most: number): readonly number[] {
  const known = Array.from({ length: hours.count }, (_, index) => hours.first + index).filter((hour) =>
    hours.isKnown(hour, []),
  );
  const every = Math.max(1, Math.ceil(known.length / most));
  return known.filter((_, index) => (known.length - 1 - index) % every === 0);
}
