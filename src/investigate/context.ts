import { acceptedWithPort } from '../sql/investigate/context-queries.ts';
import { isInsideKey, type InvestigationScope, type SqlScope } from '../sql/investigate/scope.ts';
import { fieldOf } from '../sql/plan/condition.ts';
import type { Key } from '../sql/key.ts';
import type { KnocksSettings } from '../model/knocks/knocks-settings.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import type { InvestigationEnrichment } from './investigation-enrichment.ts';
import { readFieldsSeen } from './fields-seen.ts';
import type { HourCoverage } from './hour-coverage.ts';
import type { JudgeContext } from './judge-context.ts';
import { textsBehind } from './key-texts.ts';
import { readOwnAddresses } from './own-addresses.ts';
import { readHours } from './read-hours.ts';

/** What every search of an investigation starts from. */
export interface InvestigationContext {
  readonly scope: SqlScope;
  readonly session: SqlSession;
  readonly enrichment: InvestigationEnrichment;
  readonly hours: HourCoverage;
  /** Keys of addresses that are ours beside those of IPv4 blocks that networks use inside. */
  readonly own: ReadonlySet<Key>;
  readonly isOurs: (key: Key) => boolean;
  readonly settings: KnocksSettings;
  /** Of ports and protocol, what accepted flows do not have: what needs it then finds nothing, and says so. */
  readonly unlogged: readonly string[];
}

/** Which hours are known and which addresses are ours: queried once, before any search. */
export async function readContext(
  asked: InvestigationScope,
  session: SqlSession,
  enrichment: InvestigationEnrichment,
  settings: KnocksSettings,
): Promise<InvestigationContext> {
  const scope: SqlScope = { ...asked, dialect: session.dialect };
  const hours = await readHours(scope, session.run);
  const own = await readOwnAddresses(scope, hours, enrichment, session);
  const isOurs = (key: Key): boolean => isInsideKey(key, session.dialect) || own.has(key);
  const [accepted] = scope.columns.has('srcport') ? await session.run(acceptedWithPort(scope)) : [];
  const sums = ['dstport', 'protocol'];
  const seen = await readFieldsSeen(scope, sums, session.run);
  const unlogged = [
    ...(Number(accepted?.[0] ?? 0) > 0 && Number(accepted?.[1] ?? 0) === 0 ? ['srcport'] : []),
    ...sums.filter((name) => !seen.has(name)),
  ];
  return { scope, session, enrichment, hours, own, isOurs, settings, unlogged };
}

/** What the texts of findings need: the addresses and interfaces that they name. */
export async function judgeContext(
  { scope, session, enrichment, hours, isOurs }: InvestigationContext,
  named: { readonly addresses: readonly Key[]; readonly interfaces: readonly Key[] },
): Promise<JudgeContext> {
  const address = await textsBehind(fieldOf('srcaddr'), named.addresses, session);
  const interfaceId = await textsBehind(fieldOf('interface_id'), named.interfaces, session);
  return {
    hours,
    isOurs,
    enrichment,
    range: { from: scope.from, to: scope.to },
    sumsFrom: scope.sumsFrom,
    address: (key) => address(key) ?? '?',
    interfaceId: (key) => interfaceId(key) || null,
  };
}
