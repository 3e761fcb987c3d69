import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { PeepholeError, throwIfAborted } from '../../model/errors.ts';
import type { SharedService } from '../../service/shared-service.ts';
import {
  isStore,
  serviceFor,
  withCommonOptions,
  withNewService,
  type CommonOptions,
} from '../common-options.ts';
import { demoState, logsPrefix, noteDemo, removeDemo, removeLogs, type DemoRecipe } from '../demo-store.ts';
import { interruptSignal } from '../interrupt.ts';
import { keepInventory, readInventories } from '../import-inventory.ts';
import { Messages } from '../messages.ts';
import { runIngest } from '../run-ingest.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';
import { runSimulation } from '../run-simulation.ts';
import { isOwnDefault, storeFolder } from '../store-location.ts';

/** More than a week, to hold its last day against that of the week before; few enough to be there within a minute. */
const DEMO = {
  days: 8,
  flows: 10_000_000,
  seed: 'demo',
  /**
   * The attacked port is open when the logs end, so that the demo has visits: for the last day, or for 3 hours if
   * there is only a day of logs.
   */
  doorHoursOfDay: 3,
  mostDoorHours: 24,
};

interface DemoOptions {
  readonly days?: string;
  readonly flows?: string;
}

export function demoCommand(): Command {
  return withServerOptions(withCommonOptions(new Command('demo')))
    .description("explore a simulated company's flow logs")
    .option('--days <number>', `how many days (default: ${DEMO.days})`)
    .option('--flows <number>', `how many flows in all (default: ${DEMO.flows})`)
    .action(async (options: CommonOptions & ServerOptions & DemoOptions) => {
      const signal = interruptSignal();
      const messages = new Messages(options.quiet === true);
      await ensureDemo(options, signal, messages);
      await withNewService(options, (service) => runServer(service, options, signal, messages), 'demo');
    });
}

/** Makes the demo, unless it is there. What is interrupted is removed; what was killed is made again the next time. */
async function ensureDemo(
  options: CommonOptions & DemoOptions,
  signal: AbortSignal,
  messages: Messages,
): Promise<void> {
  const folder = storeFolder(options.store, 'demo');
  const days = options.days === undefined ? null : Number(options.days);
  const flows = options.flows === undefined ? null : Number(options.flows);
  const state = await demoState(folder, { days, flows });
  if (state === 'complete') return;
  if (state === 'unknown') {
    await checkEarlierDemo(options, folder);
    messages.say('The demo here was made by an earlier version of Peephole. It is made again.');
  }
  const recipe: DemoRecipe = { made: 5, days: days ?? DEMO.days, flows: flows ?? DEMO.flows };
  if (await isStore(folder)) await checkUnused(options, folder);
  // First remove what an earlier attempt left, while its note still says where that is.
  await removeLogs(folder);
  const logs = await mkdtemp(join(tmpdir(), logsPrefix));
  try {
    await noteDemo(folder, recipe, logs);
    await removeDemo(folder);
    await alone(options, folder, (service) => fill(service, logs, recipe, options, signal, messages));
    await noteDemo(folder, recipe, null);
  } catch (error) {
    // A store that another process has open belongs to that process.
    if (isBusy(error)) throw error;
    await removeDemo(folder);
    if (signal.aborted)
      throw new PeepholeError(
        'cancelled',
        'Interrupted: the unfinished demo was removed.',
        {},
        { cause: error },
      );
    throw error;
  } finally {
    await rm(logs, { recursive: true, force: true });
  }
}

/** Throws unless a store without a note is in the place of demos and holds the demo's company, or nothing. */
async function checkEarlierDemo(options: CommonOptions, folder: string): Promise<void> {
  const { buildWorld } = await import('../../simulate/world/world.ts');
  const accounts = buildWorld(DEMO.seed).networks.map(({ accountId }) => accountId);
  const others = { filter: [{ field: 'account_id', in: accounts, not: true }], measures: ['flows'] };
  const earlier =
    isOwnDefault(options.store) &&
    (await alone(options, folder, async (service) => {
      const { rows } = await service.query(others);
      return rows.every(([flows]) => flows === 0);
    }));
  if (earlier) return;
  throw new PeepholeError(
    'usage',
    `The store in ${folder} does not look like a demo, so it stays unchanged. To show it: peephole serve --store ${folder}. For the demo, choose another --store.`,
  );
}

/** Throws `store_busy` if another process has the store open. What else may be wrong with it is no matter: it is made again. */
async function checkUnused(options: CommonOptions, folder: string): Promise<void> {
  try {
    await alone(options, folder, async () => undefined);
  } catch (error) {
    if (isBusy(error)) throw error;
  }
}

const isBusy = (error: unknown): boolean => error instanceof PeepholeError && error.code === 'store_busy';

/** Works on a store that no other process has open. Throws `store_busy` if one has. */
async function alone<T>(
  options: CommonOptions,
  folder: string,
  work: (service: SharedService) => Promise<T>,
): Promise<T> {
  const service = await serviceFor(options, 'demo');
  try {
    if ((await service.open()) === 'client') {
      throw new PeepholeError(
        'store_busy',
        `Another Peephole process uses ${folder}, the folder for the demo. If it is making the demo, wait for it; otherwise stop it, and start again.`,
      );
    }
    return await work(service);
  } finally {
    await service.close();
  }
}

/** Simulates into a folder and takes the inventory and the logs in. Throws `cancelled` when it is interrupted. */
async function fill(
  service: SharedService,
  out: string,
  { days, flows }: DemoRecipe,
  options: CommonOptions,
  signal: AbortSignal,
  messages: Messages,
): Promise<void> {
  const quiet = options.quiet === true;
  messages.say('Simulating a company and its flow logs …');
  const { seed, doorHoursOfDay, mostDoorHours } = DEMO;
  const doorHours = Math.min(mostDoorHours, Math.floor(doorHoursOfDay * days));
  const { from } = await runSimulation({ out, days, flows, seed, doorHours, signal }, quiet, messages);
  // Names first: the logs are explored as soon as they are in.
  const inventories = ['network-interfaces.json', 'instances.json', 'addresses.json'];
  const contents = await readInventories(inventories.map((name) => join(out, 'inventory', name)));
  await keepInventory(service, contents, from, messages);
  const report = await runIngest(
    service,
    { names: [join(out, 'AWSLogs'), join(out, 'visits')], options: { quiet }, signal },
    messages,
  );
  throwIfAborted(signal);
  if (report.failed_inputs > 0)
    throw new PeepholeError('unreadable_input', "The demo's logs could not be taken in whole. Start again.");
}
