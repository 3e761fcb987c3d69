import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { ServerAddress } from '../engine/store-driver.ts';
import { PeepholeError } from '../model/errors.ts';
import { shellWord } from '../model/shell-words.ts';
import type { SharedService } from '../service/shared-service.ts';
import { engineFolder, engineServer, withEngineOptions, type EngineOptions } from './engine-options.ts';
import { DEFAULT_ENGINE, storeDriver } from './engines.ts';
import { memoryLimit, shareMemory } from './byte-size.ts';
import { storeFolder } from './store-location.ts';
import { wholeNumber } from './whole-number.ts';

export interface CommonOptions extends EngineOptions {
  readonly store?: string;
  readonly memory?: string;
  readonly quiet?: boolean;
  /** The time limit of a query, in seconds. */
  readonly queryTimeout?: string;
}

/** Adds the options that every command on a store has. */
export function withCommonOptions(command: Command): Command {
  return withEngineOptions(
    command.option(
      '--store <dir>',
      'the folder of the store (default: $PEEPHOLE_STORE, else the data folder of the platform)',
    ),
  )
    .option(
      '--memory <size>',
      'memory limit, such as 2GiB (default: $PEEPHOLE_MEMORY, else half of the machine)',
    )
    .option('--quiet', 'print errors only');
}

/** Adds the time limit to a command that queries or serves. */
export function withTimeLimit(command: Command, defaultSeconds?: string): Command {
  return command.option(
    '--query-timeout <seconds>',
    'time limit of a query in seconds, waiting included; 0: none',
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
    ...storeLocation(options, defaultName),
    memoryBytes: engine,
    answerBytes: answers,
    processBytes: memory,
    threads: availableParallelism(),
    timeLimitMs: seconds === 0 ? null : seconds * 1000,
  });
}

/** Runs work on an existing store, and closes it afterwards, whatever happens. Throws `not_found` if there is none. */
export async function withService<T>(
  options: CommonOptions,
  work: (service: SharedService) => Promise<T>,
): Promise<T> {
  const location = storeLocation(options);
  if (!(await isStore(location.folder, options))) throw await noStore(location, options);
  return letGo(await serviceFor(options), work);
}

/** Runs work on a store, which is created if there is none, and closes it afterwards. */
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

interface StoreLocation {
  readonly folder: string;
  readonly server?: ServerAddress;
}

/** Where the store is that options mean: a folder of this machine, and beside it the server that holds the flows, if one does. */
function storeLocation(options: CommonOptions, defaultName = 'store'): StoreLocation {
  const server = engineServer(options);
  if (server === undefined) return { folder: storeFolder(options.store, defaultName) };
  return {
    folder: storeFolder(options.store, engineFolder(options.engine ?? DEFAULT_ENGINE, server)),
    server,
  };
}

/** Whether a folder, or the server that options name, holds a store. Throws the errors of a damaged store. */
export async function isStore(folder: string, options: EngineOptions = {}): Promise<boolean> {
  const server = engineServer(options);
  const driver = await storeDriver(options.engine ?? DEFAULT_ENGINE);
  return driver.exists({ folder, ...(server === undefined ? {} : { server }) });
}

async function noStore(
  { folder, server }: StoreLocation,
  { engine, store: option }: CommonOptions,
): Promise<PeepholeError> {
  if (server !== undefined) {
    const first = `Ingest logs first: peephole ingest --engine ${engine ?? DEFAULT_ENGINE} --engine-url ${server.url} LOGS.`;
    return new PeepholeError(
      'not_found',
      engine === 'druid'
        ? `There is no store for ${server.url} in ${folder}. A data source’s ledger is in the folder that it was filled from: name that with --store, or the brokers with --engine-kafka if it is shared. ${first}`
        : `There is no store of Peephole at ${server.url}. ${first}`,
    );
  }
  const chosen = option === undefined ? process.env['PEEPHOLE_STORE'] : option;
  const named = option === undefined ? '$PEEPHOLE_STORE' : '--store';
  const advice =
    chosen === undefined || chosen === ''
      ? `Ingest logs first: peephole ingest LOGS.${await demoAdvice()}`
      : `Is ${named} right? To create a new store: peephole ingest --store ${chosen} LOGS.`;
  return new PeepholeError('not_found', `There is no store in ${folder}. ${advice}`);
}

/** Whoever has only run the demo has a store, of which commands without `--store` know nothing. */
async function demoAdvice(): Promise<string> {
  const demo = storeFolder(undefined, 'demo');
  return (await isStore(demo)) ? ` For the demo’s logs, add: --store ${shellWord(demo)}` : '';
}
