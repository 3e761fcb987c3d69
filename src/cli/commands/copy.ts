import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { type CopyOptions, copyContents, type CopyReport } from '../../engine/copy-contents.ts';
import { type ServerAddress, StoreInUse } from '../../engine/store-driver.ts';
import { type DatabaseName, databaseNames, databases } from '../../model/databases.ts';
import { PeepholeError } from '../../model/errors.ts';
import { memoryLimit, shareMemory } from '../byte-size.ts';
import { engineFolder, engineServer } from '../engine-options.ts';
import { DEFAULT_ENGINE, storeDriver } from '../engines.ts';
import { endingWithWords } from '../interrupt.ts';
import { Messages, formatCount, plural } from '../messages.ts';
import { ProgressDisplay } from '../progress.ts';
import { dataFolder, storeFolder } from '../store-location.ts';

interface Options {
  readonly store?: string;
  readonly to: DatabaseName;
  readonly engineUrl?: string;
  readonly engineKafka?: string;
  readonly toStore?: string;
  readonly memory?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Stores are copied to servers alone. */
const copyTargets = databaseNames.filter((name) => databases[name].isServer);

export function copyCommand(): Command {
  return new Command('copy')
    .description(
      'copy everything in a store of files to a database server; after an interruption it continues',
    )
    .option(
      '--store <dir>',
      'the folder of the store (default: $PEEPHOLE_STORE, else the data folder of the platform)',
    )
    .addOption(
      new Option('--to <name>', 'the database to send it to').choices(copyTargets).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--engine-url <url>',
        'the URL of its server, with the database as the path: http://localhost:8123/peephole',
      ).env('PEEPHOLE_ENGINE_URL'),
    )
    .addOption(
      new Option(
        '--engine-kafka <brokers>',
        'brokers of Kafka by which flows get to Druid, where several processes are to fill it: host:9092,…',
      ).env('PEEPHOLE_ENGINE_KAFKA'),
    )
    .option(
      '--to-store <dir>',
      'Druid: the folder for everything that Druid does not hold; every later command needs it as --store (default: the one that --engine druid uses for this URL)',
    )
    .option(
      '--memory <size>',
      'memory limit, such as 2GiB (default: $PEEPHOLE_MEMORY, else half of the machine)',
    )
    .option('--quiet', 'print errors only')
    .option('--json', 'print what was done as one JSON object')
    .action(copy);
}

async function copy(options: Options): Promise<void> {
  const quiet = options.quiet === true;
  const display = new ProgressDisplay('copy', new Messages(quiet), quiet);
  let known = '';
  const words = (): string => {
    display.stop();
    return `${known}The same command continues the copy.`;
  };
  const progress = (done: number, total: number, kept: number): void => {
    known = `${formatCount(kept)} of ${plural(total, 'flow')} have arrived in complete batches. `;
    display.update({ done, total, records: done });
  };
  try {
    tell(await endingWithWords(words, () => copyStore(options, progress)), options);
  } finally {
    display.stop();
  }
}

async function copyStore(
  options: Options,
  progress: NonNullable<CopyOptions['progress']>,
): Promise<CopyReport> {
  const server = engineServer({
    engine: options.to,
    ...(options.engineUrl === undefined ? {} : { engineUrl: options.engineUrl }),
    ...(options.engineKafka === undefined ? {} : { engineKafka: options.engineKafka }),
  });
  const folder = storeFolder(options.store);
  const embedded = await storeDriver(DEFAULT_ENGINE);
  if (!(await embedded.exists({ folder })))
    throw new PeepholeError('not_found', `There is no store in ${folder}. Is --store right?`);
  const budget = {
    memoryBytes: shareMemory(memoryLimit(options.memory)).engine,
    threads: availableParallelism(),
  };
  const from = await embedded.open({ folder, ...budget }).catch((error: unknown) => {
    if (!(error instanceof StoreInUse)) throw error;
    throw new PeepholeError(
      'store_busy',
      `Another process uses the store in ${folder}. Stop it first: nothing may be written to a store while it is copied.`,
    );
  });
  try {
    const driver = await storeDriver(options.to);
    const to = await driver.open({
      folder: targetFolder(options, folder, server),
      ...budget,
      ...(server === undefined ? {} : { server }),
    });
    try {
      return await copyContents(from, to, { progress });
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/**
 * The target's folder on this machine. Of ClickHouse one of the copy's own, so that others may use the target meanwhile; a store in
 * Druid needs it from then on.
 */
function targetFolder({ to, toStore }: Options, from: string, server: ServerAddress | undefined): string {
  if (to !== 'druid' || server === undefined) return join(from, 'copy');
  const folder = toStore === undefined ? join(dataFolder(), engineFolder(to, server)) : resolve(toStore);
  if (folder !== from) return folder;
  throw new PeepholeError(
    'usage',
    `${folder} is the store that is copied: name another folder with --to-store.`,
  );
}

function tell(report: CopyReport, { json, quiet }: Options): void {
  if (json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  const messages = new Messages(quiet === true);
  const { flows, hours, inputs, visits, findings, inventory_items: items, only_sums: sums } = report;
  const more = [
    plural(inputs, 'input'),
    plural(visits, 'visit'),
    plural(findings, 'finding'),
    plural(items, 'inventory item'),
  ];
  messages.say(
    `${pc.green('✓')} ${plural(flows, 'flow')} copied (${more.join(', ')}); counts and sums of ${plural(hours, 'hour')} are the same.`,
  );
  if (sums > 0)
    messages.warn(`${plural(sums, 'flow')} of which the store keeps only hourly sums were not copied.`);
}
