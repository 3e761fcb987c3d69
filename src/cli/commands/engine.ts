import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { segmentGranularities, type SegmentGranularity } from '../../engine/store-driver.ts';
import { PeepholeError } from '../../model/errors.ts';
import { engineServer, withEngineOptions, type EngineOptions } from '../engine-options.ts';
import { DEFAULT_ENGINE, storeDriver } from '../engines.ts';
import { Messages } from '../messages.ts';

interface Options extends EngineOptions {
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
  readonly cluster?: string;
  readonly segments?: SegmentGranularity;
  readonly partitions?: number;
  readonly rollup?: boolean;
}

export function engineCommand(): Command {
  const init = withEngineOptions(new Command('init'))
    .description(
      'prepare a database server for a store: tables and views (ClickHouse), or compaction and, with --engine-kafka, topics and a supervisor (Druid); what exists is kept',
    )
    .option(
      '--cluster <name>',
      'ClickHouse: replicated tables on all servers of this cluster, and distributed tables over them',
    )
    .addOption(
      new Option(
        '--segments <time>',
        'Druid: the time of a new segment, in UTC (default: as before, or day); hour from about 20,000 flows a second on',
      ).choices(segmentGranularities),
    )
    .option(
      '--partitions <number>',
      'Druid with --engine-kafka: partitions of the topic that is made, and tasks for each data source that read it (default: 1)',
      parsePartitions,
    )
    .option('--rollup', 'Druid: add up the flows of a new data source by the hour too (the default)')
    .option(
      '--no-rollup',
      'Druid: a new data source has its flows only: half the work of ingest by tasks, slower questions about long times',
    )
    .option('--dry-run', 'print the statements or requests instead of sending them')
    .option('--quiet', 'print errors only')
    .action(async (options: Options) => {
      const server = engineServer(options);
      const { setUp } = await storeDriver(options.engine ?? DEFAULT_ENGINE);
      if (server === undefined || setUp === undefined)
        throw new PeepholeError(
          'usage',
          'A store in files is created by the first ingest. Name a server: --engine clickhouse --engine-url http://localhost:8123/peephole.',
        );
      if (options.cluster !== undefined && options.engine !== 'clickhouse')
        throw new PeepholeError('usage', '--cluster works with --engine clickhouse only.');
      if (options.segments !== undefined && options.engine !== 'druid')
        throw new PeepholeError('usage', '--segments works with --engine druid only.');
      if (options.partitions !== undefined && server.kafka === undefined)
        throw new PeepholeError('usage', '--partitions works with --engine druid and --engine-kafka only.');
      if (options.rollup !== undefined && options.engine !== 'druid')
        throw new PeepholeError('usage', '--rollup and --no-rollup work with --engine druid only.');
      const { cluster, segments, partitions, rollup } = options;
      const statements = await setUp(server, options.dryRun === true, {
        ...(cluster === undefined ? {} : { cluster }),
        ...(segments === undefined ? {} : { segments }),
        ...(partitions === undefined ? {} : { partitions }),
        ...(rollup === undefined ? {} : { rollup }),
      });
      if (options.dryRun === true) process.stdout.write(`${statements.join('\n\n')}\n`);
      else
        new Messages(options.quiet === true).say(
          `${pc.green('✓')} ${new URL(server.url).pathname.slice(1) || 'peephole'} is set up at ${new URL(server.url).origin}; ingest fills it`,
        );
    });
  return new Command('engine').description('prepare a database server for a store').addCommand(init);
}

function parsePartitions(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 to 999.');
  return Number(text);
}
