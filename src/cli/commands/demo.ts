import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { runIngest } from '../run-ingest.ts';
import { runServer, withServerOptions, type ServerOptions } from '../run-server.ts';
import { runSimulation } from '../run-simulation.ts';

/** Large enough for the story's shares, small enough to be there within a minute. */
const DEMO = { days: 2, flows: 7_200_000, seed: 'demo' };

export function demoCommand(): Command {
  return withServerOptions(withCommonOptions(new Command('demo')))
    .description("explore a simulated company's flow logs")
    .option('--days <number>', 'how many days', String(DEMO.days))
    .option('--flows <number>', 'how many flows in all', String(DEMO.flows))
    .action(
      async (options: CommonOptions & ServerOptions & { readonly days: string; readonly flows: string }) => {
        const signal = interruptSignal();
        const quiet = options.quiet === true;
        const messages = new Messages(quiet);
        await withService(
          { ...options, ...(options.store === undefined ? {} : { store: options.store }) },
          async (service) => {
            const { flows } = await service.call('status', {});
            if (flows === 0) {
              messages.say('Making up a company and its flow logs …');
              const out = await mkdtemp(join(tmpdir(), 'peephole-demo-'));
              try {
                await runSimulation(
                  { out, days: Number(options.days), flows: Number(options.flows), seed: DEMO.seed, signal },
                  quiet,
                  messages,
                );
                await runIngest(
                  service,
                  { names: [join(out, 'AWSLogs')], format: null, quiet, signal },
                  messages,
                );
              } finally {
                await rm(out, { recursive: true, force: true });
              }
            }
            await runServer(service, options, signal, messages);
          },
        );
      },
    );
}
