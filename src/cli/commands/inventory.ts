import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { askEc2 } from '../../enrich/aws/ask-ec2.ts';
import type { InventoryContent } from '../../enrich/inventory/parse-inventory.ts';
import { PeepholeError } from '../../model/errors.ts';
import { isExact, parseDuration } from '../../model/time/duration.ts';
import { withCommonOptions, withNewService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { keepInventory, readInventories } from '../import-inventory.ts';
import { Messages } from '../messages.ts';

interface SyncOptions extends CommonOptions {
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly every?: string;
}

export function inventoryCommand(): Command {
  const command = new Command('inventory').description('names, machines and services of addresses');
  const importing = withCommonOptions(new Command('import'))
    .description('import JSON files that the AWS command line printed, ip-ranges.json, or hosts files')
    .argument(
      '<files...>',
      'describe-network-interfaces, describe-instances, describe-addresses, ip-ranges.json; or ADDRESS NAME a line',
    )
    .option('--at <time>', 'when the files were made, ISO 8601 (default: now)')
    .action(async (files: string[], options: CommonOptions & { readonly at?: string }) => {
      if (options.at !== undefined && Number.isNaN(Date.parse(options.at)))
        throw new PeepholeError(
          'usage',
          `${options.at} is not a time; write for example 2018-06-20T00:00:00Z.`,
        );
      await keep(await readInventories(files), options.at ?? null, options);
    });
  const sync = withCommonOptions(new Command('sync'))
    .description('import from EC2 directly, with the credentials of the AWS command line')
    .option('--region <regions...>', 'regions (default: the configured one)')
    .option('--profile <name>', 'a profile of the AWS configuration files')
    .option('--every <duration>', 'repeat at this interval until stopped, such as PT1H')
    .action((options: SyncOptions) => runSync(options));
  for (const child of [importing, sync]) {
    command.addCommand(child);
  }
  return command;
}

async function runSync(options: SyncOptions): Promise<void> {
  const seconds = options.every === undefined ? null : secondsOf(options.every);
  if (seconds !== null && seconds < 60)
    throw new PeepholeError(
      'usage',
      `${options.every} is not an ISO 8601 duration of a minute or more, such as PT1H.`,
    );
  const signal = interruptSignal();
  for (;;) {
    const contents: InventoryContent[] = [];
    for (const region of options.region ?? [null])
      contents.push(await askEc2(region, options.profile ?? null));
    await keep(contents, null, options);
    if (seconds === null) return;
    await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

/** 0 for what is not a duration, or one whose length depends on the calendar. */
function secondsOf(text: string): number {
  const duration = parseDuration(text);
  return duration === null || !isExact(duration) ? 0 : duration.total('seconds');
}

async function keep(
  contents: readonly InventoryContent[],
  at: string | null,
  options: CommonOptions,
): Promise<void> {
  await withNewService(options, (service) =>
    keepInventory(service, contents, at, new Messages(options.quiet === true)),
  );
}
