import { setMaxListeners } from 'node:events';
import { PeepholeError } from '../model/errors.ts';
import type { SharedService } from '../service/shared-service.ts';
import type { Messages } from './messages.ts';
import { runIngest, type IngestRun } from './run-ingest.ts';
import { runServer, type ServerOptions } from './run-server.ts';

/**
 * Serves, and reads sources meanwhile, until the signal is aborted; sources that refuse are retried for ever, and
 * `peephole sources` says why. Rejects if either fails; the other is stopped too. Throws `read_only`.
 */
export async function followAndServe(
  service: SharedService,
  run: IngestRun,
  options: ServerOptions,
  messages: Messages,
  configured?: Parameters<typeof runServer>[4],
): Promise<void> {
  // Before it says that it serves.
  const { read_only, folder } = await service.status();
  if (read_only)
    throw new PeepholeError(
      'read_only',
      `The store in ${folder} can only be read here, so nothing can be followed into it. Serve it without sources, or choose another --store.`,
    );
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal]);
  setMaxListeners(0, signal);
  const ending = (error: unknown): never => {
    failed.abort();
    throw error;
  };
  const outcomes = await Promise.allSettled([
    runServer(service, options, signal, messages, configured).catch(ending),
    runIngest(service, { ...run, signal, follow: true, keepTrying: true }, messages).catch(ending),
  ]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
