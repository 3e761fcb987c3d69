import { judgeContext, type InvestigationContext } from '../context.ts';
import type { Investigation } from '../search.ts';
import { isBruteForce, isCutConnection, isPersistent } from './classify.ts';
import { collect, namedIn } from './collect.ts';
import { backscatter } from './findings/backscatter.ts';
import { bruteForce } from './findings/brute-force.ts';
import { misconfigured } from './findings/misconfigured.ts';
import { scans } from './findings/scans.ts';
import { strangers } from './findings/strangers.ts';
import { notesOf } from './notes.ts';

/** Who tries to reach what, and is refused or never answered: strangers, guessing, scans, clients that fail, late replies. */
export async function searchAttempts(context: InvestigationContext): Promise<Investigation> {
  const collected = await collect(context);
  const judge = await judgeContext(context, namedIn(collected));
  const { hours } = context;
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
    collected.triedAddresses,
    judge,
  );
  const findings = [
    ...strangers(knocking, judge),
    ...guessing.map((one) => bruteForce(one, judge)),
    ...misconfigured(
      suspects.filter((one) => one.role === 'inside'),
      judge,
    ),
    ...scanning.findings,
    ...collected.replies.map((replies) => backscatter(replies, judge)),
  ];
  const looked = collected.unlogged.tries.length === 0;
  return { findings, looked, notes: notesOf(collected, findings, { scans: scanning.left, cut: cut.length }) };
}
