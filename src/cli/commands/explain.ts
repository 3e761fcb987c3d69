import { Command, Option } from 'commander';
import pc from 'picocolors';
import {
  type Combination,
  type ExplainBy,
  type Explanation,
  MOST_COMBINATIONS,
  explainBys,
} from '../../model/explain/explanation.ts';
import { formatBytes } from '../../model/byte-text.ts';
import { whyNoDifference } from '../../model/explain/no-difference.ts';
import { withCommonOptions, withService, withTimeLimit, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { plural } from '../messages.ts';
import { formatTable } from '../print-rows.ts';
import { readJsonArgument } from '../read-json-argument.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';

interface Options extends CommonOptions, TimeOptions {
  readonly earlier?: string;
  readonly by?: ExplainBy;
  readonly format: 'text' | 'json';
}

/** What is most often wanted: why are these flows rejected? */
const REJECTED = { selection: [{ field: 'action', in: ['REJECT'] }] };

export function explainCommand(): Command {
  return withTimeLimit(withCommonOptions(new Command('explain')))
    .description('find what makes some flows differ from the rest, or one time range from an earlier one')
    .argument(
      '[question]',
      'JSON (docs/explain.md), a file that holds it, or - (default: why flows are rejected)',
    )
    .option('--last <duration>', 'how far to look back from the newest flow, such as P7D (default: all data)')
    .option('--from <time>', 'when to begin, ISO 8601; with --to')
    .option('--to <time>', 'when to end (exclusive), ISO 8601')
    .option('--earlier <duration>', 'compare with the same range this much earlier, such as P7D')
    .addOption(new Option('--by <amount>', 'what to count (default: flows)').choices(explainBys))
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (question: string | undefined, options: Options) => {
      const time = timeOf(options);
      const asked =
        question === undefined
          ? options.earlier === undefined
            ? REJECTED
            : {}
          : ((await readJsonArgument(question, 'question')) as object);
      const request = {
        ...asked,
        ...(time === null ? {} : { time }),
        ...(options.by === undefined ? {} : { by: options.by }),
        ...(options.earlier === undefined ? {} : { earlier: { shift: options.earlier } }),
      };
      const explanation = await withService(options, (service) =>
        service.explain(request, { signal: interruptSignal() }),
      );
      process.stdout.write(
        options.format === 'json' ? `${JSON.stringify(explanation)}\n` : formatExplanation(explanation),
      );
    });
}

function amountText(amount: number, by: Explanation['by']): string {
  return by === 'flows' ? plural(amount, 'flow') : formatBytes(amount);
}

function formatExplanation({ by, totals, combinations, earlier, notes }: Explanation): string {
  const rest = earlier === null ? 'the rest' : 'earlier';
  const head = pc.bold(`${amountText(totals.selected, by)} against ${amountText(totals.rest, by)} (${rest})`);
  const noteText = notes.map((note) => `${note}\n`).join('');
  if (combinations.length === 0) return `${head}\n${whyNoDifference(totals)}\n${noteText}`;
  const columns = ['values', 'difference'].map((name) => ({ name, type: 'text' }));
  const rows = combinations.map((one) => [values(one), one.text]);
  const cut =
    rows.length < MOST_COMBINATIONS ? '' : `${pc.dim(`The ${MOST_COMBINATIONS} that tell most.`)}\n`;
  return `${head}\n\n${formatTable({ columns, rows })}${cut}${noteText}`;
}

function values({ values: list }: Combination): string {
  return list.map(({ field, value }) => `${field} ${String(value)}`).join(', ');
}
