import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pc from 'picocolors';
import type { IngestReport } from '../ingest/report.ts';
import type { StoreService } from '../service/calls.ts';
import { formatSeconds, plural, type Messages } from './messages.ts';
import { ProgressDisplay } from './progress.ts';
import { safeText } from '../model/safe-text.ts';

export interface IngestRun {
  readonly names: readonly string[];
  readonly format: string | null;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** Ingests with progress on stderr; `-` is standard input. Says what was wrong, and returns the report. */
export async function runIngest(
  service: StoreService,
  run: IngestRun,
  messages: Messages,
): Promise<IngestReport> {
  const spool = run.names.includes('-') ? await spoolStdin() : null;
  const names = run.names.map((name) => (name === '-' && spool !== null ? spool.path : name));
  const display = new ProgressDisplay('Ingesting', messages, run.quiet);
  try {
    const report = await service.call(
      'ingest',
      { names, cwd: process.cwd(), format: run.format },
      {
        signal: run.signal,
        onProgress: ({ bytes, records }) => display.update({ done: bytes.done, total: bytes.total, records }),
      },
    );
    display.stop();
    explain(report, messages);
    return report;
  } finally {
    display.stop();
    if (spool !== null) await rm(spool.folder, { recursive: true, force: true });
  }
}

/** 0 if everything was read; 1 if a file or a line could not be. */
export function exitCodeOf(report: IngestReport): number {
  return report.failed_inputs > 0 || report.quarantined > 0 ? 1 : 0;
}

/** Standard input in a file: the store may be another process's, and content is known only as a whole. */
async function spoolStdin(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-stdin-'));
  const path = join(folder, 'stdin');
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
  return { folder, path };
}

const MOST_NAMED = 20;

function explain(report: IngestReport, messages: Messages): void {
  for (const { input, reason } of report.failures.slice(0, MOST_NAMED)) messages.warn(`${input}: ${reason}`);
  if (report.failures.length > MOST_NAMED)
    messages.warn(`and ${plural(report.failures.length - MOST_NAMED, 'more input')} failed`);
  if (report.passed_over.length > 0) {
    const names = report.passed_over.slice(0, MOST_NAMED).map(safeText).join(', ');
    messages.say(
      `Passed over, since they hold no flow logs: ${names}${report.passed_over.length > MOST_NAMED ? ', …' : ''}`,
    );
  }
  const taken = report.inputs - report.skipped_inputs - report.failed_inputs;
  const rate =
    report.seconds > 0
      ? ` (${Math.round(report.records / report.seconds).toLocaleString('en-US')} records a second)`
      : '';
  const mark = taken === 0 && report.failed_inputs > 0 ? pc.red('✗') : pc.green('✓');
  messages.say(
    `${mark} ${plural(taken, 'input')}: ${plural(report.flows, 'flow')} in ${formatSeconds(report.seconds)}${rate}`,
  );
  const also = [
    report.skipped_inputs > 0 ? `${plural(report.skipped_inputs, 'input')} in already` : '',
    report.failed_inputs > 0 ? `${plural(report.failed_inputs, 'input')} failed` : '',
    report.nodata > 0 ? `${plural(report.nodata, 'window')} without data` : '',
    report.skipdata > 0 ? `${plural(report.skipdata, 'window')} whose records AWS lost` : '',
    report.quarantined > 0
      ? `${plural(report.quarantined, 'line')} in quarantine: SELECT * FROM quarantine`
      : '',
  ].filter((text) => text !== '');
  if (also.length > 0) messages.say(`  ${also.join(' · ')}`);
}
