import { Command } from 'commander';
import { documentFileCommands } from '../document-files.ts';

export function measuresCommand(): Command {
  const command = new Command('measures').description(
    'measures that people named: export and import them as files',
  );
  for (const sub of documentFileCommands('measures')) {
    sub.exitOverride();
    sub.showHelpAfterError(`(peephole measures ${sub.name()} --help lists the options)`);
    command.addCommand(sub);
  }
  return command;
}
