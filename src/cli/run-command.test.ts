import { CommanderError, type Command } from 'commander';
import { expect, test } from 'vitest';
import { commandTree, reportError } from './run-command.ts';

/** All commands, and theirs, by what is typed. */
function paths(command: Command, path: readonly string[] = []): readonly (readonly string[])[] {
  return command.commands.flatMap((child) => [
    [...path, child.name()],
    ...paths(child, [...path, child.name()]),
  ]);
}

test('each command, and each of its own, says where its help is if it is used wrongly, and the exit code is 2', async () => {
  const all = paths(await commandTree());
  expect(all.length).toBeGreaterThan(40);
  const said = await Promise.all(
    all.map(async (path) => {
      const program = await commandTree(path[0]);
      let written = '';
      const capture = (command: Command): void => {
        command.configureOutput({ writeErr: (text) => (written += text) });
        command.commands.forEach(capture);
      };
      capture(program);
      const error: unknown = await program
        .parseAsync([...path, '--no-such-option'], { from: 'user' })
        .catch((thrown: unknown) => thrown);
      return [error instanceof CommanderError, reportError(error), written.trim().split('\n').at(-1)];
    }),
  );
  expect(said).toEqual(all.map((path) => [true, 2, `(peephole ${path.join(' ')} --help lists the options)`]));
});
