import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import { PeepholeError } from '../model/errors.ts';
import type { SharedService } from '../service/shared-service.ts';
import { DEFAULT_ENGINE, engineNames, storeDriver, type EngineName } from './engines.ts';
import { memoryLimit, shareMemory } from './byte-size.ts';
import { storeFolder } from './store-location.ts';
import { wholeNumber } from './whole-number.ts';

export interface CommonOptions {
  readonly store?: string;
  readonly engine?: EngineName;
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
    .addOption(
      new Option('--engine <name>', 'the database that the store is in')
        .choices(engineNames)
        .default(DEFAULT_ENGINE),
    )
    .option(
      '--memory <size>',
      'memory limit, such as 2GiB (default: $PEEPHOLE_MEMORY, else half of the machine)',
    )
    .option('--quiet', 'print errors only');
}

/** Adds the time limit of commands that ask, or that let others ask. */
export function withTimeLimit(command: Command, defaultSeconds?: string): Command {
  return command.option(
    '--query-timeout <seconds>',
    'time limit of an answer, waiting included; 0: none',
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
    driver: await storeDriver(options.engine ?? DEFAULT_ENGINE),
    folder: storeFolder(options.store, defaultName),
    memoryBytes: engine,
    answerBytes: answers,
    processBytes: memory,
    threads: availableParallelism(),
    timeLimitMs: seconds === 0 ? null : seconds * 1000,
  });
}

/** Runs work on a store that must be there, and lets go of it afterwards, whatever happens. Throws `not_found` if there is none. */
export async function withService<T>(
  options: CommonOptions,
  work: (service: SharedService) => Promise<T>,
): Promise<T> {
  const folder = storeFolder(options.store);
  if (!(await isStore(folder, options.engine))) throw noStore(folder, options.store);
  return letGo(await serviceFor(options), work);
}

/** Runs work on a store that is made if there is none, and lets go of it afterwards. */
export async function withNewService<T>(
  options: CommonOptions,
  work: (service: SharedService) => Promise<T>,
  defaultName?: string,
): Promise<T> {
  return letGo(await serviceFor(options, defaultName), work);
}

async function letGo<T>(service: SharedService, work: (service: SharedService) => Promise<T>): Promise<T> {
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

/** Whether a folder holds a store. Throws what a broken one makes throw. */
export async function isStore(folder: string, engine: EngineName = DEFAULT_ENGINE): Promise<boolean> {
  return (await storeDriver(engine)).exists(folder);
}

function noStore(folder: string, option: string | undefined): PeepholeError {
  const chosen = option === undefined ? process.env['PEEPHOLE_STORE'] : option;
  const named = option === undefined ? '$PEEPHOLE_STORE' : '--store';
  const advice =
    chosen === undefined || chosen === ''
      ? 'Take logs in first: peephole ingest LOGS.'
      : `Is ${named} right? A new store is made by: peephole ingest --store ${chosen} LOGS.`;
  return new PeepholeError('not_found', `There is no store in ${folder}. ${advice}`);
}
