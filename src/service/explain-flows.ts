import type { RunOptions } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import { explain } from '../investigate/explain/explain-difference.ts';
import type { Explanation } from '../model/explain/explanation.ts';
import { parseExplain } from '../model/explain/parse-explain.ts';
import { formatInstant } from '../model/query/format-query.ts';
import { isDerivedName } from '../model/query/query-field.ts';
import { resolveRange, shiftBack, type ResolvedRange } from '../model/time/range.ts';

/** Explains what makes some flows differ. Throws `bad_query` for an invalid request. */
export async function explainFlows(
  store: FlowStore,
  json: unknown,
  options: RunOptions,
): Promise<Explanation> {
  const began = performance.now();
  const request = parseExplain(json);
  const extent = await store.flowRange();
  const range = resolveRange(request.time, extent?.newest ?? null, request.timezone);
  const earlier =
    request.question.kind === 'earlier' && range !== null
      ? shiftBack(range, request.question.shift, request.timezone)
      : null;
  const clauses = request.question.kind === 'selection' ? request.question.selection : [];
  const named = [...(request.dimensions ?? []), ...[...request.filter, ...clauses].map(({ field }) => field)];
  const scope = {
    columns: store.columns.flow,
    coverageColumns: store.columns.coverage,
    flowsFrom: store.flowsFrom,
    range,
    earlier,
  };
  const derived = request.dimensions === null || named.some(isDerivedName) ? named : null;
  const { source, ...found } =
    // Flows without a time can be explained too, but not compared with another period.
    store.columns.flow.size === 0 || (extent === null && request.question.kind === 'earlier')
      ? {
          by: request.by,
          totals: { selected: 0, rest: 0 },
          dimensions: [],
          combinations: [],
          notes: [],
          source: '',
        }
      : await store.statements(
          derived,
          ({ enrichment, ...session }) =>
            explain(request, { ...scope, ...(enrichment === undefined ? {} : { enrichment }) }, session),
          options,
        );
  return {
    range: isoRange(range),
    earlier: isoRange(earlier),
    ...found,
    stats: { ms: performance.now() - began, source },
  };
}

function isoRange(range: ResolvedRange | null): Explanation['range'] {
  return range === null ? null : { from: formatInstant(range.from), to: formatInstant(range.to) };
}
