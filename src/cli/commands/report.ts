import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { PeepholeError } from '../../model/errors.ts';
import { fileProblem } from '../../model/file-problem.ts';
import { parseTimeZone } from '../../model/query/parse-time.ts';
import { lastDue } from '../../reports/due-time.ts';
import { answerFile, dashboardFile, findingsFile, makeReport } from '../../reports/make-report.ts';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { configFile, readConfig } from '../config/read-config.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { readJsonArgument } from '../read-json-argument.ts';
import { reportRunner, reportSource } from '../run-reports.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';

interface FindingsOptions extends CommonOptions, TimeOptions {
  readonly format: 'html' | 'pdf';
  readonly out: string;
}

interface DashboardOptions extends FindingsOptions {
  readonly timezone: string;
}

interface QueryOptions extends CommonOptions {
  readonly format: 'csv' | 'tsv' | 'json' | 'parquet';
  readonly out: string;
}

interface RunOptions extends CommonOptions {
  readonly config?: string;
  readonly out?: string;
}

export function reportCommand(): Command {
  const command = new Command('report').description(
    'make a report now: findings, a dashboard, a query, or one of the configuration',
  );
  for (const sub of [findingsReport(), dashboardReport(), queryReport(), configuredReport()]) {
    command.addCommand(sub);
  }
  return command;
}

function findingsReport(): Command {
  return withTimeLimit(withCommonOptions(new Command('findings')))
    .description('the findings of Knocks as one file')
    .option('--last <duration>', 'how far to look back from the newest flow, such as P7D (default: all data)')
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .addOption(new Option('--format <format>', 'pdf needs Chromium').choices(['html', 'pdf']).default('html'))
    .requiredOption('--out <file>', 'the file to write')
    .action(async (options: FindingsOptions) => {
      const time = timeOf(options);
      await withService(options, async (service) => {
        const knocks = await service.knocks(time, { signal: interruptSignal() });
        // What any earlier run reported is not new.
        const reported = knocks.findings.filter(({ state }) => state !== 'new').map(({ id }) => id);
        const { bytes } = await findingsFile(knocks, new Set(reported), options.format);
        await write(options.out, bytes, options);
      });
    });
}

function dashboardReport(): Command {
  return withTimeLimit(withCommonOptions(new Command('dashboard')))
    .description('a dashboard as one file')
    .argument('<id>', 'its id, such as overview')
    .option(
      '--last <duration>',
      'how far to look back from the newest flow, such as P7D (default: as the dashboard opens)',
    )
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .option('--timezone <name>', 'with a time: an IANA name, such as Europe/Berlin', 'Etc/UTC')
    .addOption(new Option('--format <format>', 'pdf needs Chromium').choices(['html', 'pdf']).default('html'))
    .requiredOption('--out <file>', 'the file to write')
    .action(async (id: string, options: DashboardOptions) => {
      const time = timeOf(options);
      const timezone = parseTimeZone(options.timezone);
      await withService(options, async (service) => {
        const signal = interruptSignal();
        const range =
          time === null
            ? null
            : (await service.query({ time, measures: ['flows'], timezone }, { signal })).range;
        const about =
          range === null ? null : { from: Date.parse(range.from), to: Date.parse(range.to), timezone };
        const source = reportSource(service, () => undefined, { signal });
        const { bytes, lines } = await dashboardFile(id, about, null, options.format, source);
        await write(options.out, bytes, options);
        for (const line of lines) new Messages(options.quiet === true).say(line);
      });
    });
}

function queryReport(): Command {
  return withTimeLimit(withCommonOptions(new Command('query')))
    .description('the result of a query as a file')
    .argument('<query>', 'JSON, a file, or - for standard input')
    .addOption(new Option('--format <format>').choices(['csv', 'tsv', 'json', 'parquet']).default('csv'))
    .requiredOption('--out <file>', 'the file to write')
    .action(async (argument: string, options: QueryOptions) => {
      const query = await readJsonArgument(argument, 'query');
      await withService(options, async (service) => {
        const answer = await service.query(query, { signal: interruptSignal() });
        await write(options.out, await answerFile(answer, options.format), options);
        if (answer.truncated) new Messages(options.quiet === true).warn('A limit of the query cut rows: they are not in the file.'); // prettier-ignore
      });
    });
}

function configuredReport(): Command {
  return withTimeLimit(withCommonOptions(new Command('run')))
    .description('a report of the configuration, for the latest period that it was due for')
    .argument('<name>', 'its name')
    .option('--config <file>', 'default: peephole.config.json, .yaml or .yml in this folder')
    .option('--out <file>', 'write it to this file only, and deliver it nowhere')
    .action(async (name: string, options: RunOptions) => {
      const file = configFile(options.config);
      if (file === null)
        throw new PeepholeError('usage', 'There is no peephole.config.json, .yaml or .yml in this folder.');
      const { reports, channels, knocks } = await readConfig(file);
      const report = reports.find((each) => each.name === name);
      if (report === undefined) {
        const names = reports.map((each) => each.name).join(', ');
        throw new PeepholeError(
          'usage',
          `${file} has no report ${JSON.stringify(name)}. It has: ${names === '' ? 'none' : names}.`,
        );
      }
      const signal = interruptSignal();
      const messages = new Messages(options.quiet === true);
      await withService(options, async (service) => {
        const due = lastDue(report.schedule, Date.now());
        const runner = reportRunner(service, {
          messages,
          knocksSettings: () => knocks ?? { allowedScanners: [], prices: null },
          reports: () => reports,
          channels: () => channels,
        });
        const source = reportSource(service, () => knocks ?? undefined, { signal });
        const made = await makeReport(report, due, new Set(), source);
        if (options.out !== undefined) return write(options.out, made.bytes, options);
        await runner.deliver(report, made, due, signal);
        messages.say(`${made.title}: ${made.lines[0] ?? ''}`);
      });
    });
}

async function write(path: string, bytes: Uint8Array, { quiet }: CommonOptions): Promise<void> {
  await writeFile(path, bytes).catch((error: unknown) => {
    throw new PeepholeError('output_failed', `${path} can't be written: ${fileProblem(error)}`);
  });
  new Messages(quiet === true).say(`Wrote ${path}`);
}
