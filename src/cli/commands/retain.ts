import { Command } from 'commander';
import pc from 'picocolors';
import { formatBytes } from '../byte-size.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { plural, Messages } from '../messages.ts';

export function retainCommand(): Command {
  return withCommonOptions(new Command('retain'))
    .description(
      'drop what is older than a duration, counted back from the newest flow, and give the space back',
    )
    .requiredOption('--keep <duration>', 'what to keep, as an ISO 8601 duration such as P90D')
    .option('--json', 'print what was done as one JSON object')
    .action(async (options: CommonOptions & { readonly keep: string; readonly json?: boolean }) => {
      const report = await withService(options, (service) => service.call('retain', { keep: options.keep }));
      if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
      const messages = new Messages(options.quiet === true);
      messages.say(
        report.cut === null
          ? 'There are no flows to drop.'
          : `${pc.green('✓')} Dropped ${plural(report.dropped_flows, 'flow')} from before ${report.cut}; ${plural(report.kept_flows, 'flow')} kept, ${formatBytes(Math.max(0, report.bytes_before - report.bytes_after))} given back.`,
      );
    });
}
