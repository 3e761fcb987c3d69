import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import type { SharedService } from '../service/shared-service.ts';
import { memoryLimit, shareMemory } from './byte-size.ts';
import { storeFolder } from './store-location.ts';
import { wholeNumber } from './whole-number.ts';

export interface CommonOptions {
  readonly store?: string;
  readonly memory?: string;
  readonly quiet?: boolean;
  /** Of commands that ask or let others ask: seconds. */
  readonly queryTimeout?: string;
}

/** Adds the options that every command on a store has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option(
      '--store <dir>',
      'the folder of the store (default: $PEEPHOLE_STORE, else the data folder of the platform)',
    )
    .addOption(new Option('--engine <name>', 'what answers').choices(['duckdb']).default('duckdb'))
    .option(
      '--memory <size>',
      'what Peephole may use, such as 2GiB (default: $PEEPHOLE_MEMORY, else half of the machine)',
    )
    .option('--quiet', 'no messages but errors');
}

/** Adds the time limit of commands that ask, or that let others ask. */
export function withTimeLimit(command: Command, defaultSeconds?: string): Command {
  return command.option(
    '--query-timeout <seconds>',
    'how long an answer may take, waiting included; 0: no limit',
    defaultSeconds,
  );
}

/** The store that the options mean, not opened yet. */
export async function serviceFor(options: CommonOptions, defaultName = 'store'): Promise<SharedService> {
  // Loaded only here: commands that need no store (help, simulate) start faster without the engine.
  const { SharedService } = await import('../service/shared-service.ts');
  const seconds = wholeNumber('--query-timeout', options.queryTimeout ?? '0', 86_400);
  const memory = memoryLimit(options.memory);
  const { engine, answers } = shareMemory(memory);
  return new SharedService({
    folder: storeFolder(options.store, defaultName),
    memoryBytes: engine,
    answerBytes: answers,
    processBytes: memory,
    threads: availableParallelism(),
    timeLimitMs: seconds === 0 ? null : seconds * 1000,
  });
}

/** Runs work on the store and lets go of it afterwards, whatever happens. */
export async function withService<T>(
  options: CommonOptions,
  work: (service: SharedService) => Promise<T>,
  defaultName = 'store',
): Promise<T> {
  const service = await serviceFor(options, defaultName);
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}
