import { addReports, emptyReport } from '../../model/add-reports.ts';
import type { IngestReport } from '../../model/ingest-report.ts';
import { isFailureOfSource } from '../../sources/source-failure.ts';
import type { SourceOfAccount } from './find-account.ts';

/** Reads sources one after the other. Those that refuse or fail are in the report, unless all do: then that is an error. Of those with nothing in them yet it warns. */
export async function ingestEach(
  sources: readonly SourceOfAccount[],
  ingest: (source: SourceOfAccount) => Promise<IngestReport>,
): Promise<IngestReport> {
  let report = emptyReport();
  let failed = 0;
  for (const source of sources) {
    try {
      report = addReports(report, await ingest(source));
    } catch (error) {
      if (!isFailureOfSource(error)) throw error;
      // Its flow log is new, perhaps.
      if (error.details['empty'] === true) {
        report = addReports(report, { ...emptyReport(), warnings: [error.message] });
        continue;
      }
      if (++failed === sources.length) throw error;
      report = addReports(report, {
        ...emptyReport(),
        inputs: 1,
        failed_inputs: 1,
        failures: [{ input: source.name, code: error.code, reason: error.message }],
      });
    }
  }
  return report;
}
