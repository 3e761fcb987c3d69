import { type KnocksSettings, noSettings } from '../model/knocks/knocks-settings.ts';
import { fieldsOfTries, type InvestigationScope } from '../sql/investigate/scope.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import { nothingFor } from './attempts/notes.ts';
import { searchAttempts } from './attempts/search-attempts.ts';
import { readContext } from './context.ts';
import { searchCost } from './cost/search-cost.ts';
import type { InvestigationEnrichment } from './enrichment.ts';
import { searchExposure } from './exposure/search-exposure.ts';
import { searchGuessing } from './guessing/search-guessing.ts';
import { hideAllowed } from './lateral/allowed-scanners.ts';
import { searchLateral } from './lateral/search-lateral.ts';
import { searchBeacons } from './outbound/search-beacons.ts';
import { searchOutboundVolume } from './outbound/search-outbound-volume.ts';
import { searchRuleChanges } from './rule-changes/search-rule-changes.ts';
import type { Investigation, Search } from './search.ts';
import { searchVanished } from './vanished/search-vanished.ts';

/** They run one after another in one session. */
const searches: readonly Search[] = [
  searchAttempts,
  searchExposure,
  searchGuessing,
  searchRuleChanges,
  searchVanished,
  searchOutboundVolume,
  searchBeacons,
  searchLateral,
  searchCost,
];

/** Everything that is worth a look among the flows of a range: asked in a session of whichever database has them. */
export async function investigate(
  scope: InvestigationScope,
  session: SqlSession,
  enrichment: InvestigationEnrichment,
  settings: KnocksSettings = noSettings,
): Promise<Investigation> {
  const missing = fieldsOfTries.filter((name) => !scope.columns.has(name));
  if (missing.length > 0) return { findings: [], looked: false, notes: [nothingFor(missing)] };
  const context = await readContext(scope, session, enrichment, settings);
  const found: Investigation[] = [];
  for (const search of searches) found.push(await search(context));
  const { shown, note } = hideAllowed(
    found.flatMap(({ findings }) => findings),
    settings,
  );
  return {
    findings: shown.toSorted(
      (a, b) => b.score - a.score || b.attempts - a.attempts || (a.id < b.id ? -1 : 1),
    ),
    looked: found.some(({ looked }) => looked),
    notes: [...found.flatMap(({ notes }) => notes), ...note],
  };
}
