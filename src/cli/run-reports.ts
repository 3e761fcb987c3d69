import { ReportRunner, type ReportRunnerOptions } from '../reports/report-runner.ts';
import { takeLock } from '../process-lock.ts';
import type { SharedService } from '../service/shared-service.ts';
import { socketPath } from '../socket-path.ts';
import type { Messages } from './messages.ts';

/** Who asks, for the turns of questions. */
const CLIENT = 'reports';

/** What makes the reports of a store. */
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
    source: {
      query: (query) => service.query(query, { client: CLIENT }),
      knocks: (time) => service.knocks(time, { client: CLIENT, settings: knocksSettings() }),
    },
    folder: service.folder,
    warn: (message) => messages.warn(message),
    takeLock: () => takeLock(socketPath(service.folder, 'reports.lock')),
  });
}
