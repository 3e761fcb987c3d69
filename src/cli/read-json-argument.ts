import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { PeepholeError } from '../model/errors.ts';

/** The JSON that an argument holds, names a file of, or (`-`) leaves to standard input. `what` is for messages. */
export async function readJsonArgument(argument: string, what: string): Promise<unknown> {
  const text = await readArgument(argument, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PeepholeError('bad_query', `The ${what} is no JSON: ${(error as Error).message}`);
  }
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
