import { Command } from 'commander';
import { isStore, withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { storeFolder } from '../store-location.ts';
import { loadApp, runServer, withServerOptions, type ServerOptions } from '../run-server.ts';

export function serveCommand(): Command {
  return withServerOptions(withCommonOptions(new Command('serve')))
    .description('serve the explorer and the HTTP interface')
    .action(async (options: CommonOptions & ServerOptions) => {
      const signal = interruptSignal();
      void loadApp();
      const messages = new Messages(options.quiet === true);
      const folder = storeFolder(options.store);
      const fresh = !(await isStore(folder, options.engine));
      await withNewService(options, async (service) => {
        await service.open();
        // A server may well be there before its logs; a wrong --store must not go unseen.
        if (fresh)
          messages.warn(
            `There was no store in ${folder}: it is empty until peephole ingest --store ${folder} LOGS.`,
          );
        await runServer(service, options, signal, messages);
      });
    });
}
