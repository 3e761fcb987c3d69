import { Command, Option } from 'commander';
import { htmlReport } from '../../report/html-report.ts';
import { ocsfFindings } from '../../report/ocsf-findings.ts';
import type { Knocks } from '../../model/knocks/knocks.ts';
import { countStates } from '../../model/knocks/set-aside.ts';
import { version } from '../../system/version.ts';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { configFile, readConfig } from '../config/read-config.ts';
import { interruptSignal } from '../interrupt.ts';
import { mergeKnocks, readKnocksOptions, withKnocksOptions, type KnocksOptions } from '../knocks-options.ts';
import { plural } from '../messages.ts';
import { formatKnocks } from '../print-knocks.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';
import { writeOutput } from '../write-output.ts';

interface Options extends CommonOptions, TimeOptions, KnocksOptions {
  readonly format: 'text' | 'json' | 'html' | 'ocsf';
  readonly new?: boolean;
  readonly mark: boolean;
  readonly config?: string;
}

export function knocksCommand(): Command {
  return withKnocksOptions(withTimeLimit(withCommonOptions(new Command('knocks'))))
    .description('investigate who is knocking, with evidence and next steps')
    .option('--last <duration>', 'how far to look back from the newest flow, such as P7D (default: all data)')
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .addOption(
      new Option(
        '--format <format>',
        'how to print; ocsf: JSON lines for a SIEM, OCSF 1.3.0 Detection Finding',
      )
        .choices(['text', 'json', 'html', 'ocsf'])
        .default('text'),
    )
    .option(
      '--new',
      'only findings that no earlier run with --new reported; exits 3 if there is any, 0 if there is none',
    )
    .option('--no-mark', 'with --new: leave them new, so that the next run reports them again')
    .option(
      '--config <file>',
      'scanners of your own and prices (default: peephole.config.json, .yaml or .yml in this folder, if there is one)',
    )
    .action(async (options: Options) => {
      const time = timeOf(options);
      const file = configFile(options.config);
      const configured = file === null ? null : (await readConfig(file)).knocks;
      const settings = mergeKnocks(configured, await readKnocksOptions(options));
      await withService(options, async (service) => {
        const knocks = await service.knocks(time, { signal: interruptSignal(), settings });
        if (options.new !== true) return writeOutput(printed(knocks, options.format));
        const fresh = onlyNew(knocks);
        // If the process is killed between the two, the next run reports them again: twice is better than never.
        // All findings are marked, also those that are only counted now.
        await writeOutput(
          options.format === 'text' ? formatKnocks(fresh, Infinity) : printed(fresh, options.format),
        );
        if (options.mark) await service.markFindingsKnown(time, fresh.findings.map(({ id }) => id), settings); // prettier-ignore
        if (fresh.findings.length > 0) process.exitCode = NEW_ONES;
      });
    });
}

/** The exit code of `--new` where there are new findings. */
const NEW_ONES = 3;

/** An investigation with its new findings alone; a note says what is left out. */
function onlyNew(knocks: Knocks): Knocks {
  const findings = knocks.findings.filter(({ state }) => state === 'new');
  const others = knocks.findings.filter(({ state }) => state !== 'new');
  if (others.length === 0) return { ...knocks, findings };
  const note = `Only new findings: ${plural(others.length, 'other is', 'others are')} left out (${countStates(others)}).`;
  return { ...knocks, findings, notes: [...knocks.notes, note] };
}

function printed(knocks: Knocks, format: Options['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(knocks)}\n`;
    case 'html':
      return htmlReport(knocks);
    case 'ocsf':
      return ocsfFindings(knocks, version, Date.now());
    case 'text':
      return formatKnocks(knocks);
  }
}
