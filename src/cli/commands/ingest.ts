import { Command } from 'commander';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { exitCodeOf, runIngest } from '../run-ingest.ts';

interface Options extends CommonOptions {
  readonly format?: string;
  readonly json?: boolean;
}

export function ingestCommand(): Command {
  return withCommonOptions(new Command('ingest'))
    .description('ingest flow logs into the store, each input exactly once')
    .argument('<input...>', 'files, folders, globs, or - for standard input')
    .option(
      '--format <fields>',
      "fields of text logs without a header, such as '${version} ${srcaddr} ${dstaddr}'",
    )
    .option('--json', 'print what was done as one JSON object, last on stdout')
    .action(async (names: readonly string[], options: Options) => {
      const messages = new Messages(options.quiet === true);
      const report = await withNewService(options, (service) =>
        runIngest(
          service,
          { names, format: options.format ?? null, quiet: options.quiet === true, signal: interruptSignal() },
          messages,
        ),
      );
      if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
      process.exitCode = exitCodeOf(report);
    });
}
