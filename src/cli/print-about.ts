import pc from 'picocolors';
import type {
  About,
  AboutAmounts,
  AboutChange,
  AboutList,
  AboutListName,
  AboutMentions,
  AboutRow,
  AboutSide,
  AboutVersion,
} from '../model/about/about.ts';
import { formatBytes } from '../model/byte-text.ts';
import { safeText } from '../model/safe-text.ts';
import { shellWord } from '../model/shell-words.ts';
import { formatCount, plural } from './messages.ts';
import { wrap } from './wrap-text.ts';

const MOST_ROWS = 8;
const MOST_CHANGES = 12;
const MOST_PARTS = 2;
const MOST_CELL = 44;
const STEPS = '▁▂▃▄▅▆▇█';

const listNames: Readonly<Record<'inbound' | 'outbound', Readonly<Record<AboutListName, string>>>> = {
  inbound: {
    peers: 'Who talks to it',
    members: 'Its addresses, by what comes in',
    ports: 'What it serves (accepted, ports below 32768)',
    refused_ports: 'Rejected, by port',
    refused_peers: 'Rejected, by source',
  },
  outbound: {
    peers: 'Whom it talks to',
    members: 'Its addresses, by what goes out',
    ports: 'What it uses (accepted, ports below 32768)',
    refused_ports: 'Rejected on the way out, by port',
    refused_peers: 'Rejected on the way out, by destination',
  },
};

const protocols: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'icmp6',
  132: 'sctp',
};

/** Everything about one thing, for a terminal. Texts from strangers are made harmless. */
export function formatAbout(about: About, mentions: AboutMentions | null): string {
  const { kind, value, identity, range, seen, notes } = about;
  const facts = Object.values(identity.facts).flatMap((fact) => (fact === null ? [] : [String(fact)]));
  return [
    pc.bold(
      [`${kind} ${value}`, ...(identity.name === null ? [] : [identity.name])].map(safeText).join('  '),
    ),
    ...(facts.length === 0 ? [] : [safeText(facts.join(' · '))]),
    ...identity.history.flatMap(versionLines),
    seen === null
      ? 'The store has no flows of it.'
      : `Seen in ${plural(seen.hours, 'hour')}: first in ${wholeHour(seen.first)}, last in ${wholeHour(seen.last)} UTC.`,
    '',
    ...(range === null ? [] : [pc.bold(`${hour(range.from)} to ${hour(range.to)}`)]),
    ...trafficLines(about),
    '',
    ...sideLines('inbound', about.inbound),
    ...(about.outbound === null ? [] : sideLines('outbound', about.outbound)),
    ...changeLines(about),
    ...(mentions === null ? [] : mentionLines(mentions)),
    ...notes.flatMap((note) => wrap(safeText(note), `${pc.yellow('!')} `, '  ')),
    '',
  ].join('\n');
}

function versionLines(version: AboutVersion): readonly string[] {
  const { address, from, to, groups, tags } = version;
  const what = [
    version.name,
    version.service,
    version.instance,
    version.interface,
    version.public_address,
    version.vpc,
    version.subnet,
    version.zone,
    version.account,
  ].filter((text) => text !== null);
  const when =
    from === null && to === null
      ? ''
      : ` (${from === null ? '…' : hour(from)} to ${to === null ? 'now' : hour(to)})`;
  const named = Object.entries(tags).map(([key, text]) => `${key}=${text}`);
  return [
    ...wrap(safeText(`${address}${when}: ${what.join(' · ')}`), '  ', '    '),
    ...(groups.length === 0 ? [] : wrap(safeText(`security groups ${groups.join(', ')}`), '    ', '      ')),
    ...(named.length === 0 ? [] : wrap(safeText(`tags ${named.join(', ')}`), '    ', '      ')),
  ];
}

function trafficLines({ inbound, outbound, over_time: time }: About): readonly string[] {
  const unit = time.bucket === 'PT1H' ? 'an hour' : 'a day';
  const line = (
    label: string,
    side: AboutSide,
    series: readonly (AboutAmounts | null)[],
  ): readonly string[] => [
    `  ${label.padEnd(4)} ${amountText(side.totals)}${side.previous === null ? '' : pc.dim(`  before: ${amountText(side.previous)}`)}`,
    ...spark(series).map((part) => `       ${part}`),
  ];
  return [
    ...line('in', inbound, time.inbound),
    ...(outbound === null ? [] : line('out', outbound, time.outbound ?? [])),
    pc.dim(
      `  bytes, a character ${unit}${time.unknown_hours === 0 ? '' : `; ?: no logs (${plural(time.unknown_hours, 'hour')})`}`,
    ),
  ];
}

/** One character for each bucket, 96 in a line. */
function spark(series: readonly (AboutAmounts | null)[]): readonly string[] {
  const most = Math.max(1, ...series.map((amounts) => amounts?.bytes ?? 0));
  const marks = series.map((amounts) => {
    if (amounts === null) return '?';
    if (amounts.flows === 0) return '·';
    return STEPS.charAt(Math.min(STEPS.length - 1, Math.floor((amounts.bytes / most) * STEPS.length)));
  });
  const lines: string[] = [];
  for (let at = 0; at < marks.length; at += 96) lines.push(marks.slice(at, at + 96).join(''));
  return lines;
}

function sideLines(name: 'inbound' | 'outbound', { lists }: AboutSide): readonly string[] {
  return lists.flatMap((list) =>
    list.rows.length === 0 ? [] : [...listLines(listNames[name][list.list], list), ''],
  );
}

function listLines(title: string, { rows, groups, query }: AboutList): readonly string[] {
  const shown = rows.slice(0, MOST_ROWS);
  const cells = shown.map((row) => [
    valueText(row.value, row.protocol),
    formatCount(row.flows),
    formatBytes(row.bytes),
    row.rejected_flows === 0 ? '' : `${formatCount(row.rejected_flows)} rejected`,
    row.peers === null ? '' : plural(row.peers, 'peer'),
    partsText(row),
    [row.name, row.country, row.as_name].filter((text) => text !== null).join(' · '),
  ]);
  return [
    pc.bold(title),
    ...aligned(cells),
    ...(groups > shown.length ? [pc.dim(`  … and ${formatCount(groups - shown.length)} more`)] : []),
    pc.dim(`  peephole query ${safeText(shellWord(JSON.stringify(query)))}`),
  ];
}

/** `443/tcp, 22/tcp, 3 more` of a peer, its addresses of a port. */
function partsText({ parts, more_parts: more }: AboutRow): string {
  const left = parts.length - MOST_PARTS + more;
  return [
    ...parts.slice(0, MOST_PARTS).map(({ value, protocol }) => valueText(value, protocol)),
    ...(left > 0 ? [`${formatCount(left)} more`] : []),
  ].join(', ');
}

function changeLines({ changes, earlier, more_changes: more }: About): readonly string[] {
  if (changes === null || earlier === null) return [];
  const title = pc.bold(`Changes compared with ${hour(earlier.from)} to ${hour(earlier.to)}`);
  if (changes.length === 0) return [title, '  No large changes.', ''];
  const shown = changes.slice(0, MOST_CHANGES);
  const left = changes.length - shown.length + more;
  return [
    title,
    ...aligned(shown.map(changeCells)),
    ...(left > 0 ? [pc.dim(`  … and ${formatCount(left)} more`)] : []),
    '',
  ];
}

function changeCells(change: AboutChange): readonly string[] {
  const { side, list, what, value, protocol, name, flows, previous_flows: previous } = change;
  return [
    what,
    side === 'inbound' ? 'in' : 'out',
    list === 'refused_ports' ? 'rejected port' : list === 'ports' ? 'port' : 'peer',
    valueText(value, protocol),
    `${formatCount(previous)} → ${formatCount(flows)}`,
    name ?? '',
  ];
}

function mentionLines({ findings, visits }: AboutMentions): readonly string[] {
  return [
    pc.bold('Findings'),
    ...(findings.length === 0 ? ['  None names it.'] : []),
    ...findings.flatMap(({ id, summary, state, role }) => [
      ...wrap(safeText(summary), `  · `, '    '),
      pc.dim(`    ${safeText(id)}, ${state}, as the ${role}`),
    ]),
    ...(visits.length === 0 ? [] : ['', pc.bold('Visits at the door')]),
    ...visits.slice(0, MOST_ROWS).flatMap(({ summary }) => wrap(safeText(summary), '  · ', '    ')),
    ...(visits.length > MOST_ROWS ? [pc.dim(`  … and ${formatCount(visits.length - MOST_ROWS)} more`)] : []),
    '',
  ];
}

function amountText({ flows, bytes, rejected_flows: rejected }: AboutAmounts): string {
  return `${plural(flows, 'flow')}, ${formatBytes(bytes)}${rejected === 0 ? '' : `, ${formatCount(rejected)} rejected`}`;
}

function valueText(value: string | number | null, protocol: number | null): string {
  if (value === null) return 'none';
  return protocol === null ? String(value) : `${value}/${protocols[protocol] ?? protocol}`;
}

/** Cells in columns. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) =>
    row.map((cell) => {
      const text = safeText(cell);
      return text.length > MOST_CELL ? `${text.slice(0, MOST_CELL - 1)}…` : text;
    }),
  );
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}

/** `2018-06-20 14:00–15:00`: an hour in which something happened, of which the minute is not known. */
function wholeHour(start: string): string {
  const end = new Date(Date.parse(start) + 3_600_000).toISOString();
  return `${hour(start)}–${end.slice(11, 16)}`;
}

function hour(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
