import { Command, Option } from 'commander';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatTable } from '../print-rows.ts';
import { readJsonArgument } from '../read-json-argument.ts';

export function queryCommand(): Command {
  return withCommonOptions(new Command('query'))
    .description('answer a query given as JSON')
    .argument('<query>', 'the JSON itself, a file that holds it, or - for standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['json', 'table']).default('json'))
    .action(async (argument: string, options: CommonOptions & { readonly format: 'json' | 'table' }) => {
      const query = await readJsonArgument(argument, 'query');
      const answer = await withService(options, (service) =>
        service.call('query', { query, timeoutMs: null }, { signal: interruptSignal() }),
      );
      process.stdout.write(options.format === 'json' ? `${JSON.stringify(answer)}\n` : formatTable(answer));
    });
}
