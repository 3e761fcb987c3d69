import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { parseJson } from '../model/query/parse-json.ts';

/** The JSON of an argument: the JSON itself, a file that holds it, or `-` for standard input. `what` is for messages. */
export async function readJsonArgument(argument: string, what: string): Promise<unknown> {
  return parseJson(await readArgument(argument, what), what);
}

async function readArgument(argument: string, what: string): Promise<string> {
  if (argument === '-') return readAll(process.stdin);
  if (argument.trimStart().startsWith('{')) return argument;
  return readFile(argument, 'utf8').catch((error: unknown) => {
    throw new PeepholeError(
      'usage',
      `The ${what} is neither JSON nor a file that can be read: ${fileProblem(error)}`,
    );
  });
}
