import { Command } from 'commander';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';

export function serveCommand(): Command {
  return withServerOptions(withCommonOptions(new Command('serve')))
    .description('serve the explorer and the HTTP interface')
    .action(async (options: CommonOptions & ServerOptions) => {
      const signal = interruptSignal();
      await withService(options, async (service) => {
        await service.open();
        await runServer(service, options, signal, new Messages(options.quiet === true));
      });
    });
}
