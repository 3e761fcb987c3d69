import { Command } from 'commander';
import { isStore, withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import type { Config } from '../config/config.ts';
import { ConfigRunner } from '../config/config-runner.ts';
import { configFile, readConfig } from '../config/read-config.ts';
import { watchConfig } from '../config/watch-config.ts';
import { followAndServe } from '../follow-and-serve.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { storeFolder } from '../store-location.ts';
import { INPUTS, withSourceOptions, type SourceCliOptions } from '../source-options.ts';
import { loadApp, runServer, withServerOptions, type ServerOptions } from '../run-server.ts';

interface Options extends CommonOptions, ServerOptions, SourceCliOptions {
  readonly source?: readonly string[];
  readonly config?: string;
}

export function serveCommand(): Command {
  return withServerOptions(withSourceOptions(withCommonOptions(new Command('serve'))))
    .description('serve the explorer and the HTTP interface')
    .option(
      '--source <source...>',
      `follow these while serving: ${INPUTS.replace(', - for standard input', '')}`,
    )
    .option(
      '--config <file>',
      'sources, inventory, retention, scanners of your own, prices, channels of alerts, reports and a folder of documents (default: peephole.config.json, .yaml or .yml in this folder, if there is one)',
    )
    .action(async (options: Options) => {
      const signal = interruptSignal();
      void loadApp();
      const names = options.source ?? [];
      const messages = new Messages(options.quiet === true);
      const file = configFile(options.config);
      const config = file === null ? null : await readConfig(file);
      const folder = storeFolder(options.store);
      const fresh = !(await isStore(folder, options));
      await withNewService(options, async (service) => {
        await service.open();
        // A server may start before there are logs, but a wrong --store must be noticed.
        if (fresh && names.length === 0 && config === null)
          messages.warn(
            `There was no store in ${folder}. It stays empty until you run: peephole ingest --store ${folder} LOGS`,
          );
        const run = (configured?: () => Config | null): Promise<void> =>
          names.length === 0
            ? runServer(service, options, signal, messages, configured)
            : followAndServe(service, { names, options, signal }, options, messages, configured);
        if (file === null || config === null) return run();
        const runner = new ConfigRunner(service, messages);
        const unwatch = watchConfig(file, runner, messages);
        try {
          await runner.apply(config);
          await run(() => runner.current);
        } finally {
          unwatch();
          await runner.stop();
        }
      });
    });
}
