import { isAbsolute } from 'node:path';
import { parseDocumentId } from '../../model/document/parse-document.ts';
import { badQuery, shown } from '../../model/query/bad-query.ts';
import { type JsonObject, readArray, readObject, readText } from '../../model/query/json-reader.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { parseTimeZone } from '../../model/query/parse-time.ts';
import type { Report, ReportContent, Schedule } from '../../reports/scheduled-report.ts';

const MOST_REPORTS = 200;
const MOST_TEXT = 4096;
const keys = [
  'name',
  'findings',
  'dashboard',
  'query',
  'format',
  'every',
  'on',
  'at',
  'timezone',
  'folder',
  'mail',
];
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const periods = ['day', 'week', 'month'] as const;
const formats = {
  findings: ['html', 'pdf'],
  dashboard: ['html', 'pdf'],
  query: ['csv', 'tsv', 'json', 'parquet'],
} as const;

/** Reads the reports of a configuration (docs/reports.md). Throws `bad_query`. */
export function parseReports(json: unknown): readonly Report[] {
  const reports = readArray(json, 'reports', MOST_REPORTS).map((each, i) =>
    parseReport(each, `reports[${i}]`),
  );
  reports.forEach(({ name }, i) => {
    if (reports.findIndex((other) => other.name === name) < i)
      throw badQuery(`reports[${i}].name`, `${name} stands there twice.`);
  });
  return reports;
}

function parseReport(json: unknown, path: string): Report {
  const given = readObject(json, path, keys);
  const name = readText(given['name'], `${path}.name`, 64);
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name))
    throw badQuery(`${path}.name`, 'must be of letters, digits and hyphens: files are called by it.');
  const folder =
    given['folder'] === undefined ? null : readText(given['folder'], `${path}.folder`, MOST_TEXT);
  if (folder !== null && !isAbsolute(folder)) throw badQuery(`${path}.folder`, 'must be an absolute path.');
  const mail = given['mail'] === undefined ? null : readText(given['mail'], `${path}.mail`, MOST_TEXT);
  if (folder === null && mail === null)
    throw badQuery(path, 'goes nowhere: give a "folder", or in "mail" a channel of kind mail.');
  return { name, schedule: parseSchedule(given, path), content: parseContent(given, path), folder, mail };
}

function parseSchedule(given: JsonObject, path: string): Schedule {
  const every = periods.find((each) => each === given['every']);
  if (every === undefined)
    throw badQuery(
      `${path}.every`,
      `must be one of ${periods.join(', ')}, not ${shown(given['every'])}.`,
      periods,
    );
  const at = given['at'] === undefined ? '06:00' : readText(given['at'], `${path}.at`, 5);
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at) ?? [];
  if (hour === undefined) throw badQuery(`${path}.at`, `must be a time such as 06:30, not ${shown(at)}.`);
  const timezone = parseTimeZone(given['timezone']);
  return {
    every,
    on: parseDay(given['on'], every, `${path}.on`),
    hour: Number(hour),
    minute: Number(minute),
    timezone,
  };
}

function parseDay(value: unknown, every: Schedule['every'], path: string): number {
  if (value === undefined) return 1;
  if (every === 'week' && typeof value === 'string' && weekdays.includes(value.toLowerCase()))
    return weekdays.indexOf(value.toLowerCase()) + 1;
  if (every === 'month' && typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 28)
    return value;
  const allowed = { day: 'left out', week: 'a weekday such as monday', month: 'a day from 1 to 28' }[every];
  throw badQuery(path, `must be ${allowed} where a report comes every ${every}, not ${shown(value)}.`);
}

function parseContent(given: JsonObject, path: string): ReportContent {
  const { query } = given;
  const [kind, other] = (['findings', 'dashboard', 'query'] as const).filter(
    (each) => given[each] !== undefined,
  );
  if (kind === undefined)
    throw badQuery(path, 'has nothing in it: say "findings": true, or give a "dashboard" or a "query".');
  if (other !== undefined) throw badQuery(`${path}.${other}`, `can't stand beside "${kind}".`);
  if (kind === 'findings' && given['findings'] !== true) throw badQuery(`${path}.findings`, 'must be true.');
  const format: unknown = given['format'] ?? formats[kind][0];
  const wrong = badQuery(
    `${path}.format`,
    `must be one of ${formats[kind].join(', ')}, not ${shown(format)}.`,
    formats[kind],
  );
  if (kind === 'findings') {
    const known = formats.findings.find((each) => each === format);
    if (known === undefined) throw wrong;
    return { kind, format: known };
  }
  if (kind === 'dashboard') {
    const known = formats.dashboard.find((each) => each === format);
    if (known === undefined) throw wrong;
    const dashboard = readText(given['dashboard'], `${path}.dashboard`, MOST_TEXT);
    try {
      return { kind, format: known, dashboard: parseDocumentId(dashboard) };
    } catch {
      throw badQuery(
        `${path}.dashboard`,
        `must be the id of a dashboard, such as overview, not ${shown(dashboard)}.`,
      );
    }
  }
  const known = formats.query.find((each) => each === format);
  if (known === undefined) throw wrong;
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw badQuery(`${path}.query`, 'must be a query.');
  const json = query as JsonObject;
  // Without a time it is about the report's period, so that it can be compared.
  parseQuery(json['time'] === undefined ? { ...json, time: { last: 'P1D' } } : json);
  return { kind, format: known, query: json };
}
