import { type KnocksSettings, noSettings } from '../model/knocks/knocks-settings.ts';
import type { Finding, Rest } from '../model/knocks/knocks.ts';
import { createLetInPorts, dropLetInPorts } from '../sql/investigate/let-in-ports.ts';
import { createAccessHours, dropAccessHours } from '../sql/investigate/access-hours.ts';
import { createRefusedPairHours, dropRefusedPairHours } from '../sql/investigate/refused-pair-hours.ts';
import { createOutboundHours, dropOutboundHours } from '../sql/investigate/outbound-hours.ts';
import { fieldsOfEnds, type InvestigationScope, withHourSums } from '../sql/investigate/scope.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import { nothingFor } from './attempts/notes.ts';
import { searchAttempts } from './attempts/search-attempts.ts';
import { readContext, type InvestigationContext } from './context.ts';
import { readFieldsSeen } from './fields-seen.ts';
import { searchCost } from './cost/search-cost.ts';
import type { InvestigationEnrichment } from './investigation-enrichment.ts';
import { searchExposure } from './exposure/search-exposure.ts';
import { searchGuessing } from './guessing/search-guessing.ts';
import { hideAllowed } from './lateral/allowed-scanners.ts';
import { searchLateral } from './lateral/search-lateral.ts';
import { searchBeacons } from './outbound/search-beacons.ts';
import { searchSweeps } from './outbound/search-sweeps.ts';
import { searchOutboundVolume } from './outbound/search-outbound-volume.ts';
import { searchLostPackets } from './lost-packets/search-lost-packets.ts';
import { searchRuleChanges } from './rule-changes/search-rule-changes.ts';
import { findingOf, type Search, type SearchResult } from './search.ts';
import { withEndedLogs } from './ended-logs.ts';
import { withoutExplainedByChange } from './explained-by-change.ts';
import { searchVanished } from './vanished/search-vanished.ts';
import { oneScanASource } from './one-scan-a-source.ts';
import { withoutActions } from './without-actions.ts';
import { list } from './wording.ts';

export interface Investigation {
  /** The most important first. */
  readonly findings: readonly Finding[];
  /** Rejected flows of the range that no finding accounts for. */
  readonly rest: readonly Rest[];
  /** Whether any search was possible: without addresses none is. */
  readonly looked: boolean;
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
}

/** A search, and whether it needs to know what was accepted and what rejected. What it needs besides it says itself. */
interface Sought {
  readonly search: Search;
  readonly needsAction: boolean;
  /** What it is for, within a sentence. */
  readonly what: string;
}

/** Searches beside that for attempts: they run one after another in one session. */
const searches: readonly Sought[] = [
  { search: searchExposure, needsAction: true, what: 'exposed services' },
  { search: searchGuessing, needsAction: true, what: 'guessing that succeeded' },
  { search: searchRuleChanges, needsAction: true, what: 'rules that changed' },
  { search: searchVanished, needsAction: false, what: 'what vanished' },
  { search: searchOutboundVolume, needsAction: false, what: 'unusual amounts sent outside' },
  { search: searchBeacons, needsAction: false, what: 'timers' },
  { search: searchSweeps, needsAction: false, what: 'scans of the outside' },
  { search: searchLateral, needsAction: true, what: 'machines that spread inside' },
  { search: searchCost, needsAction: false, what: 'costs' },
  { search: searchLostPackets, needsAction: false, what: 'packets that transit gateways lost' },
];

/** Runs all searches of an investigation over the flows of a range, in one session of the database. */
export async function investigate(
  scope: InvestigationScope,
  { dialect, run }: SqlSession,
  enrichment: InvestigationEnrichment,
  settings: KnocksSettings = noSettings,
): Promise<Investigation> {
  const session: SqlSession = { dialect: withHourSums(scope, dialect), run };
  const missing = fieldsOfEnds.filter((name) => !scope.columns.has(name));
  if (missing.length > 0) return { findings: [], rest: [], looked: false, notes: [nothingFor(missing)] };
  // Flows of transit gateways and of some custom formats do not say whether they were accepted.
  const saysAction = (await readFieldsSeen({ ...scope, dialect: session.dialect }, ['action'], run)).size > 0;
  if (!saysAction) return withoutAttempts(scope, session, enrichment, settings);
  const context = await readContext(scope, session, enrichment, settings);
  const [attempts, others, changes] = await withSharedTables(context, async () => {
    const beside = await searchBeside(context);
    const found = beside.flatMap(({ ruleChanges }) => ruleChanges ?? []);
    return [await searchAttempts(context, found), beside, found] as const;
  });
  const findings = [attempts, ...others].flatMap((result) =>
    result.findings.map(findingOf).map((finding) => ({
      ...finding,
      rejected_flows: finding.rejected_flows + (attempts.shutOut.get(finding.id) ?? 0),
    })),
  );
  const { shown, hidden, note } = hideAllowed(
    withEndedLogs(withoutExplainedByChange(oneScanASource(findings), changes)),
    settings,
  );
  return {
    findings: shown.toSorted(byScore),
    rest: [...attempts.rest, ...allowedRest(hidden)],
    looked: attempts.looked,
    // Where nothing could be investigated, that is said alone.
    notes: [...(attempts.looked ? [attempts, ...others] : [attempts]).flatMap(({ notes }) => notes), ...note],
  };
}

/** What can be known where nothing says what was rejected: all flows count as accepted. */
async function withoutAttempts(
  scope: InvestigationScope,
  session: SqlSession,
  enrichment: InvestigationEnrichment,
  settings: KnocksSettings,
): Promise<Investigation> {
  const columns = new Set([...scope.columns].filter((name) => name !== 'action'));
  const context = await readContext({ ...scope, columns }, session, enrichment, settings);
  const results = await withSharedTables(context, () => searchBeside(context));
  const left = searches.filter(({ needsAction }) => needsAction).map(({ what }) => what);
  const findings = results.flatMap((result) =>
    result.findings.map((found): Finding => withoutActions(findingOf(found))),
  );
  return {
    findings: findings.toSorted(byScore),
    rest: [],
    looked: true,
    notes: [
      `The logs have no action, which says what was accepted and what rejected: strangers and other attempts, ${list(left)} could not be searched for. All flows count as accepted.`,
      ...results.flatMap(({ notes }) => notes),
    ],
  };
}

function byScore(a: Finding, b: Finding): number {
  return b.score - a.score || b.attempts - a.attempts || (a.id < b.id ? -1 : 1);
}

/** Does work beside which there are the tables that several searches start from. */
async function withSharedTables<T>(
  { scope, session, own }: InvestigationContext,
  work: () => Promise<T>,
): Promise<T> {
  const ours = [...own];
  try {
    for (const statement of [
      ...createRefusedPairHours(scope),
      ...createAccessHours(scope),
      ...createLetInPorts(scope, ours),
      ...createOutboundHours(scope, ours),
    ])
      await session.run(statement);
    return await work();
  } finally {
    for (const statement of [dropRefusedPairHours, dropAccessHours, dropLetInPorts, dropOutboundHours].flatMap((drop) => drop(scope))) await session.run(statement).catch(() => undefined); // prettier-ignore
  }
}

/** Runs the searches beside that for attempts that are possible. */
async function searchBeside(context: InvestigationContext): Promise<readonly SearchResult[]> {
  const hasAction = context.scope.columns.has('action');
  const results: SearchResult[] = [];
  for (const { search } of searches.filter(({ needsAction }) => hasAction || !needsAction))
    results.push(await search(context));
  return results;
}

/** Rejected flows of findings that the allow-list hides. */
function allowedRest(hidden: readonly Finding[]): readonly Rest[] {
  const flows = hidden.reduce((sum, finding) => sum + finding.rejected_flows, 0);
  const sources = hidden.reduce((sum, finding) => sum + finding.source_count, 0);
  return flows === 0 ? [] : [{ kind: 'allowed', what: 'From scanners on the allow-list', flows, sources }];
}
