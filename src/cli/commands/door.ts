import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { delimitedText } from '../../export/text-formats.ts';
import { visitTable } from '../../export/visit-table.ts';
import { MOST_LISTED_VISITS } from '../../model/visits/parse-door.ts';
import type { Door } from '../../model/visits/door.ts';
import { doorReport } from '../../report/door-report.ts';
import type { SharedService } from '../../service/shared-service.ts';
import {
  withCommonOptions,
  withNewService,
  withService,
  withTimeLimit,
  type CommonOptions,
} from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatDoor } from '../print-door.ts';
import { formatPlan, formatScript } from '../print-plan.ts';
import { storeFolder } from '../store-location.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';
import { wholeNumber } from '../whole-number.ts';
import { writeOutput } from '../write-output.ts';

interface Options extends CommonOptions, TimeOptions {
  readonly format: 'text' | 'json' | 'csv' | 'html';
  readonly port?: readonly string[];
  readonly source?: readonly string[];
  readonly limit: string;
}

export function doorCommand(): Command {
  const command = withTimeLimit(withCommonOptions(new Command('door')))
    .description('show who came to an open port, what they requested, and what follows from it')
    .option('--last <duration>', 'how far to look back from the latest visit, such as PT6H (default: all)')
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .option('--port <number...>', 'only these ports of the machine')
    .option('--source <address...>', 'only visits from these addresses')
    .option('--limit <number>', `how many visits to list, at most ${MOST_LISTED_VISITS}`, '200')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'json', 'csv', 'html'])
        .default('text'),
    )
    .action(async (options: Options) => {
      const request = {
        time: timeOf(options),
        ports: (options.port ?? []).map((port) => wholeNumber('--port', port, 65_535)),
        sources: options.source ?? [],
        limit: wholeNumber('--limit', options.limit, MOST_LISTED_VISITS),
      };
      const ask = (service: SharedService): Promise<Door> =>
        service.door(request, { signal: interruptSignal() });
      // A listener may have written visits before any logs were ingested.
      const visits = join(storeFolder(options.store), 'visits');
      const door = existsSync(visits) ? await withNewService(options, ask) : await withService(options, ask);
      for await (const text of written(door, options.format)) await writeOutput(text);
    });
  // Options before `plan` are this command's, those after it are its own.
  command.enablePositionalOptions().addCommand(planCommand());
  return command;
}

/** CSV has the visits alone, a row each. */
async function* written(door: Door, format: Options['format']): AsyncGenerator<string> {
  switch (format) {
    case 'text':
      yield formatDoor(door);
      return;
    case 'json':
      yield `${JSON.stringify(door)}\n`;
      return;
    case 'csv':
      yield* delimitedText(visitTable(door), ',');
      return;
    case 'html':
      yield doorReport(door);
  }
}

interface PlanOptions extends CommonOptions {
  readonly script?: boolean;
  readonly format: 'text' | 'json';
}

function planCommand(): Command {
  return withTimeLimit(withCommonOptions(new Command('plan')))
    .description(
      'show who uses a machine now, and the commands to replace, isolate, open and close it; nothing is executed',
    )
    .argument('<finding>', 'the id of a finding, or ADDRESS:PORT (UDP: ADDRESS:PORT/udp)')
    .option(
      '--script',
      'print a shell script with a function for each phase; it runs nothing unless a phase is named',
    )
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (about: string, options: PlanOptions) => {
      const plan = await withService(options, (service) =>
        service.doorPlan(about, { signal: interruptSignal() }),
      );
      await writeOutput(
        options.script === true
          ? formatScript(plan)
          : options.format === 'json'
            ? `${JSON.stringify(plan)}\n`
            : formatPlan(plan),
      );
    });
}
