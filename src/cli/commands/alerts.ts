import { Command } from 'commander';
import pc from 'picocolors';
import { readRecords } from '../../alerts/alert-records.ts';
import { statusesOf } from '../../alerts/alert-statuses.ts';
import type { AlertSeries, AlertStatus } from '../../model/alert/alert-state.ts';
import type { StoredDocument } from '../../model/document/document.ts';
import { safeText } from '../../model/safe-text.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { documentFileCommands } from '../document-files.ts';

export function alertsCommand(): Command {
  const command = new Command('alerts').description(
    'conditions that a server evaluates: list them with their states, export and import them as files',
  );
  for (const sub of [listCommand(), ...documentFileCommands('alerts')]) {
    command.addCommand(sub);
  }
  return command;
}

function listCommand(): Command {
  return withCommonOptions(new Command('list'))
    .description('list the alerts with their states')
    .option('--json', 'as a JSON array')
    .action(async (options: CommonOptions & { readonly json?: boolean }) => {
      const statuses = await withService(options, async (service) =>
        statusesOf(
          (await service.documents('alerts')) as readonly StoredDocument<'alerts'>[],
          await readRecords(service.folder),
        ),
      );
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(statuses)}\n`
          : statuses.length === 0
            ? 'There are no alerts. Make one on the page Alerts, or import some: peephole alerts import DIR\n'
            : statuses.map(describe).join('\n'),
      );
    });
}

function describe(status: AlertStatus): string {
  const { id, name, enabled, evaluated_to: at, reason, series, silences, waiting } = status;
  const lines: (readonly [label: string, value: string])[] = [
    ['Id', id],
    ['State', enabled ? stateText(status.state) : 'disabled'],
    ...(reason === null ? [] : [['Reason', safeText(reason)] as const]),
    ['Looked at', at === null ? 'never: a server does it (peephole serve)' : `the time to ${at}`],
    ...series.map((each) => [each.state === 'firing' ? 'Firing' : 'Pending', seriesText(each)] as const),
    ...silences.map(({ until, reason: why }) => ['Silenced', `until ${until}: ${safeText(why)}`] as const),
    ...waiting.map(
      ({ channel, error }) =>
        [
          'To be sent',
          `to ${safeText(channel)}${error === null ? '' : `; last try failed: ${safeText(error)}`}`,
        ] as const,
    ),
  ];
  return `${pc.bold(safeText(name))}\n${lines.map(([label, value]) => `  ${pc.dim(label.padEnd(12))}${value}\n`).join('')}`;
}

function seriesText({ label, value, threshold, since, acknowledged }: AlertSeries): string {
  const amount = value === null ? [] : [`${value}${threshold === null ? '' : ` (threshold ${threshold})`}`];
  const known = acknowledged === null ? [] : [`acknowledged: ${safeText(acknowledged.note)}`];
  const who = label === null ? [] : [safeText(String(label))];
  return [...who, ...amount, `since ${since}`, ...known].join(', ');
}

function stateText(state: AlertStatus['state']): string {
  switch (state) {
    case 'ok':
      return pc.green('ok');
    case 'pending':
      return pc.yellow('pending');
    case 'firing':
      return pc.red('firing');
    case 'no_data':
      return pc.yellow('no data');
    case 'error':
      return pc.red('error');
  }
}
