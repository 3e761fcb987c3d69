import { type AddressBlock, parseBlock } from '../model/query/address-block.ts';
import { createBinder } from '../sql/binder.ts';
import { type Key, readKey } from '../sql/key.ts';
import { isInsideKey, type SqlScope } from '../sql/investigate/scope.ts';
import { ownAddresses, ownIpv6 } from '../sql/investigate/context-queries.ts';
import type { HourCoverage } from './hour-coverage.ts';
import type { InvestigationEnrichment } from './enrichment.ts';
import { fieldOf } from '../sql/plan/condition.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import { textsBehind } from './key-texts.ts';

/** Own addresses are looked for in so many of the hours that have logs, from all over the range: some interfaces are seldom used. */
const HOURS_TO_LOOK_AT = 24;

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
  const some = someKnown(hours);
  const shown = some.length === 0 ? [] : await readShown(scope, some, session);
  const binder = createBinder(scope.dialect.placeholder);
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

async function readShown(
  scope: SqlScope,
  some: readonly number[],
  session: SqlSession,
): Promise<readonly Key[]> {
  const binder = createBinder(scope.dialect.placeholder);
  const statement = ownAddresses(scope, some, binder);
  return keysOf(await session.run(statement, binder.values));
}

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

function someKnown(hours: HourCoverage): readonly number[] {
  const known = Array.from({ length: hours.count }, (_, index) => hours.first + index).filter((hour) =>
    hours.isKnown(hour, []),
  );
  const every = Math.max(1, Math.ceil(known.length / HOURS_TO_LOOK_AT));
  return known.filter((_, index) => (known.length - 1 - index) % every === 0);
}
