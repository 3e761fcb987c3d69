import { ReportRunner, type ReportRunnerOptions } from '../reports/report-runner.ts';
import { takeLock } from '../system/process-lock.ts';
import type { ReportSource } from '../reports/make-report.ts';
import type { SharedService } from '../service/shared-service.ts';
import type { CallOptions } from '../service/store-service.ts';
import { socketPath } from '../system/socket-path.ts';
import type { Messages } from './messages.ts';

/** The client id, for fair scheduling. */
const CLIENT = 'reports';

/** The runner of a store's reports. */
export function reportRunner(
  service: SharedService,
  {
    messages,
    knocksSettings,
    ...more
  }: Pick<ReportRunnerOptions, 'reports' | 'channels'> & {
    readonly messages: Messages;
    readonly knocksSettings: () => unknown;
  },
): ReportRunner {
  return new ReportRunner({
    ...more,
    source: reportSource(service, knocksSettings, { client: CLIENT }),
    folder: service.folder,
    warn: (message) => messages.warn(message),
    takeLock: () => takeLock(socketPath(service.folder, 'reports.lock')),
  });
}

/** What reports are made from. */
export function reportSource(
  service: SharedService,
  knocksSettings: () => unknown,
  options: CallOptions,
): ReportSource {
  return {
    query: (query) => service.query(query, options),
    knocks: (time) => service.knocks(time, { ...options, settings: knocksSettings() }),
    schema: () => service.schema(),
    names: () => service.names(),
    sources: () => service.sources(),
    documents: (kind) => service.documents(kind),
  };
}
