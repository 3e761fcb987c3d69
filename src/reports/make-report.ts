import { answerTable } from '../export/answer-table.ts';
import { parquetBytes } from '../export/parquet-bytes.ts';
import { delimitedText, jsonText } from '../export/text-formats.ts';
import { kindWords } from '../model/knocks/finding-kinds.ts';
import type { Knocks } from '../model/knocks/knocks.ts';
import { isSetAside } from '../model/knocks/set-aside.ts';
import type { Answer } from '../model/query/answer.ts';
import { formatInstant } from '../model/query/format-query.ts';
import { htmlReport } from '../report/html-report.ts';
import { dayOf, periodOf } from './due-time.ts';
import { printPdf } from './print-pdf.ts';
import type { MadeReport, Report } from './report.ts';

/** What reports are made from. */
export interface ReportSource {
  query(query: unknown): Promise<Answer>;
  knocks(time: Readonly<Record<string, string>>): Promise<Knocks>;
}

/** Findings that a mail names. */
const MOST_NAMED = 10;

/**
 * Makes a report that was due.
 * @param told ids of the findings that earlier ones told: the others are new and come first
 */
export async function makeReport(
  report: Report,
  due: number,
  told: ReadonlySet<string>,
  source: ReportSource,
): Promise<MadeReport> {
  const { name, schedule, content } = report;
  const period = periodOf(schedule, due);
  const time = { from: formatInstant(period.from), to: formatInstant(period.to) };
  const file = `${name}-${dayOf(schedule, due)}.${content.format}`;
  const title = `Peephole: ${name}, ${dayOf(schedule, due)}`;
  if (content.kind === 'findings') {
    const knocks = await source.knocks(time);
    const made = await findingsFile(knocks, told, content.format);
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
      `${answer.rows.length} rows, ${range}.`,
      ...(answer.truncated ? ['A limit of the query cut rows: they are not in the file.'] : []),
    ],
    ids: [],
  };
}

/** Findings as a file, what is new first. */
export async function findingsFile(
  knocks: Knocks,
  told: ReadonlySet<string>,
  format: 'html' | 'pdf',
): Promise<Pick<MadeReport, 'bytes' | 'lines' | 'ids'>> {
  const html = htmlReport(knocks, told);
  const findings = knocks.findings.filter((finding) => !isSetAside(finding));
  const fresh = findings.filter(({ id }) => !told.has(id));
  const named = fresh
    .slice(0, MOST_NAMED)
    .map(({ kind, summary }) => `- ${kindWords[kind].name}: ${summary}`);
  return {
    bytes: format === 'pdf' ? await printPdf(html) : new TextEncoder().encode(html),
    lines: [
      `${fresh.length} new findings, ${findings.length - fresh.length} that were reported before.`,
      ...named,
      ...(fresh.length > named.length ? [`… and ${fresh.length - named.length} more.`] : []),
      ...knocks.notes,
    ],
    ids: knocks.findings.map(({ id }) => id),
  };
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
