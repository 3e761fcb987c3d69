import { Command } from 'commander';
import pc from 'picocolors';
import { unreadableObjects, type SourceStatus } from '../../model/source-status.ts';
import { safeText } from '../../model/safe-text.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { formatCount, formatSeconds, plural } from '../messages.ts';

export function sourcesCommand(): Command {
  return withCommonOptions(new Command('sources'))
    .description('show the sources that are followed: state, lag, records, last error')
    .option('--json', 'as a JSON array')
    .action(async (options: CommonOptions & { readonly json?: boolean }) => {
      const sources = await withService(options, (service) => service.sources());
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(sources)}\n`
          : sources.length === 0
            ? 'No source was ever followed here: peephole ingest --follow SOURCE\n'
            : sources.map(describe).join('\n'),
      );
    });
}

function describe(source: SourceStatus): string {
  const { id, state, lag_seconds, lag_objects, records, objects, rate, last_success, last_error } = source;
  const { warnings, next_try, paused } = source;
  const lag = [
    ...(lag_seconds === null ? [] : [`${formatSeconds(lag_seconds)} behind`]),
    ...(lag_objects === null || lag_objects === 0 ? [] : [`${formatCount(lag_objects)} waiting`]),
  ];
  const lines: (readonly [label: string, value: string])[] = [
    ['State', paused ? 'paused' : [stateText(state), ...lag].join(', ')],
    [
      'Records',
      `${formatCount(records)}${objects === 0 ? '' : ` from ${plural(objects, 'object')}`}${rate === 0 ? '' : `, ${formatCount(Math.round(rate))} a second now`}`,
    ],
    ['Last commit', last_success === null ? 'never' : moment(last_success)],
    ...(last_error === null
      ? []
      : [['Last error', `${moment(last_error.at)}: ${safeText(last_error.message)}`] as const]),
    ...unreadableLines(source),
    ...warnings.map((text) => ['Warning', safeText(text)] as const),
    ...(next_try === null ? [] : [['Next try', moment(next_try)] as const]),
  ];
  return `${pc.bold(safeText(id))}\n${lines.map(([label, value]) => `  ${pc.dim(label.padEnd(13))}${value}\n`).join('')}`;
}

const MOST_REASONS = 5;

function unreadableLines(source: SourceStatus): readonly (readonly [label: string, value: string])[] {
  const { unreadable } = source;
  if (unreadable.length === 0) return [];
  const shown = unreadable.slice(0, MOST_REASONS).map(({ reason, objects, example }): string => {
    const others = objects === 1 ? '' : ` and ${plural(objects - 1, 'other')}`;
    return `${safeText(example)}${others}: ${safeText(reason)}`;
  });
  const all = `${plural(unreadableObjects(source), 'object')}, in quarantine: SELECT * FROM quarantine WHERE line = 0`;
  return [['Not read', all], ...shown.map((text) => ['', text] as const)];
}

function stateText(state: SourceStatus['state']): string {
  switch (state) {
    case 'starting':
      return 'starting';
    case 'catching_up':
      return 'catching up';
    case 'live':
      return pc.green('live');
    case 'waiting':
      return pc.yellow('waiting to try again');
    case 'stopped':
      return 'stopped';
  }
}

function moment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
