import type { RunOptions } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import { investigate } from '../investigate/investigate.ts';
import { moment } from '../investigate/wording.ts';
import type { InvestigationEnrichment } from '../investigate/investigation-enrichment.ts';
import type { Finding, Knocks, Rest } from '../model/knocks/knocks.ts';
import { type KnocksSettings, noSettings } from '../model/knocks/knocks-settings.ts';
import { formatInstant } from '../model/query/format-query.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { resolveRange } from '../model/time/range.ts';

/**
 * Investigates the flows of a time (as in a query; null: all data). A range that reaches beyond the logs is cut
 * to them, so that unknown hours do not count; likewise a range that reaches beyond the stored single flows, and the
 * answer says so. Throws `bad_query` for an invalid time.
 */
export async function findKnocks(
  store: FlowStore,
  time: unknown,
  options: RunOptions,
  enrichment: InvestigationEnrichment,
  settings: KnocksSettings = noSettings,
): Promise<Knocks<Finding>> {
  const began = performance.now();
  const query = parseQuery({ ...(time === null ? {} : { time }), measures: ['flows', 'rejected_flows'] });
  const extent = await store.flowRange();
  if (extent === null) {
    const [timeless] = (await store.query(parseQuery({ measures: ['flows', 'rejected_flows'] }), options))
      .rows;
    const [flows, rejected] = [Number(timeless?.[0] ?? 0), Number(timeless?.[1] ?? 0)];
    const totals = {
      flows,
      rejected_flows: rejected,
      rejected_share: flows === 0 ? null : rejected / flows,
    };
    return {
      range: null,
      range_investigated: null,
      notes: flows === 0 ? [] : ['Nothing could be investigated: no flow has a time.'],
      totals,
      findings: [],
      rest: rejected === 0 ? [] : [{ kind: 'untimed', what: 'Without a time', flows: rejected, sources: 0 }],
      stats: { ms: performance.now() - began },
    };
  }
  const asked = resolveRange(query.time, extent.newest, query.timezone);
  const wanted = Math.max(extent.first, asked === null ? 0 : Math.ceil(asked.from / 1000));
  // Before `flowsFrom` only sums are stored, which do not connect ports with sources.
  const from = Math.max(wanted, store.flowsFrom);
  const to = Math.min(extent.last + 1, asked === null ? Infinity : Math.ceil(asked.to / 1000));
  const [row] = (await store.query(query, options)).rows;
  const [flows, rejected] = [Number(row?.[0] ?? 0), Number(row?.[1] ?? 0)];
  const { columns } = store;
  const sumsFrom = wanted < Math.min(from, to) ? wanted : null;
  const scope = { columns: columns.flow, coverageColumns: columns.coverage, from, to, sumsFrom };
  const { findings, rest, looked, notes } =
    to <= from
      ? { findings: [], rest: [], looked: false, notes: [] }
      : await store.statements(null, (session) => investigate(scope, session, enrichment, settings), options);
  return {
    range: {
      from: formatInstant(asked?.from ?? wanted * 1000),
      to: formatInstant(asked?.to ?? to * 1000),
    },
    range_investigated: !looked ? null : { from: formatInstant(from * 1000), to: formatInstant(to * 1000) },
    notes: [
      ...(await untimedNotes(store)),
      ...(sumsFrom !== null
        ? [sumsNote(from, to)]
        : to <= from
          ? ['There are no logs for this time range.']
          : []),
      ...notes,
    ],
    totals: {
      flows,
      rejected_flows: rejected,
      rejected_share: flows === 0 ? null : rejected / flows,
    },
    findings,
    rest: [...rest, ...outsideRest(rejected, findings, rest)],
    stats: { ms: performance.now() - began },
  };
}

/** Rejected flows that were not investigated: those without a time, and those of which only sums are left. */
function outsideRest(rejected: number, findings: readonly Finding[], rest: readonly Rest[]): readonly Rest[] {
  const accounted =
    findings.reduce((sum, finding) => sum + finding.rejected_flows, 0) +
    rest.reduce((sum, { flows }) => sum + flows, 0);
  if (rejected <= accounted) return [];
  const what = 'Not investigated: without a time, or of a time of which only sums are stored';
  return [{ kind: 'not_investigated', what, flows: rejected - accounted, sources: 0 }];
}

async function untimedNotes(store: FlowStore): Promise<readonly string[]> {
  const { untimed_flows: untimed } = await store.status();
  if (untimed === 0) return [];
  const flows = untimed === 1 ? 'flow has' : 'flows have';
  return [`${untimed.toLocaleString('en-US')} ${flows} no time and could not be investigated.`];
}

function sumsNote(from: number, to: number): string {
  return to <= from
    ? 'Nothing could be investigated: for this time only hourly totals are stored, which count flows but not attempts.'
    : `Investigated from ${moment(from)} on: for the time before only hourly totals are stored, which count flows but not attempts.`;
}
