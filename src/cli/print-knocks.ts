import pc from 'picocolors';
import type { Finding, KnockSource, Knocks, FindingWithState } from '../model/knocks/knocks.ts';
import { amountText, countedNoun, isInFull } from '../model/knocks/finding-words.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import { safeText } from '../model/safe-text.ts';
import { plural } from './messages.ts';
import { wrap } from './wrap-text.ts';
import { countStates, isSetAside } from '../model/knocks/set-aside.ts';
import { noteText, stateLines, stateText } from './print-states.ts';
import { intervalText } from '../model/time/interval.ts';

const MOST_SOURCES = 20;
/** Scans and the like beyond so many are only counted. */
const MOST_OF_A_KIND = 10;

/**
 * An investigation for a terminal: what matters most first.
 *
 * @param mostOfAKind the most findings of a kind such as scans to print; the rest are only counted
 */
export function formatKnocks(
  { range, range_investigated: investigated, totals, findings: all, notes, rest }: Knocks,
  mostOfAKind = MOST_OF_A_KIND,
): string {
  if (range === null && notes.length > 0)
    return `${plural(totals.flows, 'flow')}, ${totals.rejected_flows.toLocaleString('en-US')} of them rejected. ${notes.join(' ')}\n`;
  if (range === null) return 'The store is empty. Ingest flow logs with: peephole ingest PATH…\n';
  const findings = all.filter((finding) => !isSetAside(finding));
  const setAside = setAsideLines(all.filter(isSetAside));
  const share = totals.rejected_share === null ? '' : ` (${(totals.rejected_share * 100).toFixed(1)} %)`;
  const head = [
    pc.bold(`Who is knocking, ${day(range.from)} to ${day(range.to)}`),
    `${plural(totals.flows, 'flow')}, ${number(totals.rejected_flows)} of them rejected${share}.`,
    ...notes.flatMap((note) => wrap(note, `${pc.yellow('!')} `, '  ')),
    '',
  ];
  if (findings.length === 0)
    return [
      ...head,
      ...(investigated === null
        ? []
        : [
            all.length === 0 ? 'No findings.' : 'No findings except those that were set aside.',
            ...setAside,
            ...(rest.length === 0 ? [] : ['', ...restLines(rest)]),
            '',
          ]),
    ].join('\n');
  const shown = new Map<Finding['kind'], number>();
  const body = findings.flatMap((finding) => {
    if (isInFull(finding)) return [...tell(finding), ''];
    const before = shown.get(finding.kind) ?? 0;
    shown.set(finding.kind, before + 1);
    return before >= mostOfAKind ? [] : [...tell(finding), ''];
  });
  const left = [...shown].flatMap(([kind, count]) =>
    count > mostOfAKind
      ? [
          pc.dim(
            `… and ${count - mostOfAKind} more of: ${kindWords[kind].name.toLowerCase()} (--format json has all)`,
          ),
        ]
      : [],
  );
  return (
    [
      ...head,
      ...body,
      ...left,
      ...(left.length === 0 ? [] : ['']),
      ...setAside.slice(1),
      ...(setAside.length === 0 ? [] : ['']),
      ...restLines(rest),
    ]
      .join('\n')
      .trimEnd() + '\n'
  );
}

/** Findings that somebody decided about, a few lines each; preceded by an empty line. */
function setAsideLines(findings: readonly FindingWithState[]): readonly string[] {
  if (findings.length === 0) return [];
  return [
    '',
    pc.bold(`Set aside: ${countStates(findings)}`),
    ...findings.flatMap((finding) => stateLines(finding).map((line) => `  ${line}`)),
  ];
}

/** Rejected flows that no finding accounts for. */
function restLines(rest: Knocks['rest']): readonly string[] {
  if (rest.length === 0) return [];
  const width = Math.max(...rest.map(({ flows }) => number(flows).length));
  return [
    pc.bold('Other rejected flows'),
    ...rest.map(({ what, flows, sources }) => {
      const from = sources === 0 ? '' : pc.dim(` (${plural(sources, 'source')})`);
      return `  ${number(flows).padStart(width)}  ${what}${from}`;
    }),
  ];
}

function tell(finding: FindingWithState): readonly string[] {
  const { reason, note, solved_by: solvedBy } = finding.state_info;
  const title = `${score(finding.score)} ${pc.bold(kindWords[finding.kind].name)}  ${pc.dim(safeText(finding.id))}  ${stateText(finding)}`;
  const lines = [
    title,
    ...wrap(safeText(finding.summary), '  '),
    ...(reason === null ? [] : wrap(safeText(reason), `  ${pc.yellow('!')} `, '    ')),
    ...(note === null
      ? []
      : solvedBy === 'visits'
        ? wrap(safeText(note), `  ${pc.green('✓')} `, '    ')
        : [`  ${noteText(note)}`]),
  ];
  if (!isInFull(finding)) return lines;
  const strip = hourStrip(finding.hourly);
  const facts = finding.evidence.filter(({ query }) => query === null);
  return [
    ...lines,
    ...(strip === null ? [] : [`  ${strip}`]),
    ...finding.amounts.flatMap((amount) => wrap(safeText(`${amountText(amount)} ${amount.text}`), '  ')),
    ...sourceTable(finding.sources, countedNoun(finding)),
    ...(finding.source_count > MOST_SOURCES
      ? [pc.dim(`  … and ${plural(finding.source_count - MOST_SOURCES, 'more source')}`)]
      : []),
    ...facts.flatMap(({ text }) => wrap(safeText(text), '  ')),
    ...wrap(safeText(finding.next_step), `  ${pc.cyan('→')} `, '    '),
  ];
}

function sourceTable(sources: readonly KnockSource[], noun: string): readonly string[] {
  const head = ['source', `${noun}s`, 'per hour', 'every', 'first seen', 'last seen', 'from'];
  const rows = sources
    .slice(0, MOST_SOURCES)
    .map((source) => [
      source.address,
      number(source.attempts),
      source.per_hour === null
        ? '–'
        : source.per_hour.min === source.per_hour.max
          ? String(source.per_hour.min)
          : `${source.per_hour.min}–${source.per_hour.max}`,
      source.interval_seconds === null ? '–' : intervalText(source.interval_seconds),
      day(source.first_seen),
      day(source.last_seen),
      [source.name, source.country, source.as_name].filter((text) => text !== null).join(' '),
    ]);
  const cells = [head, ...rows].map((row) => row.map(safeText));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row, index) => {
    const line = row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column >= 1 && column <= 3 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
    return `  ${index === 0 ? pc.dim(line) : line}`;
  });
}

const bars = ' ▁▂▃▄▅▆▇█';
const STRIP = 72;

/** Attempts over time in one line; yellow where hours are unknown, `·` where nothing was seen in them. */
function hourStrip({ attempts, unknown }: Finding['hourly']): string | null {
  if (attempts.length < 3) return null;
  const step = Math.ceil(attempts.length / STRIP);
  const pieces: (number | null)[] = [];
  for (let at = 0; at < attempts.length; at += step) {
    const known = attempts.slice(at, at + step).filter((value) => value !== null);
    pieces.push(known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length);
  }
  const most = Math.max(1, ...pieces.map((value) => value ?? 0));
  const doubtful = new Set(unknown.map((at) => Math.floor(at / step)));
  const drawn = pieces.map((value, index) => {
    const bar = value === null || value === 0 ? '' : bars[Math.max(1, Math.round((value / most) * 8))];
    return doubtful.has(index) ? pc.yellow(bar || '·') : bar || ' ';
  });
  return `${pc.dim('▕')}${drawn.join('')}${pc.dim('▏')} ${pc.dim(step === 1 ? '1 hour per bar' : `${step} hours per bar`)}`;
}

function score(value: number): string {
  const text = ` ${value.toFixed(2)} `;
  if (value >= 0.6) return pc.inverse(pc.red(text));
  return value >= 0.35 ? pc.inverse(pc.yellow(text)) : pc.inverse(text);
}

function day(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
