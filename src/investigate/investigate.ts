import type { Finding } from '../model/knocks/knocks.ts';
import { fieldsOfTries, type InvestigationScope } from '../sql/investigate/scope.ts';
import { backscatter } from './findings/backscatter.ts';
import { bruteForce } from './findings/brute-force.ts';
import { misconfigured } from './findings/misconfigured.ts';
import { scans } from './findings/scans.ts';
import { strangers } from './findings/strangers.ts';
import { collect } from './collect.ts';
import type { JudgeContext } from './judge-context.ts';
import type { InvestigationEnrichment } from './enrichment.ts';
import type { SqlSession } from '../sql/sql-session.ts';
import { notesOf, nothingFor } from './notes.ts';
import { isBruteForce, isCutConnection, isPersistent } from './classify.ts';

export interface Investigation {
  /** Most telling first. */
  readonly findings: readonly Finding[];
  /** Whether anything could be looked at: logs without an action tell of no attempts. */
  readonly looked: boolean;
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
}

/** Everything that is worth a look among the flows of a range: asked in a session of whichever database has them. */
export async function investigate(
  scope: InvestigationScope,
  session: SqlSession,
  enrichment: InvestigationEnrichment,
): Promise<Investigation> {
  const missing = fieldsOfTries.filter((name) => !scope.columns.has(name));
  if (missing.length > 0) return { findings: [], looked: false, notes: [nothingFor(missing)] };
  const collected = await collect(scope, session, enrichment);
  const context: JudgeContext = {
    collected,
    enrichment,
    range: { from: scope.from, to: scope.to },
    sumsFrom: scope.sumsFrom,
  };
  const { hours } = collected;
  const cut = collected.suspects.filter(isCutConnection);
  const suspects = collected.suspects.filter((one) => !cut.includes(one));
  const guessing = suspects.filter((one) => one.role !== 'inside' && isBruteForce(one, hours));
  const guesses = new Set(guessing);
  const knocking = suspects.filter(
    (one) => one.role === 'outside' && !guesses.has(one) && isPersistent(one, hours),
  );
  const known = new Set(knocking.flatMap(({ pairs }) => pairs.map(({ src }) => src)));
  const scanning = scans(
    collected.scans.filter(({ scan }) => !known.has(scan.src)),
    context,
  );
  const findings = [
    ...strangers(knocking, context),
    ...guessing.map((one) => bruteForce(one, context)),
    ...misconfigured(
      suspects.filter((one) => one.role === 'inside'),
      context,
    ),
    ...scanning.findings,
    ...collected.replies.map((replies) => backscatter(replies, context)),
  ].toSorted((a, b) => b.score - a.score || b.attempts - a.attempts || (a.id < b.id ? -1 : 1));
  const looked = collected.unlogged.tries.length === 0;
  return { findings, looked, notes: notesOf(collected, findings, { scans: scanning.left, cut: cut.length }) };
}
