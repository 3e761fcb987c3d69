import pc from 'picocolors';
import { safeText } from '../model/safe-text.ts';
import { shellWord } from '../model/shell-words.ts';
import { intervalText } from '../model/time/interval.ts';
import type { Door, DoorConclusion, DoorSource } from '../model/visits/door.ts';
import { requestText } from '../model/visits/visit-request.ts';
import { formatCount, plural } from './messages.ts';
import { visitLine } from './print-visit.ts';
import { wrap } from './wrap-text.ts';

const MOST_GROUPS = 10;
const MOST_SOURCES = 20;
const MOST_VISITS = 5;
/** Characters of a stranger's text in a table. */
const MOST_CELL = 60;

/** Visits to open ports, for a terminal. Texts from strangers are made harmless. */
export function formatDoor(door: Door): string {
  const { range, totals, notes, conclusions } = door;
  const said = notes.flatMap((note) => wrap(safeText(note), `${pc.yellow('!')} `, '  '));
  if (range === null)
    return [
      'No visits.',
      ...said,
      ...wrap(
        'Visits are what peephole listen records. Those of another machine come in by: peephole ingest visits-….jsonl',
        '',
      ),
      '',
    ].join('\n');
  return [
    pc.bold(`Who came, ${day(range.from)} to ${day(range.to)}`),
    `${plural(totals.visits, 'visit')} from ${plural(totals.sources, 'address', 'addresses')}.`,
    ...said,
    '',
    ...conclusions.flatMap((conclusion) => [...tell(conclusion), '']),
    ...groupLines(door),
    '',
    ...sourceLines(door),
    '',
    ...visitLines(door),
    '',
  ].join('\n');
}

function tell({ finding, target, state, summary, evidence, missing, next_step }: DoorConclusion): string[] {
  const at = `${target.address === null ? '' : `${target.address} `}port ${target.port}`;
  const about = finding === null ? 'no finding is about it' : `finding ${finding.id}`;
  const badge = state === 'solved' ? pc.inverse(pc.green(' SOLVED ')) : pc.inverse(pc.yellow(' OPEN '));
  const text = (line: string, first: string, rest = first): readonly string[] =>
    wrap(safeText(line), first, rest);
  return [
    `${badge} ${pc.bold(safeText(at))}, ${safeText(about)}`,
    ...text(summary, '  '),
    ...evidence.flatMap((one) => [
      ...text(one.text, '  · ', '    '),
      ...(one.visits.length === 0
        ? []
        : text(`visits ${one.visits.join(', ')}`, '    ').map((line) => pc.dim(line))),
      ...(one.query === null
        ? []
        : [pc.dim(`    peephole query ${safeText(shellWord(JSON.stringify(one.query)))}`)]),
    ]),
    ...missing.flatMap((line) => text(line, `  ${pc.yellow('?')} `, '    ')),
    ...text(next_step, `  ${pc.cyan('→')} `, '    '),
  ];
}

function groupLines({ groups, left_out: left }: Door): readonly string[] {
  const rows = groups
    .slice(0, MOST_GROUPS)
    .map((group) => [
      formatCount(group.source_count),
      formatCount(group.visits),
      `${group.port}/${group.protocol}`,
      group.host === '' ? '–' : group.host,
      requestText(group),
      group.agent === '' ? '–' : group.agent,
    ]);
  const more = groups.length - rows.length + left.groups;
  return [
    pc.bold('What they request'),
    ...table(['sources', 'visits', 'port', 'host they mean', 'request', 'agent'], rows, 2),
    ...(more <= 0 ? [] : [pc.dim(`  … and ${plural(more, 'more group')}`)]),
  ];
}

function sourceLines({ sources, left_out: left }: Door): readonly string[] {
  const rows = sources
    .slice(0, MOST_SOURCES)
    .map((source) => [
      source.address,
      formatCount(source.visits),
      source.interval_seconds === null ? '–' : intervalText(source.interval_seconds),
      source.knocks === null ? '–' : formatCount(source.knocks.attempts),
      source.knocks === null ? '–' : source.knocks.first_seen.slice(0, 10),
      wantOf(source),
      [source.name, source.country, source.as_name].filter((text) => text !== null).join(' '),
    ]);
  const more = sources.length - rows.length + left.sources;
  return [
    pc.bold('Who came'),
    ...table(['source', 'visits', 'every', 'knocks before', 'since', 'wants', 'from'], rows, 0),
    ...(more <= 0 ? [] : [pc.dim(`  … and ${plural(more, 'more source')} (--format json has more)`)]),
  ];
}

function visitLines({ visits, left_out: left }: Door): readonly string[] {
  const shown = visits.slice(0, MOST_VISITS);
  const more = visits.length - shown.length + left.visits;
  return [
    pc.bold('The latest visits'),
    ...shown.flatMap((visit) => [
      `  ${visit.at.slice(0, 10)} ${visitLine(visit)}`,
      ...(visit.preview === '' ? [] : [pc.dim(`    ${cut(safeText(visit.preview), 100)}`)]),
    ]),
    ...(more <= 0 ? [] : [pc.dim(`  … and ${plural(more, 'earlier visit')} (--limit, --format json)`)]),
  ];
}

function wantOf({ want }: DoorSource): string {
  return [requestText(want), want.host].filter((text) => text !== '' && text !== '–').join(' ');
}

/** @param right how many of the first columns are aligned to the right */
function table(head: readonly string[], rows: readonly (readonly string[])[], right: number): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => cut(safeText(cell), MOST_CELL)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row, index) => {
    const line = row
      .map((cell, column) =>
        column < right ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
    return `  ${index === 0 ? pc.dim(line) : line}`;
  });
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function day(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
