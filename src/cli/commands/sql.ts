import { Command, Option } from 'commander';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { printSql, type SqlFormat } from '../print-sql.ts';

export function sqlCommand(): Command {
  return withTimeLimit(withCommonOptions(new Command('sql')))
    .description(
      'run a read-only SELECT over the views flows, coverage and quarantine (of a store in Druid, all flows are brought here first, up to 3 million)',
    )
    .argument('<select>', "the statement, in DuckDB's SQL")
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'),
    )
    .action(async (text: string, options: CommonOptions & { readonly format: SqlFormat }) => {
      await withService(options, async (service) => {
        const result = await service.sql(text, { signal: interruptSignal() });
        await printSql(result, options.format);
      });
    });
}
