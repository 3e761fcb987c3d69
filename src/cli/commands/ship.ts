import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { PeepholeError } from '../../model/errors.ts';
import { fileProblem } from '../../model/file-problem.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { openShipper, shipContinuously, shippedText } from '../ship-files.ts';
import { storeFolder } from '../store-location.ts';
import { wholeNumber } from '../whole-number.ts';

interface Options {
  readonly store?: string;
  readonly state?: string;
  readonly follow?: boolean;
  readonly every: string;
  readonly profile?: string;
  readonly region?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function shipCommand(): Command {
  return new Command('ship')
    .description('copy what a listener wrote to S3, for peephole ingest of another machine')
    .argument('<destination>', 's3://BUCKET/PREFIX; existing objects are never changed')
    .option('--store <dir>', 'the folder of the store; visits are read from visits/ in it')
    .option('--state <dir>', 'the folder for the file with the progress (default: the folder of visits)')
    .option('--follow', 'continue with new data, until Ctrl-C')
    .option('--every <seconds>', 'with --follow: seconds between two checks', '60')
    .option('--profile <name>', 'a profile of the configuration files of AWS')
    .option('--region <region>', "the bucket's region (default: $AWS_REGION, or the profile)")
    .option('--json', 'print what was done as one JSON object')
    .option('--quiet', 'print errors only')
    .action(async (destination: string, options: Options) => {
      const messages = new Messages(options.quiet === true);
      const signal = interruptSignal();
      const every = wholeNumber('--every', options.every, 86_400);
      if (every === 0) throw new PeepholeError('usage', '--every must be more than 0.');
      const folder = join(storeFolder(options.store), 'visits');
      if (options.follow !== true && !isThere(folder))
        throw new PeepholeError(
          'not_found',
          `There are no visits in ${folder}. Is --store the one of peephole listen?`,
        );
      const request = {
        destination,
        folder,
        state: options.state === undefined ? null : resolve(options.state),
        profile: options.profile ?? null,
        region: options.region ?? null,
      };
      const { shipper, close } = await openShipper(request, messages);
      try {
        if (options.follow === true)
          messages.say(`Shipping visits from ${folder} to ${destination}. Ctrl-C ends.`);
        const shipped =
          options.follow === true
            ? await shipContinuously(shipper, { every: every * 1000, signal, messages })
            : await shipper.shipNew(signal);
        if (options.json === true) process.stdout.write(`${JSON.stringify(shipped)}\n`);
        messages.say(shippedText(shipped, destination));
      } finally {
        close();
      }
    });
}

/** By `stat`: `access` ignores a capability that lets a process read all files. */
function isThere(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new PeepholeError('usage', `${folder} can't be read: ${fileProblem(error)}`, {}, { cause: error });
  }
}
