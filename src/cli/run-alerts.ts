import { AlertRunner, type AlertRunnerOptions } from '../alerts/alert-runner.ts';
import { takeLock } from '../system/process-lock.ts';
import type { SharedService } from '../service/shared-service.ts';
import { socketPath } from '../system/socket-path.ts';
import type { Messages } from './messages.ts';

/** The client id, for fair scheduling. */
const CLIENT = 'alerts';

interface AlertSettings extends Pick<AlertRunnerOptions, 'channels' | 'url'> {
  readonly messages: Messages;
  /** The current scanners of the user's own, and prices. */
  readonly knocksSettings: () => unknown;
}

/** Evaluates the alerts of a store, for a server. */
export function alertRunner(
  service: SharedService,
  { messages, knocksSettings, channels, url }: AlertSettings,
): AlertRunner {
  return new AlertRunner({
    source: {
      documents: async (kind) => service.documents(kind),
      query: (query) => service.query(query, { client: CLIENT }),
      knocks: (time) => service.knocks(time, { client: CLIENT, settings: knocksSettings() }),
      sources: () => service.sources(),
      status: () => service.status(),
    },
    folder: service.folder,
    channels,
    url,
    warn: (message) => messages.warn(message),
    takeLock: () => takeLock(socketPath(service.folder, 'alerts.lock')),
  });
}
