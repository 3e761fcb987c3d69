import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { StoreService } from '../../service/calls.ts';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { keepInventory, readInventories } from '../import-inventory.ts';
import { Messages } from '../messages.ts';
import { runIngest } from '../run-ingest.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';
import { runSimulation } from '../run-simulation.ts';

/** More than a week, to hold its last day against that of the week before; few enough to be there within a minute. */
const DEMO = { days: 8, flows: 10_000_000, seed: 'demo' };

interface DemoOptions {
  readonly days: string;
  readonly flows: string;
}

export function demoCommand(): Command {
  return withServerOptions(withCommonOptions(new Command('demo')))
    .description("explore a simulated company's flow logs")
    .option('--days <number>', 'how many days', String(DEMO.days))
    .option('--flows <number>', 'how many flows in all', String(DEMO.flows))
    .action(async (options: CommonOptions & ServerOptions & DemoOptions) => {
      const signal = interruptSignal();
      const messages = new Messages(options.quiet === true);
      await withNewService(
        options,
        async (service) => {
          const { flows } = await service.call('status', {});
          if (flows === 0) await fill(service, options, signal, messages);
          await runServer(service, options, signal, messages);
        },
        'demo',
      );
    });
}

/** Simulates into a temporary folder and takes the inventory and the logs in. */
async function fill(
  service: StoreService,
  options: CommonOptions & DemoOptions,
  signal: AbortSignal,
  messages: Messages,
): Promise<void> {
  const quiet = options.quiet === true;
  messages.say('Making up a company and its flow logs …');
  const folder = await mkdtemp(join(tmpdir(), 'peephole-demo-'));
  const out = join(folder, 'logs');
  try {
    const { from } = await runSimulation(
      { out, days: Number(options.days), flows: Number(options.flows), seed: DEMO.seed, signal },
      quiet,
      messages,
    );
    // Names first: the logs are explored as soon as they are in.
    const inventories = ['network-interfaces.json', 'instances.json', 'addresses.json'];
    const contents = await readInventories(inventories.map((name) => join(out, 'inventory', name)));
    await keepInventory(service, contents, from, messages);
    await runIngest(service, { names: [join(out, 'AWSLogs')], format: null, quiet, signal }, messages);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
