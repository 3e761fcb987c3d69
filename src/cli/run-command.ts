import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { PeepholeError, errorKinds } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
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

/** Runs the command that the arguments name, and returns the exit code. What went wrong is written to stderr, without a stack. */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    await makeProgram().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(error);
  }
}

function makeProgram(): Command {
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
  return program;
}

/** Says what went wrong, and returns the exit code. */
export function reportError(error: unknown): number {
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
