import { Command, Option } from 'commander';
import pc from 'picocolors';
import { Temporal } from 'temporal-polyfill';
import { PeepholeError } from '../../model/errors.ts';
import { findingStates, type SettableState } from '../../model/knocks/finding-state.ts';
import type { KeptFinding } from '../../model/knocks/kept-finding.ts';
import { parseDuration } from '../../model/time/duration.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { Messages } from '../messages.ts';
import { stateLines, stateText } from '../print-states.ts';
import { timeOf, type TimeOptions } from '../time-options.ts';

interface Options extends CommonOptions, TimeOptions {
  readonly json?: boolean;
}

interface ChangeOptions extends Options {
  readonly note?: string;
  readonly until?: string;
  readonly for?: string;
}

export function findingsCommand(): Command {
  const command = new Command('findings').description(
    'findings and their states: list, acknowledge, mute, solve or reopen them',
  );
  for (const sub of [
    listCommand(),
    changeCommand('acknowledge', 'acknowledged', 'accept findings; --note says why').requiredOption(
      '--note <text>',
      'why',
    ),
    changeCommand('mute', 'muted', 'do not report findings until a time')
      .option('--until <time>', 'until when, ISO 8601')
      .option('--for <duration>', 'for how long from now, such as P7D')
      .option('--note <text>', 'why'),
    changeCommand(
      'solve',
      'solved',
      'mark findings as finished; if they are seen again, they are new',
    ).option('--note <text>', 'what was done'),
    changeCommand('reopen', 'known', 'undo one of these: the findings are known again').option(
      '--note <text>',
      'why',
    ),
  ]) {
    command.addCommand(sub);
  }
  return command;
}

function withTime(command: Command): Command {
  return withCommonOptions(command)
    .option('--last <duration>', 'the time range of the investigation that found it (default: all data)')
    .option('--from <time>', 'start of that time range, ISO 8601; with --to')
    .option('--to <time>', 'end of that time range (exclusive), ISO 8601')
    .option('--json', 'print a JSON array');
}

function listCommand(): Command {
  return withTime(new Command('list'))
    .description('list the findings of a time range, and all findings with a stored state')
    .addOption(new Option('--state <state>', 'only those of this state').choices(findingStates))
    .action(async (options: Options & { readonly state?: string }) => {
      const time = timeOf(options);
      const [{ findings }, kept] = await withService(options, async (service) => [
        await service.knocks(time, { signal: interruptSignal() }),
        await service.findings(),
      ]);
      const there = new Set(findings.map(({ id }) => id));
      const all = [
        ...findings.map(short),
        ...kept.filter(({ id }) => !there.has(id)),
      ].filter(({ state }) => options.state === undefined || state === options.state); // prettier-ignore
      if (options.json === true) {
        process.stdout.write(
          `${JSON.stringify(all.map((one) => ({ ...one, in_range: there.has(one.id) })))}\n`,
        );
        return;
      }
      const lines = all.flatMap((one) => [
        ...stateLines(one),
        ...(there.has(one.id) ? [] : [pc.dim('  Not found in this time range.')]),
      ]);
      process.stdout.write(all.length === 0 ? 'No findings.\n' : `${lines.join('\n')}\n`);
    });
}

function changeCommand(name: string, state: SettableState, description: string): Command {
  return withTime(new Command(name).argument('<id...>', 'ids of findings, as knocks prints them'))
    .description(description)
    .action(async (ids: readonly string[], options: ChangeOptions) => {
      const change = {
        state,
        time: timeOf(options),
        ...(options.note === undefined ? {} : { note: options.note }),
        ...(state === 'muted' ? { until: untilOf(options) } : {}),
      };
      const changed: KeptFinding[] = [];
      await withService(options, async (service) => {
        for (const id of ids) changed.push(await service.setFindingState(id, change));
      });
      if (options.json === true) process.stdout.write(`${JSON.stringify(changed)}\n`);
      const messages = new Messages(options.quiet === true);
      for (const finding of changed) messages.say(`${pc.green('✓')} ${finding.id} is ${stateText(finding)}.`);
    });
}

/** Until when, from `--until` or `--for`. */
function untilOf({ until, for: length }: ChangeOptions): string {
  if ((until === undefined) === (length === undefined))
    throw new PeepholeError('usage', 'Say until when: --until 2026-02-01T00:00:00Z, or --for P7D.');
  if (until !== undefined) return until;
  const duration = parseDuration(length ?? '');
  if (duration === null || duration.years > 1000)
    throw new PeepholeError('usage', `${length ?? ''} is not an ISO 8601 duration such as P7D or PT12H.`);
  return Temporal.Now.zonedDateTimeISO('UTC').add(duration).toInstant().toString();
}

function short(finding: KeptFinding): KeptFinding {
  const { id, kind, score, summary, first_seen, last_seen, state, state_info } = finding;
  return { id, kind, score, summary, first_seen, last_seen, state, state_info };
}
