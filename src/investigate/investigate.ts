import { type KnocksSettings, noSettings } from '../model/knocks/knocks-settings.ts';
import type { Finding, Rest } from '../model/knocks/knocks.ts';
import { createLetInPorts, dropLetInPorts } from '../sql/investigate/let-in-ports.ts';
import { createOutboundHours, dropOutboundHours } from '../sql/investigate/outbound-hours.ts';
import { fieldsOfTries, type InvestigationScope } from '../sql/investigate/scope.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import { nothingFor } from './attempts/notes.ts';
import { searchAttempts } from './attempts/search-attempts.ts';
import { readContext, type InvestigationContext } from './context.ts';
import { searchCost } from './cost/search-cost.ts';
import type { InvestigationEnrichment } from './investigation-enrichment.ts';
import { searchExposure } from './exposure/search-exposure.ts';
import { searchGuessing } from './guessing/search-guessing.ts';
import { hideAllowed } from './lateral/allowed-scanners.ts';
import { searchLateral } from './lateral/search-lateral.ts';
import { searchBeacons } from './outbound/search-beacons.ts';
import { searchOutboundVolume } from './outbound/search-outbound-volume.ts';
import { searchRuleChanges } from './rule-changes/search-rule-changes.ts';
import type { Search, SearchResult } from './search.ts';
import { withoutExplainedByChange } from './explained-by-change.ts';
import { searchVanished } from './vanished/search-vanished.ts';

export interface Investigation {
  /** The most important first. */
  readonly findings: readonly Finding[];
  /** Rejected flows of the range that no finding accounts for. */
  readonly rest: readonly Rest[];
  /** Whether the search was possible: without the field action, attempts cannot be found. */
  readonly looked: boolean;
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
}

/** Searches beside that for attempts: they run one after another in one session. */
const searches: readonly Search[] = [
  searchExposure,
  searchGuessing,
  searchRuleChanges,
  searchVanished,
  searchOutboundVolume,
  searchBeacons,
  searchLateral,
  searchCost,
];

/** Runs all searches of an investigation over the flows of a range, in one session of the database. */
export async function investigate(
  scope: InvestigationScope,
  session: SqlSession,
  enrichment: InvestigationEnrichment,
  settings: KnocksSettings = noSettings,
): Promise<Investigation> {
  const missing = fieldsOfTries.filter((name) => !scope.columns.has(name));
  if (missing.length > 0) return { findings: [], rest: [], looked: false, notes: [nothingFor(missing)] };
  const context = await readContext(scope, session, enrichment, settings);
  const attempts = await searchAttempts(context);
  const others = await searchBeside(context);
  const findings = [attempts, ...others].flatMap((result) =>
    result.findings.map((finding): Finding => ({ rejected_flows: 0, ...finding })),
  );
  const { shown, hidden, note } = hideAllowed(
    withoutExplainedByChange(
      findings,
      others.flatMap(({ ruleChanges }) => ruleChanges ?? []),
    ),
    settings,
  );
  return {
    findings: shown.toSorted(
      (a, b) => b.score - a.score || b.attempts - a.attempts || (a.id < b.id ? -1 : 1),
    ),
    rest: [...attempts.rest, ...allowedRest(hidden)],
    looked: attempts.looked,
    notes: [...[attempts, ...others].flatMap(({ notes }) => notes), ...note],
  };
}

/** Runs the searches beside that for attempts, with the tables that several of them start from. */
async function searchBeside(context: InvestigationContext): Promise<readonly SearchResult[]> {
  const { scope, session, own } = context;
  const results: SearchResult[] = [];
  try {
    for (const statement of [...createLetInPorts(scope, [...own]), ...createOutboundHours(scope, [...own])]) await session.run(statement); // prettier-ignore
    for (const search of searches) results.push(await search(context));
  } finally {
    for (const statement of [...dropLetInPorts(scope), ...dropOutboundHours(scope)]) await session.run(statement).catch(() => undefined); // prettier-ignore
  }
  return results;
}

/** Rejected flows of findings that the allow-list hides. */
function allowedRest(hidden: readonly Finding[]): readonly Rest[] {
  const flows = hidden.reduce((sum, finding) => sum + finding.rejected_flows, 0);
  const sources = hidden.reduce((sum, finding) => sum + finding.source_count, 0);
  return flows === 0 ? [] : [{ kind: 'allowed', what: 'From scanners on the allow-list', flows, sources }];
}
