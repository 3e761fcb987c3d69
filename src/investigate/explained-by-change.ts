import type { FindingKind } from '../model/knocks/finding-kinds.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import type { RuleChange } from './search.ts';

/** Kinds of findings that clients rejected by a changed rule would otherwise cause. */
const attempting: ReadonlySet<FindingKind> = new Set([
  'persistent_stranger',
  'new_stranger',
  'stopped_stranger',
  'misconfigured_client',
  'scan',
]);

/** What ends because of a change ends in the same hours: so many seconds before the first rejected flow at most, or after it. */
const SAME_TIME = { before: 6 * 3600, after: 2 * 3600 } as const;

/** Those of clients that a rule rejected until it let them in. */
const rejectedUntil: ReadonlySet<FindingKind> = new Set(['stopped_stranger', 'misconfigured_client']);

/**
 * Leaves out findings that a changed rule explains: attempts of the sources that it rejects, or rejected until it let them in,
 * whose flows then belong to the finding about the rule, and traffic that stopped because it is rejected since.
 */
export function withoutExplainedByChange(
  findings: readonly Finding[],
  changes: readonly RuleChange[],
): readonly Finding[] {
  const taken = new Map<string, Finding[]>();
  for (const finding of findings) {
    const change = changes.find((one) => explains(one, finding));
    if (change !== undefined) taken.set(change.id, [...(taken.get(change.id) ?? []), finding]);
  }
  const left = new Set([...taken.values()].flat());
  return findings
    .filter((finding) => !left.has(finding))
    .map((finding) => ({
      ...finding,
      rejected_flows: (taken.get(finding.id) ?? []).reduce(
        (sum, one) => sum + one.rejected_flows,
        finding.rejected_flows,
      ),
    }));
}

function explains(change: RuleChange, finding: Finding): boolean {
  if (change.now === 'accepted')
    return (
      rejectedUntil.has(finding.kind) &&
      isAboutIts(change, finding) &&
      Date.parse(finding.last_seen) / 1000 <= change.from
    );
  return attempting.has(finding.kind)
    ? isAboutIts(change, finding)
    : finding.kind === 'vanished' && hasEnded(change, finding);
}

/** Whether a finding is only about sources, targets and ports that a change is about. */
function isAboutIts(change: RuleChange, { target, target_count: places, ports, sources }: Finding): boolean {
  const isThere =
    target === null ? places <= change.targets.size * change.ports.size : change.targets.has(target.address);
  return (
    isThere &&
    ports.every((port) => change.ports.has(port)) &&
    sources.every(({ address }) => change.sources.has(address))
  );
}

/** Whether what vanished is a connection of those sources, what they asked, or a machine that had nobody else to answer. */
function hasEnded(change: RuleChange, { target, sources, last_seen: last }: Finding): boolean {
  const ended = Date.parse(last) / 1000;
  return (
    change.from - ended <= SAME_TIME.before &&
    ended - change.from <= SAME_TIME.after &&
    (target === null || change.targets.has(target.address)) &&
    sources.every(({ address }) => change.sources.has(address) || change.targets.has(address))
  );
}
