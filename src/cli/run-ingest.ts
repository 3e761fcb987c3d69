import type { IngestReport } from '../model/ingest-report.ts';
import type { IngestRequest, StoreService } from '../service/store-service.ts';
import { spoolStdin } from '../sources/stdin/spool-stdin.ts';
import { PeepholeError } from '../model/errors.ts';
import { emptyReport } from '../model/add-reports.ts';
import { checkSourceName } from '../sources/source-name.ts';
import { ACCOUNT, accountToRead, type AccountToRead } from './account/find-account.ts';
import { followWholeAccount, readAccountOnce, type AccountReading } from './account/read-account.ts';
import { explainIngest } from './explain-ingest.ts';
import type { Messages } from './messages.ts';
import { ProgressDisplay } from './progress.ts';
import { printSourceNotice } from './source-notices.ts';
import { sourceEnvironment, sourceOptionsOf, type SourceCliOptions } from './source-options.ts';

export interface IngestRun {
  readonly names: readonly string[];
  readonly options: SourceCliOptions & { readonly quiet?: boolean };
  /** Continues with new data, until the signal is aborted. */
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
  for (const name of run.names) checkSourceName(name);
  const account = accountOf(run);
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
  /** Of each call: an account is read in several. */
  const recordsOf = new Map<number, number>();
  let calls = 0;
  const ingest = (
    some: Pick<IngestRequest, 'names' | 'sources'>,
    until: AbortSignal = signal,
  ): Promise<IngestReport> => {
    const call = calls++;
    return service.ingest(
      { ...common, ...some },
      {
        signal: until,
        onNotice: (notice) => printSourceNotice(notice, messages),
        onProgress: ({ bytes, records }) => {
          recordsOf.set(call, records);
          const all = [...recordsOf.values()].reduce((sum, each) => sum + each);
          display.update({ done: bytes.done, total: calls === 1 ? bytes.total : 0, records: all });
        },
      },
    );
  };
  const readAccount = (of: AccountToRead): Promise<IngestReport> => {
    const reading: AccountReading = {
      service,
      account: of,
      messages,
      ingest: (sources, until) => ingest({ names: [], sources }, until),
      ingestOthers: async (until) => (names.length === 0 ? emptyReport() : ingest({ names }, until)),
      signal,
    };
    return follow ? followWholeAccount(reading, keepTrying) : readAccountOnce(reading);
  };
  try {
    const report = await (account === null ? ingest({ names }) : readAccount(account));
    display.stop();
    explainIngest(report, messages, signal.aborted);
    return report;
  } finally {
    display.stop();
    await spool?.remove();
  }
}

/** The account to read, if one is named. Throws `usage` for several regions with other sources. */
function accountOf({ names, options }: IngestRun): AccountToRead | null {
  if (!names.includes(ACCOUNT)) return null;
  const account = accountToRead({ ...sourceOptionsOf(options), format: options.format ?? null });
  const { regions } = account;
  if (names.length > 1 && (regions.length > 1 || regions[0] === 'all'))
    throw new PeepholeError('usage', 'Several regions are for aws: alone; name it in a command of its own.');
  return account;
}

/** 0 if everything was read; 1 if a file or a line could not be read, or no input holds flow logs. */
export function exitCodeOf(report: IngestReport): number {
  const onlyOthers = report.inputs === 0 && report.other_files.length > 0;
  return report.failed_inputs > 0 || report.quarantined > 0 || onlyOthers ? 1 : 0;
}
