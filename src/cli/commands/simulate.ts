import { Command, Option } from 'commander';
import pc from 'picocolors';
import { PeepholeError } from '../../model/errors.ts';
import type { SimulationFormat } from '../../simulate/simulate.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages, formatSeconds, plural } from '../messages.ts';
import { runSimulation } from '../run-simulation.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly out: string;
  readonly days: string;
  readonly flows: string;
  readonly seed: string;
  readonly format: SimulationFormat;
  readonly start?: string;
  readonly doorHours: string;
  readonly quiet?: boolean;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description("write realistic flow logs of a simulated company in S3's layout, with a ground-truth file")
    .requiredOption('--out <dir>', 'the folder to write to')
    .requiredOption('--days <number>', 'how many days')
    .requiredOption('--flows <number>', 'how many flows in all')
    .option('--seed <seed>', 'the same seed gives the same logs', '1')
    .addOption(new Option('--format <format>', 'of the logs').choices(['v2', 'v5', 'parquet']).default('v2'))
    .option('--start <time>', 'when the logs begin, ISO 8601 on a whole hour')
    .option(
      '--door-hours <number>',
      'for how many hours at the end the attacked port is open, with a listener whose visits are written too',
      '0',
    )
    .option('--quiet', 'print errors only')
    .action(async (options: Options) => {
      const messages = new Messages(options.quiet === true);
      const start = options.start === undefined ? undefined : moment(options.start);
      const began = performance.now();
      const summary = await runSimulation(
        {
          out: options.out,
          days: Number(options.days),
          flows: Number(options.flows.replaceAll('_', '')),
          seed: options.seed,
          format: options.format,
          doorHours: wholeNumber('--door-hours', options.doorHours, 10_000),
          signal: interruptSignal(),
          ...(start === undefined ? {} : { start }),
        },
        options.quiet === true,
        messages,
      );
      const seconds = (performance.now() - began) / 1000;
      messages.say(
        `${pc.green('✓')} ${plural(summary.flows, 'flow')} in ${plural(summary.files, 'file')} under ${options.out} (${formatSeconds(seconds)})`,
      );
    });
}

function moment(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()))
    throw new PeepholeError('usage', `${text} is not a time; write for example 2018-06-20T00:00:00Z.`);
  return date;
}
