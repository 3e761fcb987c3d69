import { Command, Option } from 'commander';
import { htmlReport } from '../../report/html-report.ts';
import type { Knocks } from '../../model/knocks/knocks.ts';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatKnocks } from '../print-knocks.ts';
import { readJsonArgument } from '../read-json-argument.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';

interface Options extends CommonOptions, TimeOptions {
  readonly format: 'text' | 'json' | 'html';
  readonly allowScanner?: readonly string[];
  readonly prices?: string;
}

export function knocksCommand(): Command {
  return withTimeLimit(withCommonOptions(new Command('knocks')))
    .description('investigate who is knocking, with evidence and next steps')
    .option('--last <duration>', 'how far to look back from the newest flow, such as P7D (default: all data)')
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['text', 'json', 'html']).default('text'),
    )
    .option(
      '--allow-scanner <address...>',
      'scanners of your own: findings that they scan or spread are hidden, and a note says so',
    )
    .option('--prices <file>', 'a table of what traffic costs, JSON (docs/knocks.md)')
    .action(async (options: Options) => {
      const time = timeOf(options);
      const prices =
        options.prices === undefined ? null : await readJsonArgument(options.prices, 'table of prices');
      const knocks = await withService(options, (service) =>
        service.knocks(time, {
          signal: interruptSignal(),
          settings: { allowedScanners: options.allowScanner ?? [], prices },
        }),
      );
      process.stdout.write(printed(knocks, options.format));
    });
}

function printed(knocks: Knocks, format: Options['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(knocks)}\n`;
    case 'html':
      return htmlReport(knocks);
    case 'text':
      return formatKnocks(knocks);
  }
}
