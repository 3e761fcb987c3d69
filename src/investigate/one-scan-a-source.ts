import type { Finding } from '../model/knocks/knocks.ts';

/**
 * Findings of which each scanning source has one: of what a machine of ours tries, some may be rejected and the rest let out
 * without an answer. The first finding stays, with the other as its evidence.
 */
export function oneScanASource(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) {
    const first = byId.get(finding.id);
    byId.set(
      finding.id,
      first === undefined || finding.kind !== 'scan' ? finding : withOther(first, finding),
    );
  }
  return [...byId.values()];
}

function withOther(first: Finding, other: Finding): Finding {
  return {
    ...first,
    score: Math.max(first.score, other.score),
    evidence: [
      { text: other.summary.replace(/\.$/, ''), query: other.query },
      ...other.evidence,
      ...first.evidence,
    ],
    next_step: other.next_step,
  };
}
