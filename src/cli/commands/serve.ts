import { Command } from 'commander';
import { isStore, withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { followAndServe } from '../follow-and-serve.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { storeFolder } from '../store-location.ts';
import { INPUTS, withSourceOptions, type SourceCliOptions } from '../source-options.ts';
import { loadApp, runServer, withServerOptions, type ServerOptions } from '../run-server.ts';

type Options = CommonOptions & ServerOptions & SourceCliOptions & { readonly source?: readonly string[] };

export function serveCommand(): Command {
  return withServerOptions(withSourceOptions(withCommonOptions(new Command('serve'))))
    .description('serve the explorer and the HTTP interface')
    .option(
      '--source <source...>',
      `follow these while serving: ${INPUTS.replace(', - for standard input', '')}`,
    )
    .action(async (options: Options) => {
      const signal = interruptSignal();
      void loadApp();
      const names = options.source ?? [];
      const messages = new Messages(options.quiet === true);
      const folder = storeFolder(options.store);
      const fresh = !(await isStore(folder, options.engine));
      await withNewService(options, async (service) => {
        await service.open();
        // A server may well be there before its logs; a wrong --store must not go unseen.
        if (fresh && names.length === 0)
          messages.warn(
            `There was no store in ${folder}: it is empty until peephole ingest --store ${folder} LOGS.`,
          );
        if (names.length === 0) await runServer(service, options, signal, messages);
        else await followAndServe(service, { names, options, signal }, options, messages);
      });
    });
}
