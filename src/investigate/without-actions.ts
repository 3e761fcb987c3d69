import type { Finding } from '../model/knocks/knocks.ts';

type Json = Readonly<Record<string, unknown>>;

/** A finding whose queries do not ask what was accepted: of logs that do not say it they would return nothing. */
export function withoutActions(finding: Finding): Finding {
  return {
    ...finding,
    query: withoutClause(finding.query),
    evidence: finding.evidence.map((one) => ({
      ...one,
      query: one.query === null ? null : withoutClause(one.query),
    })),
  };
}

function withoutClause(query: Json): Json {
  const filter = query['filter'];
  if (!Array.isArray(filter)) return query;
  return { ...query, filter: filter.filter((clause: Json) => clause['field'] !== 'action') };
}
