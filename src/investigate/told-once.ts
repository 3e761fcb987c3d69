import type { Finding, FindingKind } from '../model/knocks/knocks.ts';

/** What clients that a changed rule shut out look like, if one looks at their attempts alone. */
const attempting: ReadonlySet<FindingKind> = new Set([
  'persistent_stranger',
  'new_stranger',
  'stopped_stranger',
  'misconfigured_client',
]);

/** Leaves out findings about sources that `rejected_after_change` tells at the same target, which then accounts for their flows. */
export function toldOnce(findings: readonly Finding[]): readonly Finding[] {
  const changes = findings.filter(({ kind }) => kind === 'rejected_after_change');
  const taken = new Map<Finding, Finding[]>();
  for (const finding of findings) {
    if (!attempting.has(finding.kind)) continue;
    const change = changes.find((one) => covers(one, finding));
    if (change !== undefined) taken.set(change, [...(taken.get(change) ?? []), finding]);
  }
  const left = new Set([...taken.values()].flat());
  return findings
    .filter((finding) => !left.has(finding))
    .map((finding) => ({
      ...finding,
      rejected_flows: (taken.get(finding) ?? []).reduce(
        (sum, one) => sum + one.rejected_flows,
        finding.rejected_flows,
      ),
    }));
}

function covers(change: Finding, finding: Finding): boolean {
  const sources = new Set(change.sources.map(({ address }) => address));
  return (
    change.target?.address === finding.target?.address &&
    finding.ports.every((port) => change.ports.includes(port)) &&
    finding.sources.every(({ address }) => sources.has(address))
  );
}
