import pc from 'picocolors';
import type { IngestReport, QuarantineReason } from '../model/ingest-report.ts';
import { safeText } from '../model/safe-text.ts';
import { adviceFor } from './ingest-advice.ts';
import { formatSeconds, plural, type Messages } from './messages.ts';

const MOST_NAMED = 20;
const MOST_CHARACTERS = 160;

const STOPPED = 'Stopped before all of a first batch was in. What was committed stays.';

/**
 * Prints what an ingest did: first the inputs that failed, then what was ingested, then what was left out and why.
 *
 * @param stopped whether it was stopped before its end, so that what is not in says nothing about the source
 */
export function explainIngest(report: IngestReport, messages: Messages, stopped = false): void {
  for (const { input, reason } of report.failures.slice(0, MOST_NAMED))
    messages.warn(reason.startsWith(`${input} `) ? reason : `${input}: ${reason}`);
  if (report.failures.length > MOST_NAMED)
    messages.warn(`and ${plural(report.failures.length - MOST_NAMED, 'more input')} failed`);
  for (const warning of report.warnings ?? []) messages.warn(warning);
  if (report.other_files.length > 0) messages.say(otherFiles(report.other_files));
  messages.say(stopped && report.inputs === 0 ? STOPPED : summary(report));
  const known = report.duplicates - (report.expired ?? 0);
  const also = [
    report.skipped_inputs > 0 ? `${plural(report.skipped_inputs, 'input')} already ingested` : '',
    known > 0 ? `${plural(known, 'record')} already ingested` : '',
    report.failed_inputs > 0 ? `${plural(report.failed_inputs, 'input')} failed` : '',
    report.nodata > 0 ? `${plural(report.nodata, 'window')} without data` : '',
    report.skipdata > 0 ? `${plural(report.skipdata, 'window')} whose records AWS lost` : '',
    report.expired === undefined
      ? ''
      : `${plural(report.expired, 'record')} left out: older than what retention has kept`,
    report.untimed_flows > 0
      ? `${plural(report.untimed_flows, 'flow')} without a time: no question about a time finds them`
      : '',
    report.quarantined > 0
      ? `${plural(report.quarantined, 'line')} in quarantine: SELECT * FROM quarantine`
      : '',
  ].filter((text) => text !== '');
  if (also.length > 0) messages.say(`  ${also.join(' · ')}`);
  const [reason] = report.reasons;
  if (reason !== undefined) messages.say(explainReason(reason, report.quarantined));
}

function summary(report: IngestReport): string {
  const taken = report.inputs - report.skipped_inputs - report.failed_inputs;
  const rate =
    report.seconds > 0
      ? ` (${Math.round((report.records - report.duplicates) / report.seconds).toLocaleString('en-US')} records a second)`
      : '';
  const visits = report.visits > 0 ? ` and ${plural(report.visits, 'visit')}` : '';
  const counted = `${plural(taken, 'input')}: ${plural(report.flows, 'flow')}${visits} in ${formatSeconds(report.seconds)}`;
  if (report.flows + report.nodata + report.skipdata + report.visits > 0)
    return `${pc.green('✓')} ${counted}${rate}`;
  if (report.quarantined > 0 && report.duplicates === 0)
    return `${pc.red('✗')} Nothing ingested: none of ${plural(report.records, 'line')} could be read`;
  if (report.failed_inputs > 0) return `${pc.red('✗')} Nothing ingested`;
  if (report.skipped_inputs + report.duplicates > 0) return `${pc.green('✓')} Nothing new`;
  if (report.inputs === 0) return `${pc.red('✗')} Nothing ingested: there are no flow logs here`;
  return `${pc.yellow('!')} Nothing ingested: ${plural(taken, 'input')} without records`;
}

function otherFiles(files: IngestReport['other_files']): string {
  const named = files.slice(0, MOST_NAMED).map(({ input, kind }) => `${safeText(input)} (${safeText(kind)})`);
  const more = files.length > MOST_NAMED ? `, and ${plural(files.length - MOST_NAMED, 'more file')}` : '';
  return `Skipped (not flow logs): ${named.join(', ')}${more}`;
}

/** The most frequent reason, one line as an example, and what to do. */
function explainReason(
  { reason, records, input, line, text }: QuarantineReason,
  quarantined: number,
): string {
  const share = records === quarantined ? 'Why' : `Why, for ${records.toLocaleString('en-US')} of them`;
  const advice = adviceFor(reason, text);
  const example = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return [
    `  ${share}: ${safeText(reason)}`,
    `  Such as ${safeText(input)}, line ${line}: ${pc.dim(safeText(example))}`,
    ...(advice === null ? [] : [`  ${advice}`]),
  ].join('\n');
}
