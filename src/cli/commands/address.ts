import { Command, Option } from 'commander';
import { type AboutKind, aboutKinds } from '../../model/about/parse-about.ts';
import { DEFAULT_LAST } from '../../model/time/default-range.ts';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { formatAbout } from '../print-about.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';
import { writeOutput } from '../write-output.ts';

interface Options extends CommonOptions, TimeOptions {
  readonly kind: AboutKind;
  readonly json?: boolean;
  readonly findings: boolean;
}

/** Without a range there is nothing to compare with. */
const USUAL = { last: DEFAULT_LAST };

export function addressCommand(): Command {
  return withTimeLimit(withCommonOptions(new Command('address')))
    .description(
      'show everything about an address, an interface, a service, an operator, a country or a port',
    )
    .argument('<value>', 'what to show, such as 10.0.1.7')
    .addOption(new Option('--kind <kind>', 'what it is').choices(aboutKinds).default('address'))
    .option('--last <duration>', `how far to look back from the newest flow (default: ${DEFAULT_LAST})`)
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .option('--no-findings', 'leave out findings and visits that name it, which take longest')
    .option('--json', 'print one JSON object')
    .action(async (value: string, options: Options) => {
      const request = { kind: options.kind, value, time: timeOf(options) ?? USUAL };
      const signal = interruptSignal();
      const [about, mentions] = await withService(options, async (service) => [
        await service.about(request, { signal }),
        options.findings ? await service.mentions(request, { signal }) : null,
      ]);
      await writeOutput(
        options.json === true
          ? `${JSON.stringify({ ...about, ...mentions })}\n`
          : formatAbout(about, mentions),
      );
    });
}
