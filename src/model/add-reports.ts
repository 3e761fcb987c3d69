import type { IngestReport, QuarantineReason } from './ingest-report.ts';

/** What is listed one by one is kept up to so many; counts are of all. */
const MOST_LISTED = 1000;
const MOST_REASONS = 5;

/** The report of an ingest that took nothing in. */
export function emptyReport(): IngestReport {
  return {
    inputs: 0,
    skipped_inputs: 0,
    failed_inputs: 0,
    ignored: [],
    other_files: [],
    records: 0,
    flows: 0,
    nodata: 0,
    skipdata: 0,
    quarantined: 0,
    visits: 0,
    duplicates: 0,
    untimed_flows: 0,
    range: null,
    seconds: 0,
    failures: [],
    reasons: [],
  };
}

/** The report of two ingests together, one after the other. */
export function addReports(a: IngestReport, b: IngestReport): IngestReport {
  const listed = <T>(one: readonly T[], two: readonly T[]): readonly T[] =>
    [...one, ...two].slice(0, MOST_LISTED);
  const warnings = [...new Set([...(a.warnings ?? []), ...(b.warnings ?? [])])];
  const expired = (a.expired ?? 0) + (b.expired ?? 0);
  return {
    inputs: a.inputs + b.inputs,
    skipped_inputs: a.skipped_inputs + b.skipped_inputs,
    failed_inputs: a.failed_inputs + b.failed_inputs,
    ignored: listed(a.ignored, b.ignored),
    other_files: listed(a.other_files, b.other_files),
    records: a.records + b.records,
    flows: a.flows + b.flows,
    nodata: a.nodata + b.nodata,
    skipdata: a.skipdata + b.skipdata,
    quarantined: a.quarantined + b.quarantined,
    visits: a.visits + b.visits,
    duplicates: a.duplicates + b.duplicates,
    ...(expired > 0 && { expired }),
    untimed_flows: a.untimed_flows + b.untimed_flows,
    range: spanning(a.range, b.range),
    seconds: Math.round((a.seconds + b.seconds) * 1000) / 1000,
    failures: listed(a.failures, b.failures),
    reasons: addReasons(a.reasons, b.reasons),
    ...(warnings.length > 0 && { warnings }),
  };
}

/** The time from the beginning of the earlier to the end of the later one. */
function spanning(a: IngestReport['range'], b: IngestReport['range']): IngestReport['range'] {
  if (a === null || b === null) return a ?? b;
  // Texts of one form sort as their times do.
  return { from: a.from < b.from ? a.from : b.from, to: a.to > b.to ? a.to : b.to };
}

function addReasons(
  a: readonly QuarantineReason[],
  b: readonly QuarantineReason[],
): readonly QuarantineReason[] {
  const all = new Map<string, QuarantineReason>();
  for (const reason of [...a, ...b]) {
    const known = all.get(reason.reason);
    all.set(
      reason.reason,
      known === undefined ? reason : { ...known, records: known.records + reason.records },
    );
  }
  return [...all.values()].toSorted((one, two) => two.records - one.records).slice(0, MOST_REASONS);
}
