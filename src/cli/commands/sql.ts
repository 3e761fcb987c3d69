import { Command, Option } from 'commander';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatRows, type RowFormat } from '../print-rows.ts';

export function sqlCommand(): Command {
  return withCommonOptions(new Command('sql'))
    .description('run one read-only SELECT over the views flows, coverage and quarantine')
    .argument('<select>', "the statement, in DuckDB's SQL")
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'),
    )
    .action(async (text: string, options: CommonOptions & { readonly format: RowFormat }) => {
      const result = await withService(options, (service) =>
        service.call('sql', { text, timeoutMs: null }, { signal: interruptSignal() }),
      );
      process.stdout.write(formatRows(result, options.format));
    });
}
