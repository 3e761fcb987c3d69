import type { IngestReport } from '../model/ingest-report.ts';
import type { IngestRequest, StoreService } from '../service/store-service.ts';
import { spoolStdin } from '../sources/stdin/spool-stdin.ts';
import { PeepholeError } from '../model/errors.ts';
import { addReports, emptyReport } from '../model/add-reports.ts';
import { ACCOUNT, ingestEach, openAccount } from './aws-account.ts';
import { explainIngest } from './explain-ingest.ts';
import type { Messages } from './messages.ts';
import { ProgressDisplay } from './progress.ts';
import { sourceEnvironment, sourceOptionsOf, type SourceCliOptions } from './source-options.ts';

export interface IngestRun {
  readonly names: readonly string[];
  readonly options: SourceCliOptions & { readonly quiet?: boolean };
  /** Goes on with what comes later, until the signal is aborted. */
  readonly follow?: boolean;
  /** Whether a source that refuses is tried again for ever. */
  readonly keepTrying?: boolean;
  readonly signal: AbortSignal;
}

/** Ingests with progress on stderr; `-` is standard input. Says what was wrong, and returns the report. */
export async function runIngest(
  service: StoreService,
  run: IngestRun,
  messages: Messages,
): Promise<IngestReport> {
  const { options, follow = false, keepTrying = false, signal } = run;
  if (follow && run.names.includes('-'))
    throw new PeepholeError('usage', 'Standard input ends: it can be ingested, not followed.');
  const sources = run.names.includes(ACCOUNT) ? await openAccount(service, run.names, options, messages) : [];
  const common = {
    cwd: process.cwd(),
    format: options.format ?? null,
    follow,
    keepTrying,
    source: sourceOptionsOf(options),
    environment: sourceEnvironment(),
  };
  const spool = run.names.includes('-') ? await spoolStdin() : null;
  const names = run.names
    .filter((name) => name !== ACCOUNT)
    .map((name) => (name === '-' && spool !== null ? spool.path : name));
  const display = new ProgressDisplay(
    follow ? 'Following' : 'Ingesting',
    messages,
    options.quiet === true || follow,
  );
  const ingest = (some: Pick<IngestRequest, 'names' | 'sources'>): Promise<IngestReport> =>
    service.ingest(
      { ...common, ...some },
      {
        signal,
        onProgress: ({ bytes, records }) => display.update({ done: bytes.done, total: bytes.total, records }),
      },
    );
  try {
    // What is followed is read all at once; else one source of an account after the other, since some may refuse.
    let report = emptyReport();
    if (follow) report = await ingest({ names, sources });
    else {
      if (names.length > 0) report = await ingest({ names });
      report = addReports(
        report,
        await ingestEach(sources, (source) => ingest({ names: [], sources: [source] })),
      );
    }
    display.stop();
    explainIngest(report, messages);
    return report;
  } finally {
    display.stop();
    await spool?.remove();
  }
}

/** 0 if everything was read; 1 if a file or a line could not be, or nothing that was named holds flow logs. */
export function exitCodeOf(report: IngestReport): number {
  const onlyOthers = report.inputs === 0 && report.other_files.length > 0;
  return report.failed_inputs > 0 || report.quarantined > 0 || onlyOthers ? 1 : 0;
}
