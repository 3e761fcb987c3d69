import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { PeepholeError } from '../../model/errors.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatTable } from '../print-rows.ts';

export function queryCommand(): Command {
  return withCommonOptions(new Command('query'))
    .description('answer a query given as JSON')
    .argument('<query>', 'the JSON itself, a file that holds it, or - for standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['json', 'table']).default('json'))
    .action(async (argument: string, options: CommonOptions & { readonly format: 'json' | 'table' }) => {
      const query = parseJson(await readQuery(argument));
      const answer = await withService(options, (service) =>
        service.call('query', { query, timeoutMs: null }, { signal: interruptSignal() }),
      );
      process.stdout.write(options.format === 'json' ? `${JSON.stringify(answer)}\n` : formatTable(answer));
    });
}

async function readQuery(argument: string): Promise<string> {
  if (argument === '-') return readAll(process.stdin);
  if (argument.trimStart().startsWith('{')) return argument;
  return readFile(argument, 'utf8').catch((error: unknown) => {
    throw new PeepholeError(
      'usage',
      `The query is neither JSON nor a file that can be read: ${(error as Error).message}`,
    );
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PeepholeError('bad_query', `The query is no JSON: ${(error as Error).message}`);
  }
}
