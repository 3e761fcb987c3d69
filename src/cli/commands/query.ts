import { Command, Option } from 'commander';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatAnswer } from '../print-answer.ts';
import { jsonPieces } from '../../service/json-pieces.ts';
import { writeOutput } from '../write-output.ts';
import { readJsonArgument } from '../read-json-argument.ts';

export function queryCommand(): Command {
  return withTimeLimit(withCommonOptions(new Command('query')))
    .description('answer a query given as JSON')
    .argument('<query>', 'the JSON itself, a file that holds it, or - for standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['json', 'table']).default('json'))
    .action(async (argument: string, options: CommonOptions & { readonly format: 'json' | 'table' }) => {
      const query = await readJsonArgument(argument, 'query');
      const answer = await withService(options, (service) =>
        service.query(query, { signal: interruptSignal() }),
      );
      if (options.format === 'table') await writeOutput(formatAnswer(answer));
      else {
        for (const piece of jsonPieces(answer)) await writeOutput(piece);
        await writeOutput('\n');
      }
    });
}
