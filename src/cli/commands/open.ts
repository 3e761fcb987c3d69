import { Command } from 'commander';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { followAndServe } from '../follow-and-serve.ts';
import { runIngest } from '../run-ingest.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';
import { INPUTS, withSourceOptions, type SourceCliOptions } from '../source-options.ts';

type Options = CommonOptions & ServerOptions & SourceCliOptions & { readonly follow?: boolean };

export function openCommand(): Command {
  return withServerOptions(withSourceOptions(withCommonOptions(new Command('open'))))
    .description('ingest flow logs, then serve the explorer')
    .argument('<input...>', INPUTS)
    .option('--follow', 'continue with new data while serving')
    .action(async (names: readonly string[], options: Options) => {
      const signal = interruptSignal();
      const messages = new Messages(options.quiet === true);
      await withNewService(options, async (service) => {
        if (options.follow === true)
          return followAndServe(service, { names, options, signal }, options, messages);
        await runIngest(service, { names, options, signal }, messages);
        await runServer(service, options, signal, messages);
      });
    });
}
