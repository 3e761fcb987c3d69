#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { PeepholeError, errorKinds } from '../model/errors.ts';
import { version } from '../version.ts';
import { awsCommand } from './commands/aws.ts';
import { compactCommand } from './commands/compact.ts';
import { configCommand } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { ingestCommand } from './commands/ingest.ts';
import { inventoryCommand } from './commands/inventory.ts';
import { knocksCommand } from './commands/knocks.ts';
import { openCommand } from './commands/open.ts';
import { queryCommand } from './commands/query.ts';
import { retainCommand } from './commands/retain.ts';
import { serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { sourcesCommand } from './commands/sources.ts';
import { sqlCommand } from './commands/sql.ts';
import { statusCommand } from './commands/status.ts';
import { safeText } from '../model/safe-text.ts';

const program = new Command('peephole')
  .description("See who is knocking on your network's door: explore AWS VPC flow logs.")
  .version(version)
  .showHelpAfterError('(peephole --help lists what there is)');

for (const command of [
  openCommand(),
  demoCommand(),
  ingestCommand(),
  serveCommand(),
  knocksCommand(),
  explainCommand(),
  queryCommand(),
  sqlCommand(),
  statusCommand(),
  sourcesCommand(),
  configCommand(),
  awsCommand(),
  retainCommand(),
  compactCommand(),
  inventoryCommand(),
  simulateCommand(),
  doctorCommand(),
]) {
  program.addCommand(command);
  command.exitOverride();
  command.showHelpAfterError(`(peephole ${command.name()} --help lists the options)`);
}
program.exitOverride();

// A reader that has seen enough (head) closes the pipe: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  report(new PeepholeError('output_failed', `The output could not be written: ${error.message}`));
  process.exit(1);
});
process.stderr.on('error', () => process.exit(1));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, without a stack, and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof PeepholeError) {
    process.stderr.write(`${pc.red('peephole:')} ${error.message.split('\n').map(safeText).join('\n')}\n`);
    return errorKinds[error.code].exit;
  }
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${pc.red('peephole:')} something went wrong inside Peephole: ${safeText(text)}\n`);
  if (process.env['PEEPHOLE_DEBUG'] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  else process.stderr.write('PEEPHOLE_DEBUG=1 shows where.\n');
  return 1;
}
