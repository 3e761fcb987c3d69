import type { FindingKind } from '../model/knocks/finding-kinds.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import type { CutOff } from './search.ts';

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

/**
 * Leaves out findings that a changed rule explains: attempts of the sources that it rejects, whose flows then belong to the
 * finding about the rule, and traffic that stopped because it is rejected since.
 */
export function withoutExplainedByChange(
  findings: readonly Finding[],
  cutOffs: readonly CutOff[],
): readonly Finding[] {
  const taken = new Map<string, Finding[]>();
  for (const finding of findings) {
    const explains = attempting.has(finding.kind)
      ? hasShutOut
      : finding.kind === 'vanished'
        ? hasEnded
        : null;
    const cutOff = explains === null ? undefined : cutOffs.find((one) => explains(one, finding));
    if (cutOff !== undefined) taken.set(cutOff.id, [...(taken.get(cutOff.id) ?? []), finding]);
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

function hasShutOut(cutOff: CutOff, { target, target_count: places, ports, sources }: Finding): boolean {
  const isThere =
    target === null ? places <= cutOff.targets.size * cutOff.ports.size : cutOff.targets.has(target.address);
  return (
    isThere &&
    ports.every((port) => cutOff.ports.has(port)) &&
    sources.every(({ address }) => cutOff.sources.has(address))
  );
}

/** Whether what vanished is a connection of those sources, what they asked, or a machine that had nobody else to answer. */
function hasEnded(cutOff: CutOff, { target, sources, last_seen: last }: Finding): boolean {
  const ended = Date.parse(last) / 1000;
  return (
    cutOff.from - ended <= SAME_TIME.before &&
    ended - cutOff.from <= SAME_TIME.after &&
    (target === null || cutOff.targets.has(target.address)) &&
    sources.every(({ address }) => cutOff.sources.has(address) || cutOff.targets.has(address))
  );
}
