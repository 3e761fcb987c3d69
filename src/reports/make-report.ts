import { counted } from '../model/counted.ts';
import { answerTable } from '../export/answer-table.ts';
import { parquetBytes } from '../export/parquet-bytes.ts';
import { delimitedText, jsonText } from '../export/text-formats.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Finding, Knocks } from '../model/knocks/knocks.ts';
import { isSetAside } from '../model/knocks/set-aside.ts';
import type { Answer } from '../model/query/answer.ts';
import { formatInstant } from '../model/query/format-query.ts';
import { htmlReport } from '../report/html-report.ts';
import type { DashboardReport, DashboardSource } from './dashboard/dashboard-report.ts';
import { dayOf, periodOf } from './due-time.ts';
import { printPdf } from './print-pdf.ts';
import type { MadeReport, Report } from './scheduled-report.ts';

/** What reports need. */
export type ReportSource = DashboardSource;

/** How many findings a mail names. */
const MOST_NAMED = 10;

/**
 * Makes a report that was due.
 * @param reported ids of the findings in earlier reports: the others are new and come first
 */
export async function makeReport(
  report: Report,
  due: number,
  reported: ReadonlySet<string>,
  source: ReportSource,
): Promise<MadeReport> {
  const { name, schedule, content } = report;
  const period = periodOf(schedule, due);
  const time = { from: formatInstant(period.from), to: formatInstant(period.to) };
  const file = `${name}-${dayOf(schedule, due)}.${content.format}`;
  const title = `Peephole: ${name}, ${dayOf(schedule, due)}`;
  if (content.kind === 'findings') {
    const knocks = await source.knocks(time);
    const made = await findingsFile(knocks, reported, content.format);
    return { file, title, ...made };
  }
  if (content.kind === 'dashboard') {
    const { from, to } = period;
    const time = { from, to, timezone: schedule.timezone };
    const made = await dashboardFile(content.dashboard, time, reported, content.format, source);
    return { file, title, ...made };
  }
  const { query, format } = content;
  const answer = await source.query({
    timezone: schedule.timezone,
    ...query,
    ...(query['time'] === undefined ? { time } : {}),
  });
  const range = answer.range === null ? 'all data' : `${answer.range.from} to ${answer.range.to}`;
  return {
    file,
    title,
    bytes: await answerFile(answer, format),
    lines: [
      `${counted(answer.rows.length, 'row')}, ${range}.`,
      ...(answer.truncated ? ['A limit of the query cut rows: they are not in the file.'] : []),
    ],
    ids: [],
  };
}

/**
 * A dashboard as a file, new findings first.
 * @param time milliseconds since 1970 UTC; null: as the dashboard opens
 * @param reported ids of the findings in earlier reports; null: findings with the state new are new
 */
export async function dashboardFile(
  id: string,
  time: { readonly from: number; readonly to: number; readonly timezone: string } | null,
  reported: ReadonlySet<string> | null,
  format: 'html' | 'pdf',
  source: ReportSource,
): Promise<Pick<MadeReport, 'bytes' | 'lines' | 'ids'>> {
  const dashboards = (await source.documents('dashboards')) as readonly StoredDocument<'dashboards'>[];
  const dashboard = dashboards.find((each) => each.id === id);
  if (dashboard === undefined) {
    const ids = dashboards.map((each) => each.id).join(', ');
    throw new PeepholeError('not_found', `There is no dashboard ${JSON.stringify(id)}. There are: ${ids}.`);
  }
  // Loaded only when needed: it draws charts.
  const { dashboardReport } = await import('./dashboard/dashboard-report.ts');
  const made = await dashboardReport(dashboard.content, time, reported, source);
  return {
    bytes: await htmlOrPdf(made.html, format),
    lines: dashboardLines(made),
    ids: made.findings.map((finding) => finding.id),
  };
}

function dashboardLines({ range, tiles, failed, findings, fresh }: DashboardReport): readonly string[] {
  return [
    `${counted(tiles, 'tile')}, ${range}.`,
    ...(failed === 0 ? [] : [`${failed} of them could not be asked: they say why.`]),
    ...(findings.length === 0 ? [] : [`${counted(fresh.length, 'new finding')}.`, ...namedFindings(fresh)]),
  ];
}

/** Findings as a file, new ones first. */
export async function findingsFile(
  knocks: Knocks,
  reported: ReadonlySet<string>,
  format: 'html' | 'pdf',
): Promise<Pick<MadeReport, 'bytes' | 'lines' | 'ids'>> {
  const html = htmlReport(knocks, reported);
  const findings = knocks.findings.filter((finding) => !isSetAside(finding));
  const fresh = findings.filter(({ id }) => !reported.has(id));
  return {
    bytes: await htmlOrPdf(html, format),
    lines: [
      `${fresh.length} new findings, ${findings.length - fresh.length} that were reported before.`,
      ...namedFindings(fresh),
      ...knocks.notes,
    ],
    ids: knocks.findings.map(({ id }) => id),
  };
}

async function htmlOrPdf(html: string, format: 'html' | 'pdf'): Promise<Uint8Array> {
  return format === 'pdf' ? printPdf(html) : new TextEncoder().encode(html);
}

/** The first findings of several, for the text of a mail. */
function namedFindings(findings: readonly Finding[]): readonly string[] {
  const named = findings
    .slice(0, MOST_NAMED)
    .map(({ kind, summary }) => `- ${kindWords[kind].name}: ${summary}`);
  const left = findings.length - named.length;
  return [...named, ...(left > 0 ? [`… and ${left} more.`] : [])];
}

/** An answer as a file. */
export async function answerFile(
  answer: Answer,
  format: 'csv' | 'tsv' | 'json' | 'parquet',
): Promise<Uint8Array> {
  const table = answerTable(answer);
  const parts: Uint8Array[] = [];
  const pieces =
    format === 'parquet'
      ? parquetBytes(table)
      : format === 'json'
        ? jsonText(table)
        : delimitedText(table, format === 'csv' ? ',' : '\t');
  for await (const piece of pieces) parts.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(parts);
}
