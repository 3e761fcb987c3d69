import { Command } from 'commander';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { exitCodeOf, runIngest } from '../run-ingest.ts';
import { INPUTS, withSourceOptions, type SourceCliOptions } from '../source-options.ts';

interface Options extends CommonOptions, SourceCliOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

export function ingestCommand(): Command {
  return withSourceOptions(withCommonOptions(new Command('ingest')))
    .description('ingest flow logs into the store, each input exactly once')
    .argument('<input...>', INPUTS)
    .option('--follow', 'continue with new data, until Ctrl-C')
    .option('--json', 'print what was done as one JSON object, last on stdout')
    .action(async (names: readonly string[], options: Options) => {
      const messages = new Messages(options.quiet === true);
      const signal = interruptSignal();
      const report = await withNewService(options, async (service) => {
        if (options.follow !== true) return runIngest(service, { names, options, signal }, messages);
        messages.say(`Following ${names.join(', ')}. Stop with Ctrl-C; peephole sources shows their states.`);
        const endMaintenance = service.maintain();
        try {
          return await runIngest(service, { names, options, signal, follow: true }, messages);
        } finally {
          await endMaintenance();
        }
      });
      if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
      process.exitCode = exitCodeOf(report);
    });
}
