import { Command } from 'commander';
import pc from 'picocolors';
import type { RetentionReport } from '../../engine/retention-request.ts';
import { PeepholeError } from '../../model/errors.ts';
import { formatBytes } from '../../model/byte-text.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { AGAIN, endingWithWords } from '../interrupt.ts';
import { plural, Messages } from '../messages.ts';

export function retainCommand(): Command {
  return withCommonOptions(new Command('retain'))
    .description(
      'delete flows older than a given age, counted back from the newest one, and free the disk space',
    )
    .option('--keep <duration>', 'what to keep, as an ISO 8601 duration such as P90D')
    .option(
      '--keep-raw <duration>',
      'how long to keep single flows; for the time before only hourly totals are kept',
    )
    .option('--json', 'print what was done as one JSON object')
    .action(
      async (
        options: CommonOptions & {
          readonly keep?: string;
          readonly keepRaw?: string;
          readonly json?: boolean;
        },
      ) => {
        const { keep = null, keepRaw = null } = options;
        if (keep === null && keepRaw === null)
          throw new PeepholeError('usage', 'Say what to keep: --keep P90D, --keep-raw P14D, or both.');
        const report = await endingWithWords(
          () => `All answers stay right, however much is deleted by now. ${AGAIN}`,
          () => withService(options, (service) => service.retain({ keep, keepRaw })),
        );
        if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
        const messages = new Messages(options.quiet === true);
        messages.say(describe(report));
      },
    );
}

function describe(report: RetentionReport): string {
  const given = formatBytes(Math.max(0, report.bytes_before - report.bytes_after));
  const parts = [
    report.cut === null ? '' : `${plural(report.dropped_flows, 'flow')} from before ${report.cut} dropped`,
    `${plural(report.kept_flows, 'flow')} kept`,
    report.flows_from === null
      ? ''
      : `${plural(report.kept_as_hours, 'flow')} from before ${report.flows_from} kept as hourly totals`,
    `${given} given back`,
  ];
  return `${pc.green('✓')} ${parts.filter((part) => part !== '').join('; ')}.`;
}
