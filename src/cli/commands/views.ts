import { Command } from 'commander';
import { documentFileCommands } from '../document-files.ts';

export function viewsCommand(): Command {
  const command = new Command('views').description('saved views: export and import them as files');
  for (const sub of documentFileCommands('views')) {
    sub.exitOverride();
    sub.showHelpAfterError(`(peephole views ${sub.name()} --help lists the options)`);
    command.addCommand(sub);
  }
  return command;
}
