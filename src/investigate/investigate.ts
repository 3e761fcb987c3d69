import type { Finding, Knocks } from '../model/knocks/knocks.ts';
import { canInvestigate, type InvestigationScope } from '../sql/investigate/scope.ts';
import { backscatter } from './findings/backscatter.ts';
import { bruteForce } from './findings/brute-force.ts';
import { misconfigured } from './findings/misconfigured.ts';
import { scans } from './findings/scans.ts';
import { strangers } from './findings/strangers.ts';
import { gather, type Run } from './gather.ts';
import type { JudgeContext } from './judge-context.ts';
import type { Knowledge } from './knowledge.ts';
import { isBruteForce, isPersistent } from './suspicion.ts';

/** Everything that is worth a look among the flows of a range, most telling first. */
export async function investigate(
  scope: InvestigationScope,
  run: Run,
  knowledge: Knowledge,
): Promise<Knocks['findings']> {
  if (!canInvestigate(scope.columns)) return [];
  const gathered = await gather(scope, run);
  const context: JudgeContext = { gathered, knowledge, range: { from: scope.from, to: scope.to } };
  const { hours, suspects } = gathered;
  const guessing = suspects.filter((one) => one.role !== 'inside' && isBruteForce(one, hours));
  const guesses = new Set(guessing);
  const knocking = suspects.filter(
    (one) => one.role === 'outside' && !guesses.has(one) && isPersistent(one, hours),
  );
  const known = new Set(knocking.flatMap(({ pairs }) => pairs.map(({ src }) => src)));
  const findings: readonly Finding[] = [
    ...strangers(knocking, context),
    ...guessing.map((one) => bruteForce(one, context)),
    ...misconfigured(
      suspects.filter((one) => one.role === 'inside'),
      context,
    ),
    ...scans(
      gathered.scans.filter(({ scan }) => !known.has(scan.src)),
      context,
    ),
    ...gathered.replies.map((replies) => backscatter(replies, context)),
  ];
  return findings.toSorted((a, b) => b.score - a.score || b.attempts - a.attempts || (a.id < b.id ? -1 : 1));
}
