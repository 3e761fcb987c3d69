import { Command } from 'commander';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { runIngest } from '../run-ingest.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';

export function openCommand(): Command {
  return withServerOptions(withCommonOptions(new Command('open')))
    .description('ingest flow logs, then serve the explorer')
    .argument('<input...>', 'files, folders, globs, or - for standard input')
    .option(
      '--format <fields>',
      "fields of text logs without a header, such as '${version} ${srcaddr} ${dstaddr}'",
    )
    .action(
      async (
        names: readonly string[],
        options: CommonOptions & ServerOptions & { readonly format?: string },
      ) => {
        const signal = interruptSignal();
        const messages = new Messages(options.quiet === true);
        await withNewService(options, async (service) => {
          await runIngest(
            service,
            { names, format: options.format ?? null, quiet: options.quiet === true, signal },
            messages,
          );
          await runServer(service, options, signal, messages);
        });
      },
    );
}
