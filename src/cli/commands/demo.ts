import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { StoreService } from '../../service/calls.ts';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { runIngest } from '../run-ingest.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';
import { runSimulation } from '../run-simulation.ts';

/** Large enough for the story's shares, small enough to be there within a minute. */
const DEMO = { days: 2, flows: 7_200_000, seed: 'demo' };

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

/** Simulates into a temporary folder and takes the logs in. */
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
    await runSimulation(
      { out, days: Number(options.days), flows: Number(options.flows), seed: DEMO.seed, signal },
      quiet,
      messages,
    );
    await runIngest(service, { names: [join(out, 'AWSLogs')], format: null, quiet, signal }, messages);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
