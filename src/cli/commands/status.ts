import { Command } from 'commander';
import pc from 'picocolors';
import type { StoreStatus } from '../../engine/store-status.ts';
import type { EngineStatus } from '../../model/engine-status.ts';
import { formatBytes } from '../../model/byte-text.ts';
import { unreadableObjects } from '../../model/source-status.ts';
import { databaseLabel } from '../../model/databases.ts';
import { withCommonOptions, withService, type CommonOptions } from '../common-options.ts';
import { formatCount, plural } from '../messages.ts';

export function statusCommand(): Command {
  return withCommonOptions(new Command('status'))
    .description('show what is in the store: time range, flows, size, inputs, gaps')
    .option('--json', 'print one JSON object')
    .action(async (options: CommonOptions & { readonly json?: boolean }) => {
      const [status, sources] = await withService(options, async (service) => [
        await service.status(),
        options.json === true ? [] : await service.sources(),
      ]);
      const unreadable = sources.reduce((sum, source) => sum + unreadableObjects(source), 0);
      process.stdout.write(
        options.json === true ? `${JSON.stringify(status)}\n` : describe(status, unreadable),
      );
    });
}

const MOST_GAPS = 10;

function quarantineText({ quarantined }: StoreStatus, unreadable: number): string {
  const lines = plural(quarantined, 'line');
  if (unreadable === 0) return lines;
  return `${lines}, ${plural(unreadable, 'object')} that can’t be read among them: peephole sources`;
}

/** @param unreadable objects and messages of sources that can't be read */
function describe(status: StoreStatus, unreadable: number): string {
  const lines: (readonly [label: string, value: string])[] = [
    ['Store', status.folder],
    ...engineLines(status.engine),
    [
      'Range',
      status.range === null
        ? status.untimed_flows > 0
          ? 'no flow has a time'
          : 'no flows yet'
        : `${moment(status.range.from)} – ${moment(status.range.to)} UTC`,
    ],
    ['Flows', flowsOf(status)],
    ['On disk', sizes(status)],
    ['Inputs', formatCount(status.inputs)],
    [
      'Coverage',
      `${plural(status.nodata, 'window')} without data, ${formatCount(status.skipdata)} whose records AWS lost`,
    ],
    ['Quarantine', quarantineText(status, unreadable)],
    ['Gaps', status.gap_hours === 0 ? 'none' : plural(status.gap_hours, 'hour')],
    ...status.gaps
      .slice(0, MOST_GAPS)
      .map(({ from, to }) => ['', `${moment(from)} – ${moment(to)} UTC`] as const),
    ...(status.gaps.length > MOST_GAPS
      ? [['', `and ${plural(status.gaps.length - MOST_GAPS, 'more gap')} (--json lists all)`] as const]
      : []),
  ];
  return lines.map(([label, value]) => `${pc.dim(label.padEnd(13))}${value}\n`).join('');
}

/** Nothing for a store in files. */
function engineLines({
  kind,
  where,
  failure,
  segments,
  waiting_tasks: waiting,
  rollup_failure: rollupFailure,
  supervisor,
  ledger,
  copying,
  only_here,
}: EngineStatus): [label: string, value: string][] {
  if (where === null) return [];
  const lines: [string, string][] = [['Database', `${databaseLabel(kind)} at ${where}`]];
  if (failure !== null) lines.push(['', `does not say what it holds: ${failure}`]);
  if (segments !== null) {
    const parts = [
      formatCount(segments.total),
      ...(segments.unavailable === 0
        ? []
        : [
            `${formatCount(segments.unavailable)} of them on no server: questions that need them are refused`,
          ]),
      ...(segments.in_tasks === 0 ? [] : [`and ${formatCount(segments.in_tasks)} that tasks still write`]),
    ];
    lines.push(['Segments', parts.join(', ')]);
  }
  if (waiting > 0) lines.push(['Tasks', `${formatCount(waiting)} without a free slot: they have not begun`]);
  if (rollupFailure !== null)
    lines.push(['Rollup', `did not answer, so the flows did, which takes longer: ${rollupFailure}`]);
  if (supervisor !== null)
    lines.push([
      'Kafka',
      `supervisor ${supervisor.state}${supervisor.lag === null ? '' : `, ${plural(supervisor.lag, 'message')} behind`}`,
    ]);
  if (ledger !== null)
    lines.push([
      'Ledger',
      `topic ${ledger.topic} in Kafka, ${plural(ledger.records, 'record')}${ledger.failure === null ? '' : `; what others have added since is not seen: ${ledger.failure}`}`,
    ]);
  if (copying) lines.push(['Copy', 'not complete, so flows are missing: run the same peephole copy again']);
  if (only_here.length > 0)
    lines.push([
      'Only here',
      `${only_here.join(', ')}: not in ${databaseLabel(kind)}, so other processes have their own`,
    ]);
  return lines;
}

function flowsOf({ flows, raw_flows, untimed_flows, flows_from }: StoreStatus): string {
  const all =
    untimed_flows === 0 || untimed_flows === flows
      ? formatCount(flows)
      : `${formatCount(flows)}, ${formatCount(untimed_flows)} of them without a time`;
  if (flows_from === null) return all;
  return `${all}, of which ${formatCount(flows - raw_flows)} from before ${moment(flows_from)} UTC as hourly totals`;
}

function sizes({ bytes, flows }: StoreStatus): string {
  return flows === 0
    ? formatBytes(bytes)
    : `${formatBytes(bytes)}, ${(bytes / flows).toFixed(1)} bytes a flow`;
}

function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/:\d\dZ$/, '');
}
