import { parseBlock } from '../model/query/address-block.ts';
import { createBinder } from '../sql/binder.ts';
import { type Key, readKey } from '../sql/key.ts';
import { isInsideKey, type SqlScope } from '../sql/investigate/scope.ts';
import { ownAddresses, ownIpv6 } from '../sql/investigate/context-queries.ts';
import type { HourCoverage } from './hour-coverage.ts';
import type { InvestigationEnrichment } from './enrichment.ts';
import type { RunStatement } from '../sql/run-statement.ts';

/** Own addresses are looked for in so many of the hours that have logs, from all over the range: some interfaces are seldom used. */
const HOURS_TO_LOOK_AT = 24;

/**
 * The keys of addresses that are ours beside those of IPv4 blocks that networks use inside: IPv6 ones of such blocks,
 * what the inventory lists, and what the flows show to be an interface's own.
 */
export async function readOwnAddresses(
  scope: SqlScope,
  hours: HourCoverage,
  enrichment: InvestigationEnrichment,
  run: RunStatement,
): Promise<ReadonlySet<Key>> {
  const listed = enrichment.ownAddresses().flatMap((address) => parseBlock(address) ?? []);
  const four = listed.flatMap(({ version, first }) =>
    version === 4 ? [scope.dialect.keyOfIpv4(Number(first))] : [],
  );
  const binder = createBinder(scope.dialect.placeholder);
  const six = ownIpv6(
    listed.filter(({ version }) => version === 6),
    scope,
    binder,
  );
  const some = someKnown(hours);
  return new Set([
    ...four.filter((key) => !isInsideKey(key, scope.dialect)),
    ...keysOf(await run(six, binder.values)),
    ...(some.length === 0 ? [] : keysOf(await run(ownAddresses(scope, some)))),
  ]);
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
