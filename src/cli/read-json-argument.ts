import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { PeepholeError } from '../model/errors.ts';
import { parseJson } from '../model/query/parse-json.ts';

/** The JSON that an argument holds, names a file of, or (`-`) leaves to standard input. `what` is for messages. */
export async function readJsonArgument(argument: string, what: string): Promise<unknown> {
  return parseJson(await readArgument(argument, what), what);
}

async function readArgument(argument: string, what: string): Promise<string> {
  if (argument === '-') return readAll(process.stdin);
  if (argument.trimStart().startsWith('{')) return argument;
  return readFile(argument, 'utf8').catch((error: unknown) => {
    throw new PeepholeError(
      'usage',
      `The ${what} is neither JSON nor a file that can be read: ${(error as Error).message}`,
    );
  });
}
