import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { PeepholeError, errorKinds } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { version } from '../system/version.ts';

/** Each in a module of its own, loaded only if it is asked for, in the order that the help shows. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  open: async () => (await import('./commands/open.ts')).openCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  ingest: async () => (await import('./commands/ingest.ts')).ingestCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  knocks: async () => (await import('./commands/knocks.ts')).knocksCommand(),
  findings: async () => (await import('./commands/findings.ts')).findingsCommand(),
  listen: async () => (await import('./commands/listen.ts')).listenCommand(),
  ship: async () => (await import('./commands/ship.ts')).shipCommand(),
  door: async () => (await import('./commands/door.ts')).doorCommand(),
  explain: async () => (await import('./commands/explain.ts')).explainCommand(),
  address: async () => (await import('./commands/address.ts')).addressCommand(),
  query: async () => (await import('./commands/query.ts')).queryCommand(),
  sql: async () => (await import('./commands/sql.ts')).sqlCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  sources: async () => (await import('./commands/sources.ts')).sourcesCommand(),
  alerts: async () => (await import('./commands/alerts.ts')).alertsCommand(),
  measures: async () => (await import('./commands/measures.ts')).measuresCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  dashboards: async () => (await import('./commands/dashboards.ts')).dashboardsCommand(),
  lookups: async () => (await import('./commands/lookups.ts')).lookupsCommand(),
  views: async () => (await import('./commands/views.ts')).viewsCommand(),
  config: async () => (await import('./commands/config.ts')).configCommand(),
  aws: async () => (await import('./commands/aws.ts')).awsCommand(),
  retain: async () => (await import('./commands/retain.ts')).retainCommand(),
  compact: async () => (await import('./commands/compact.ts')).compactCommand(),
  inventory: async () => (await import('./commands/inventory.ts')).inventoryCommand(),
  engine: async () => (await import('./commands/engine.ts')).engineCommand(),
  copy: async () => (await import('./commands/copy.ts')).copyCommand(),
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
};

/** Runs the command that the arguments name, and returns the exit code. What went wrong is written to stderr, without a stack. */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const program = await commandTree(args[0]);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(error);
  }
}

/**
 * The program with the command of that name; with all of them if there is no such command, as for the help. The process that
 * strangers talk to (`listen`) has no other code.
 */
export async function commandTree(name?: string): Promise<Command> {
  const program = new Command('peephole')
    .description("See who is knocking on your network's door: explore AWS VPC flow logs.")
    .version(version)
    // Options after a command of a command are that one's.
    .enablePositionalOptions()
    .showHelpAfterError('(peephole --help lists the commands)');
  const load = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  for (const command of await Promise.all(
    (load === undefined ? Object.values(commands) : [load]).map((each) => each()),
  )) {
    program.addCommand(command);
    reportUsage(command, `peephole ${command.name()}`);
  }
  program.exitOverride();
  return program;
}

/** A command that is used wrongly says where help is, and leaves the exit code to `reportError`; so do its own commands. */
function reportUsage(command: Command, path: string): void {
  command.exitOverride().showHelpAfterError(`(${path} --help lists the options)`);
  for (const child of command.commands) reportUsage(child, `${path} ${child.name()}`);
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
