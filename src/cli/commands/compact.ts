import { Command } from 'commander';
import pc from 'picocolors';
import { formatBytes } from '../../model/byte-text.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { AGAIN, endingWithWords } from '../interrupt.ts';
import { Messages, plural } from '../messages.ts';

export function compactCommand(): Command {
  return withCommonOptions(new Command('compact'))
    .description(
      'rewrite the store in sorted order and reclaim disk space; a running server does this automatically',
    )
    .option('--json', 'print what was done as one JSON object')
    .action(async (options: CommonOptions & { readonly json?: boolean }) => {
      const report = await endingWithWords(
        () => `No flow is lost, and all answers stay right. ${AGAIN}`,
        () => withService(options, (service) => service.compact()),
      );
      if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
      const before = formatBytes(report.bytes_before);
      new Messages(options.quiet === true).say(
        `${pc.green('✓')} ${plural(report.flows, 'flow')} in order: ${before} before, ${formatBytes(report.bytes_after)} now.`,
      );
    });
}
