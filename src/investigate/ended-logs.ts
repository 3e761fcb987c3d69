import type { Finding } from '../model/knocks/knocks.ts';

/** A stranger who came until so many seconds before an interface's last record, or later, may still come. */
const UNTIL = 3 * 3600;

/**
 * Strangers who came to an interface until its records ended have not been seen to stop: their findings say that nobody
 * knows whether they go on.
 */
export function withEndedLogs(findings: readonly Finding[]): readonly Finding[] {
  const ended = new Map(
    findings.flatMap(({ kind, target, last_seen: last, query }) =>
      kind === 'vanished' && target?.interface_id != null && isOfInterface(query, target.interface_id)
        ? [[target.interface_id, Date.parse(last) / 1000] as const]
        : [],
    ),
  );
  return findings.map((finding) => {
    const face = finding.target?.interface_id ?? null;
    const end = face === null ? undefined : ended.get(face);
    if (finding.kind !== 'stopped_stranger' || end === undefined) return finding;
    if (Date.parse(finding.last_seen) / 1000 < end - UNTIL) return finding;
    return {
      ...finding,
      evidence: [
        ...finding.evidence,
        {
          text: `Interface ${face} has no records at all since: whether these go on is unknown.`,
          query: finding.query,
        },
      ],
      next_step: `Find out first why ${face} has no records any more: without them nobody can tell whether these attempts stopped.`,
    };
  });
}

/** Whether a finding is about all that an interface logs, not what some address or port did there. */
function isOfInterface({ filter }: Finding['query'], face: string): boolean {
  if (!Array.isArray(filter) || filter.length !== 1) return false;
  const [only] = filter as readonly { readonly field?: unknown; readonly in?: unknown }[];
  return (
    only?.field === 'interface_id' && Array.isArray(only.in) && only.in.length === 1 && only.in[0] === face
  );
}
